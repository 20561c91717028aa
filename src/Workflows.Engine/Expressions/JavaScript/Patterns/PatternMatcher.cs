using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>Runs a regular expression over a text for one evaluation.</summary>
/// <remarks>
/// What can go wrong: (a+)+b tries an exponential number of ways. Two rules prevent it. Every instruction counts, as a step of
/// the evaluation and against the time of one match. And a match that takes long is begun again with instructions for which
/// a place in the pattern and a position in the text tell all that can follow: a way that was gone once leads nowhere the
/// second time, so the time is bounded by pattern × text. Patterns with backreferences have only the first rule.
/// <para>
/// The stack of ways still open is an array of our own, charged to the memory of the evaluation: long texts cannot overflow
/// the thread's stack. Only conditions such as (?=...) call the loop again, as deep as they are nested in the pattern.
/// </para>
/// </remarks>
internal sealed class PatternMatcher(Evaluation e, PatternProgram program)
{
    private const int FrameSize = 4;
    private const int OpsBetweenChecks = 1024;
    private const int PatientOps = 50_000;
    private const long MaxVisitedBits = 32L * 1024 * 1024;

    private readonly bool _unicode = program.Flags.Unicode;
    private readonly bool _ignoreCase = program.Flags.IgnoreCase;
    private PatternCode _code = program.Fast;
    private int[] _slots = [];
    private int[] _frames = [];
    private int _top;
    private string _text = "";
    private ulong[] _visited = [];
    private bool _remembers;
    private bool _impatient;
    private int _ops;
    private long _allOps;
    private long _end;

    private enum Frame
    {
        Way,
        Restore,
        GiveBack,
        TakeMore,
        CountMore,
    }

    /// <summary>
    /// Starts and ends of the groups, -1 for those that took no part; valid until the next match. Null when there is no match
    /// at <paramref name="from"/> or, unless sticky, after it.
    /// </summary>
    public int[]? Match(string text, int from)
    {
        _text = text;
        _allOps = _ops = 0;
        _end = 0;
        _code = program.Fast;
        _remembers = _impatient = false;
        e.Step();
        Prepare();
        for (var start = from; (start = NextStart(start, from)) >= 0; start++)
        {
            if (TryAt(start))
            {
                e.Step(_ops);
                return _slots;
            }

            if (program.Flags.Sticky)
                break;
            if (_unicode && start + 1 < text.Length && char.IsHighSurrogate(text[start]) && char.IsLowSurrogate(text[start + 1]))
                start++;
        }

        e.Step(_ops);
        return null;
    }

    private bool TryAt(int start)
    {
        _slots[0] = start;
        var end = Run(0, start);
        if (_impatient)
        {
            Remember();
            _slots[0] = start;
            end = Run(0, start);
        }

        _slots[1] = end;
        if (end < 0)
            return false;
        _top = 0;
        return true;
    }

    private int NextStart(int start, int from)
    {
        if (start > _text.Length || (start > 0 && start > from && _code.StartsAtStart))
            return -1;
        if (_code.First is not { } first || program.Flags.Sticky)
            return start;
        for (; start < _text.Length; start++)
        {
            if (++_ops >= OpsBetweenChecks)
                Flush();
            var c = (int)_text[start];
            if (_unicode && char.IsHighSurrogate((char)c) && start + 1 < _text.Length && char.IsLowSurrogate(_text[start + 1]))
                c = char.ConvertToUtf32((char)c, _text[start + 1]);
            if (first.Contains(c))
                return start;
            if (c > 0xFFFF)
                start++;
        }

        return -1;
    }

    private void Prepare()
    {
        if (_slots.Length < _code.Slots)
        {
            e.Allocate(4 * _code.Slots);
            _slots = new int[_code.Slots];
        }

        Array.Fill(_slots, -1);
        _top = 0;
    }

    // From here on ways are remembered. It pays only for matches that take long, so it starts with the second try.
    private void Remember()
    {
        _impatient = false;
        var bits = (_text.Length + 1L) * (program.Safe.Value?.Splits ?? MaxVisitedBits);
        if (bits <= MaxVisitedBits)
        {
            var words = (int)(bits / 64) + 1;
            if (_visited.Length < words)
            {
                e.Allocate(8L * words);
                _visited = new ulong[words];
            }
            else
            {
                Array.Clear(_visited);
            }

            _code = program.Safe.Value!;
            _remembers = true;
        }

        _slots = _slots.Length < _code.Slots ? [] : _slots;
        Prepare();
    }

    private void Flush()
    {
        _allOps += _ops;
        e.Step(_ops);
        _ops = 0;

        // Most matches end before the first look at the clock.
        if (_end == 0)
            _end = Stopwatch.GetTimestamp() + (long)(e.Limits.RegexTime.TotalSeconds * Stopwatch.Frequency);
        else if (Stopwatch.GetTimestamp() > _end)
            throw new ExpressionError($"超出正则表达式时间上限 {e.Limits.RegexTime.TotalMilliseconds:0} 毫秒 (regular expression time limit exceeded)");
    }

