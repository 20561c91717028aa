namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>Makes instructions out of a pattern.</summary>
internal sealed class PatternCompiler
{
    private const int MaxUnrolledSize = 64;
    private const int MaxSafeOps = 4000;

    private readonly PatternFlags _flags;
    private readonly bool _safe;
    private readonly List<Op> _ops = [];
    private int _slots;
    private int _splits;
    private bool _tooLong;

    private PatternCompiler(PatternFlags flags, int groupCount, bool safe)
    {
        _flags = flags;
        _safe = safe;
        _slots = 2 * (groupCount + 1);
    }

    /// <summary>Throws <see cref="PatternException"/> for a pattern that is not valid.</summary>
    public static PatternProgram Compile(string source, string flagText)
    {
        var flags = PatternFlags.Parse(flagText);
        var (root, groups, names) = PatternParser.Parse(source, flags.Unicode, flags.DotAll);
        var fast = new PatternCompiler(flags, groups, safe: false).Code(root);
        var safe = new Lazy<PatternCode?>(() =>
        {
            if (HasBackreference(root))
                return null;
            var compiler = new PatternCompiler(flags, groups, safe: true);
            var code = compiler.Code(root);
            return compiler._tooLong ? null : code;
        });
        return new PatternProgram(source, flags, groups, names, fast, safe);
    }

    private PatternCode Code(PatternNode root)
    {
        Emit(root, false);
        _ops.Add(new Op { Code = OpCode.Match });
        return new PatternCode([.. _ops], _slots, _splits, _flags.IgnoreCase ? null : First(root), !_flags.Multiline && StartsAtStart(root));
    }