    // The position where the match that begins here ends; -1 when there is none, and then all slots are as before.
    private int Run(int pc, int at, bool inLook = false)
    {
        var bottom = _top;
        var ops = _code.Ops;
        while (true)
        {
            if (++_ops >= OpsBetweenChecks)
            {
                Flush();
                if (_allOps > PatientOps && !_remembers && !inLook && !_impatient && bottom == 0 && program.Safe.Value is not null && _allOps > 4L * _text.Length)
                {
                    _impatient = true;
                    _top = 0;
                    return -1;
                }
            }

            ref readonly var op = ref ops[pc];
            bool ok;
            switch (op.Code)
            {
                case OpCode.One:
                    ok = TryOne(in op, ref at);
                    pc++;
                    break;
                case OpCode.Many:
                    ok = TryMany(in op, pc, ref at);
                    pc++;
                    break;
                case OpCode.Few:
                    var taken = 0;
                    while (taken < op.A && TryOne(in op, ref at))
                        taken++;
                    _ops += taken;
                    ok = taken == op.A;
                    if (ok && op.B > op.A)
                        Push(Frame.TakeMore, pc, at, taken);
                    pc++;
                    break;
                case OpCode.Split:
                    ok = !_remembers || inLook || IsNew(op.C, at);
                    if (!ok)
                        break;
                    Push(Frame.Way, op.IsLazy ? op.A : op.B, at);
                    pc = op.IsLazy ? op.B : op.A;
                    break;
                case OpCode.Jump:
                    ok = true;
                    pc = op.A;
                    break;
                case OpCode.Save:
                    ok = true;
                    SetSlot(op.A, at);
                    pc++;
                    break;
                case OpCode.Forget:
                    ok = true;
                    for (var slot = op.A; slot < op.B; slot++)
                        SetSlot(slot, -1);
                    pc++;
                    break;
                case OpCode.MustMove:
                    ok = _slots[op.A] != at;
                    pc++;
                    break;
                case OpCode.CountFrom:
                    ok = true;
                    SetSlot(op.A, 0);
                    pc++;
                    break;
                case OpCode.Count:
                    ok = true;
                    pc = Count(in op, pc, at);
                    break;
                case OpCode.MustMoveAbove:
                    ok = _slots[op.A] != at || _slots[op.B] <= op.Min;
                    pc++;
                    break;
                case OpCode.Assert:
                    ok = Holds(op.Assertion, at);
                    pc++;
                    break;
                case OpCode.Back:
                    ok = TryBack(in op, ref at);
                    pc++;
                    break;
                case OpCode.Look:
                    ok = Look(pc, at, op.IsNegated);
                    pc = op.B;
                    break;
                default:
                    return at;
            }

            if (!ok && !Resume(bottom, ref pc, ref at))
                return -1;
        }
    }

    // Goes back to the last way still open, undoing what was stored since.
    private bool Resume(int bottom, ref int pc, ref int at)
    {
        while (_top > bottom)
        {
            _top -= FrameSize;
            var (kind, where, position, rest) = ((Frame)_frames[_top], _frames[_top + 1], _frames[_top + 2], _frames[_top + 3]);
            switch (kind)
            {
                case Frame.Restore:
                    _slots[where] = position;
                    continue;
                case Frame.Way:
                    (pc, at) = (where, position);
                    return true;
                case Frame.GiveBack:
                    ref readonly var many = ref _code.Ops[where];
                    at = position;
                    StepBack(ref at, rest, many.IsBackward);
                    if (at != rest)
                        Push(Frame.GiveBack, where, at, rest);
                    pc = where + 1;
                    return true;
                case Frame.TakeMore:
                    ref readonly var few = ref _code.Ops[where];
                    at = position;
                    if (!TryOne(in few, ref at))
                        continue;
                    if (rest + 1 < few.B)
                        Push(Frame.TakeMore, where, at, rest + 1);
                    pc = where + 1;
                    return true;
                default:
                    at = position;
                    SetSlot(_code.Ops[where].A, _slots[_code.Ops[where].A] + 1);
                    pc = where + 1;
                    return true;
            }
        }

        return false;
    }

    private bool TryMany(in Op op, int pc, ref int at)
    {
        var taken = 0;
        while (taken < op.A && TryOne(in op, ref at))
            taken++;
        _ops += taken / 4;
        if (taken < op.A)
            return false;
        var least = at;
        for (; taken < op.B && TryOne(in op, ref at); taken++)
        {
            if (++_ops >= OpsBetweenChecks)
                Flush();
        }

        if (at != least)
            Push(Frame.GiveBack, pc, at, least);
        return true;
    }

    private void StepBack(ref int at, int least, bool backward)
    {
        if (backward)
        {
            at += _unicode && at + 2 <= least && char.IsHighSurrogate(_text[at]) && char.IsLowSurrogate(_text[at + 1]) ? 2 : 1;
            return;
        }

        at -= _unicode && at - 2 >= least && char.IsLowSurrogate(_text[at - 1]) && char.IsHighSurrogate(_text[at - 2]) ? 2 : 1;
    }