    private void Emit(PatternNode node, bool backward)
    {
        // Unrolling multiplies: past the bound nothing more is written, and the result is thrown away.
        _tooLong |= _safe && _ops.Count > MaxSafeOps;
        if (_tooLong)
            return;
        switch (node)
        {
            case PatternNode.Character or PatternNode.Set:
                _ops.Add(One(node, OpCode.One, backward));
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in backward ? sequence.Parts.Reverse() : sequence.Parts)
                    Emit(part, backward);
                break;
            case PatternNode.Choice choice:
                EmitChoice(choice, backward);
                break;
            case PatternNode.Group group:
                Add(OpCode.Save, (2 * group.Number) + (backward ? 1 : 0));
                Emit(group.Body, backward);
                Add(OpCode.Save, (2 * group.Number) + (backward ? 0 : 1));
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat, backward);
                break;
            case PatternNode.Look look:
                var at = _ops.Count;
                _ops.Add(new Op { Code = OpCode.Look, IsNegated = look.IsNegative });
                Emit(look.Body, look.IsBehind);
                _ops.Add(new Op { Code = OpCode.Match });
                Change(at, static (ref op, end) => op.B = end, _ops.Count);
                break;
            case PatternNode.Backreference back:
                _ops.Add(new Op { Code = OpCode.Back, A = back.Number, IsBackward = backward });
                break;
            case PatternNode.Assertion assertion:
                _ops.Add(new Op { Code = OpCode.Assert, Assertion = assertion.Kind });
                break;
        }
    }

    private Op One(PatternNode node, OpCode code, bool backward) => node is PatternNode.Set set
        ? new Op { Code = code, Set = set.Members, IsNegated = set.IsNegated, IsBackward = backward }
        : new Op { Code = code, Char = Canonical(((PatternNode.Character)node).Value), IsBackward = backward };

    private int Canonical(int c) => _flags.IgnoreCase ? CharFolding.Canonical(c, _flags.Unicode) : c;

    private void EmitChoice(PatternNode.Choice choice, bool backward)
    {
        var ends = new List<int>();
        for (var i = 0; i < choice.Ways.Count; i++)
        {
            var isLast = i == choice.Ways.Count - 1;
            var split = _ops.Count;
            if (!isLast)
                AddSplit(isLazy: false);
            Emit(choice.Ways[i], backward);
            if (isLast)
                break;
            ends.Add(_ops.Count);
            Add(OpCode.Jump, 0);
            Change(split, static (ref op, next) => op.B = next, _ops.Count);
        }

        foreach (var end in ends)
            Change(end, static (ref op, next) => op.A = next, _ops.Count);
    }

    private void EmitRepeat(PatternNode.Repeat repeat, bool backward)
    {
        if (repeat.Max == 0)
            return;
        if (repeat.Body is PatternNode.Character or PatternNode.Set && !_safe)
        {
            var op = One(repeat.Body, repeat.IsLazy ? OpCode.Few : OpCode.Many, backward);
            (op.A, op.B) = (repeat.Min, repeat.Max);
            _ops.Add(op);
            return;
        }

        // Unrolled repeats inside unrolled repeats multiply, so only small ones are; * is always small, its body stands once.
        if (_safe || repeat is { Min: 0, Max: 1 or int.MaxValue } || Size(repeat) <= MaxUnrolledSize)
            EmitUnrolled(repeat, backward);
        else
            EmitCounted(repeat, backward);
    }

    private void EmitUnrolled(PatternNode.Repeat repeat, bool backward)
    {
        for (var i = 0; i < repeat.Min && !_tooLong; i++)
            EmitRound(repeat, backward, mustMove: false);
        if (repeat.Max == int.MaxValue)
        {
            var split = AddSplit(repeat.IsLazy);
            EmitRound(repeat, backward, mustMove: true);
            Add(OpCode.Jump, split);
            Change(split, static (ref op, end) => op.B = end, _ops.Count);
            return;
        }

        var splits = new List<int>();
        for (var i = repeat.Min; i < repeat.Max && !_tooLong; i++)
        {
            splits.Add(AddSplit(repeat.IsLazy));
            EmitRound(repeat, backward, mustMove: true);
        }

        foreach (var split in splits)
            Change(split, static (ref op, end) => op.B = end, _ops.Count);
    }

    private void EmitRound(PatternNode.Repeat repeat, bool backward, bool mustMove)
    {
        EmitForget(repeat);
        if (!mustMove || !CanBeEmpty(repeat.Body))
        {
            Emit(repeat.Body, backward);
            return;
        }

        var mark = _slots++;
        Add(OpCode.Save, mark);
        Emit(repeat.Body, backward);
        Add(OpCode.MustMove, mark);
    }

    private void EmitCounted(PatternNode.Repeat repeat, bool backward)
    {
        var (counter, mark) = (_slots++, _slots++);
        Add(OpCode.CountFrom, counter);
        var loop = _ops.Count;
        _ops.Add(new Op { Code = OpCode.Count, A = counter, Min = repeat.Min, Max = repeat.Max, IsLazy = repeat.IsLazy });
        EmitForget(repeat);
        var canBeEmpty = CanBeEmpty(repeat.Body);
        if (canBeEmpty)
            Add(OpCode.Save, mark);
        Emit(repeat.Body, backward);
        if (canBeEmpty)
            _ops.Add(new Op { Code = OpCode.MustMoveAbove, A = mark, B = counter, Min = repeat.Min });
        Add(OpCode.Jump, loop);
        Change(loop, static (ref op, end) => op.B = end, _ops.Count);
    }

    private void EmitForget(PatternNode.Repeat repeat)
    {
        if (repeat.EndGroup > repeat.FirstGroup)
            _ops.Add(new Op { Code = OpCode.Forget, A = 2 * repeat.FirstGroup, B = 2 * repeat.EndGroup });
    }

    private delegate void Changing(ref Op op, int value);

    private void Change(int at, Changing change, int value)
    {
        if (at >= _ops.Count)
            return;
        var op = _ops[at];
        change(ref op, value);
        _ops[at] = op;
    }

    private void Add(OpCode code, int a) => _ops.Add(new Op { Code = code, A = a });

    // Tries what stands behind first, or B first when lazy. B is filled in later.
    private int AddSplit(bool isLazy)
    {
        _ops.Add(new Op { Code = OpCode.Split, A = _ops.Count + 1, C = _splits++, IsLazy = isLazy });
        return _ops.Count - 1;
    }

    private static int Size(PatternNode node)
    {
        long size = node switch
        {
            PatternNode.Sequence sequence => sequence.Parts.Sum(p => (long)Size(p)),
            PatternNode.Choice choice => choice.Ways.Sum(p => (long)Size(p) + 2),
            PatternNode.Group group => Size(group.Body) + 2,
            PatternNode.Look look => Size(look.Body) + 2,
            PatternNode.Repeat { Body: PatternNode.Character or PatternNode.Set } => 1,
            PatternNode.Repeat repeat => (Size(repeat.Body) + 4L) * (repeat.Max == int.MaxValue ? repeat.Min + 1L : repeat.Max),
            _ => 1,
        };
        return (int)Math.Min(size, int.MaxValue);
    }

    private static bool HasBackreference(PatternNode node) => node switch
    {
        PatternNode.Backreference => true,
        PatternNode.Sequence sequence => sequence.Parts.Any(HasBackreference),
        PatternNode.Choice choice => choice.Ways.Any(HasBackreference),
        PatternNode.Group group => HasBackreference(group.Body),
        PatternNode.Repeat repeat => HasBackreference(repeat.Body),
        PatternNode.Look look => HasBackreference(look.Body),
        _ => false,
    };

    private static bool CanBeEmpty(PatternNode node) => node switch
    {
        PatternNode.Character or PatternNode.Set => false,
        PatternNode.Sequence sequence => sequence.Parts.All(CanBeEmpty),
        PatternNode.Choice choice => choice.Ways.Any(CanBeEmpty),
        PatternNode.Group group => CanBeEmpty(group.Body),
        PatternNode.Repeat repeat => repeat.Min == 0 || CanBeEmpty(repeat.Body),
        _ => true,
    };

    private static bool StartsAtStart(PatternNode node) => node switch
    {
        PatternNode.Assertion assertion => assertion.Kind == AssertionKind.Start,
        PatternNode.Sequence sequence => sequence.Parts.Count > 0 && StartsAtStart(sequence.Parts[0]),
        PatternNode.Choice choice => choice.Ways.All(StartsAtStart),
        PatternNode.Group group => StartsAtStart(group.Body),
        _ => false,
    };

    // What a match can begin with, so that other places need no try.
    private static CharSet? First(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Character character:
                return CharSet.Of((character.Value, character.Value));
            case PatternNode.Set set:
                return set.IsNegated ? set.Members.Complement() : set.Members;
            case PatternNode.Group group:
                return First(group.Body);
            case PatternNode.Repeat { Min: > 0 } repeat:
                return First(repeat.Body);
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    if (part is not (PatternNode.Assertion or PatternNode.Look))
                        return CanBeEmpty(part) ? null : First(part);
                }

                return null;
            case PatternNode.Choice choice:
                var firsts = choice.Ways.Select(First).ToList();
                return firsts.Contains(null) ? null : CharSet.Union(firsts!);
            default:
                return null;
        }
    }
}