    private int Count(in Op op, int pc, int at)
    {
        var rounds = _slots[op.A];
        if (rounds >= op.Max)
            return op.B;
        if (rounds >= op.Min)
        {
            if (op.IsLazy)
            {
                Push(Frame.CountMore, pc, at);
                return op.B;
            }

            Push(Frame.Way, op.B, at);
        }

        SetSlot(op.A, rounds + 1);
        return pc + 1;
    }

    private bool Look(int pc, int at, bool isNegative)
    {
        var bottom = _top;
        var found = Run(pc + 1, at, inLook: true) >= 0;
        if (!found)
            return isNegative;
        if (isNegative)
        {
            while (_top > bottom)
            {
                _top -= FrameSize;
                if ((Frame)_frames[_top] == Frame.Restore)
                    _slots[_frames[_top + 1]] = _frames[_top + 2];
            }

            return false;
        }

        // Its other ways are not tried again, but what it stored must be undone when this way fails.
        var kept = bottom;
        for (var frame = bottom; frame < _top; frame += FrameSize)
        {
            if ((Frame)_frames[frame] != Frame.Restore)
                continue;
            Array.Copy(_frames, frame, _frames, kept, FrameSize);
            kept += FrameSize;
        }

        _ops += (_top - bottom) / FrameSize;
        _top = kept;
        return true;
    }

    private bool TryOne(in Op op, ref int at)
    {
        int c;
        int next;
        if (op.IsBackward)
        {
            if (at == 0)
                return false;
            next = at - 1;
            c = _text[next];
            if (_unicode && next > 0 && char.IsLowSurrogate((char)c) && char.IsHighSurrogate(_text[next - 1]))
                c = char.ConvertToUtf32(_text[--next], (char)c);
        }
        else
        {
            if (at >= _text.Length)
                return false;
            next = at + 1;
            c = _text[at];
            if (_unicode && next < _text.Length && char.IsHighSurrogate((char)c) && char.IsLowSurrogate(_text[next]))
                c = char.ConvertToUtf32((char)c, _text[next++]);
        }

        if (op.Set is null ? (_ignoreCase ? CharFolding.Canonical(c, _unicode) : c) != op.Char : Has(op.Set, c) == op.IsNegated)
            return false;
        at = next;
        return true;
    }

    private bool Has(CharSet set, int c)
    {
        if (set.Contains(c))
            return true;
        if (!_ignoreCase || CharFolding.Same(c, _unicode) is not { } same)
            return false;
        foreach (var other in same)
        {
            if (set.Contains(other))
                return true;
        }

        return false;
    }

    private bool TryBack(in Op op, ref int at)
    {
        var (start, end) = (_slots[2 * op.A], _slots[(2 * op.A) + 1]);
        if (start < 0 || end < 0)
            return true;
        var length = end - start;
        var from = op.IsBackward ? at - length : at;
        if (from < 0 || from + length > _text.Length)
            return false;
        _ops += length / 4;
        for (var i = 0; i < length; i++)
        {
            if (!AreSame(start + i, from + i))
                return false;
        }

        at = op.IsBackward ? from : from + length;
        return true;
    }

    private bool AreSame(int left, int right) =>
        _text[left] == _text[right] || (_ignoreCase && CharFolding.Canonical(_text[left], _unicode) == CharFolding.Canonical(_text[right], _unicode));

    private bool Holds(AssertionKind kind, int at) => kind switch
    {
        AssertionKind.Start => at == 0 || (program.Flags.Multiline && CharSet.LineEnds.Contains(_text[at - 1])),
        AssertionKind.End => at == _text.Length || (program.Flags.Multiline && CharSet.LineEnds.Contains(_text[at])),
        AssertionKind.WordBoundary => IsWord(at - 1) != IsWord(at),
        _ => IsWord(at - 1) == IsWord(at),
    };

    private bool IsWord(int at) =>
        at >= 0 && at < _text.Length && (CharSet.Word.Contains(_text[at]) || (_unicode && _ignoreCase && _text[at] is '\u017F' or '\u212A'));

    private bool IsNew(int split, int at)
    {
        var bit = ((long)split * (_text.Length + 1)) + at;
        ref var word = ref _visited[bit >> 6];
        var mask = 1UL << (int)(bit & 63);
        if ((word & mask) != 0)
            return false;
        word |= mask;
        return true;
    }

    private void SetSlot(int slot, int value)
    {
        if (_slots[slot] == value)
            return;
        Push(Frame.Restore, slot, _slots[slot]);
        _slots[slot] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(Frame kind, int where, int position, int rest = 0)
    {
        if (_top == _frames.Length)
            Grow();
        var frames = _frames;
        frames[_top] = (int)kind;
        frames[_top + 1] = where;
        frames[_top + 2] = position;
        frames[_top + 3] = rest;
        _top += FrameSize;
    }

    private void Grow()
    {
        var size = Math.Max(16 * FrameSize, _frames.Length * 2);
        e.Allocate(4L * (size - _frames.Length));
        Array.Resize(ref _frames, size);
    }
}
