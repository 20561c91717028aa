namespace Workflows.Engine.Expressions.JavaScript.Patterns;

internal enum OpCode : byte
{
    /// <summary>Takes one character: <see cref="Op.Char"/>, or one of <see cref="Op.Set"/>.</summary>
    One,

    /// <summary>As many of a character as there are, between A and B; gives back one at a time.</summary>
    Many,

    /// <summary>As few of a character as possible, between A and B; takes one more at a time.</summary>
    Few,

    /// <summary>Tries A, then B; C numbers the places where a way may be remembered as hopeless.</summary>
    Split,

    Jump,

    /// <summary>Stores the position in slot A.</summary>
    Save,

    /// <summary>Forgets the slots A up to but without B.</summary>
    Forget,

    /// <summary>Fails when the position is still the one stored in slot A: a round that took nothing leads nowhere.</summary>
    MustMove,

    /// <summary>Sets the counter in slot A to zero.</summary>
    CountFrom,

    /// <summary>One more round of the counter in slot A: below Min it goes on behind, then tries behind or B by <see cref="Op.IsLazy"/>, at Max it goes to B.</summary>
    Count,

    /// <summary>As <see cref="MustMove"/>, but only above the least number of rounds of the counter in slot B.</summary>
    MustMoveAbove,

    Assert,

    /// <summary>What group A captured.</summary>
    Back,

    /// <summary>Runs what stands behind up to <see cref="Match"/> as a condition; then goes on at B.</summary>
    Look,

    Match,
}

/// <summary>One instruction.</summary>
internal struct Op
{
    public OpCode Code;
    public bool IsBackward;
    public bool IsNegated;
    public bool IsLazy;
    public AssertionKind Assertion;
    public int A;
    public int B;
    public int C;
    public int Char;
    public int Min;
    public int Max;
    public CharSet? Set;
}

/// <summary>A regular expression made ready; thread safe.</summary>
/// <param name="Ops">Instructions, from 0 to <see cref="OpCode.Match"/>.</param>
/// <param name="Slots">Places for positions: two for each group, then counters.</param>
/// <param name="Splits">Number of places where ways part.</param>
/// <param name="First">What a match can begin with; null when it may be anything.</param>
/// <param name="StartsAtStart">Whether a match can only begin at the start of the text.</param>
internal sealed record PatternCode(Op[] Ops, int Slots, int Splits, CharSet? First, bool StartsAtStart);

/// <summary>Flags of a regular expression.</summary>
internal sealed record PatternFlags(string Text, bool Global, bool IgnoreCase, bool Multiline, bool DotAll, bool Unicode, bool Sticky)
{
    /// <summary>Reads g, i, m, s, u and y. Throws <see cref="PatternException"/> for anything else and for doubles.</summary>
    public static PatternFlags Parse(string flags)
    {
        foreach (var c in flags)
        {
            if (!"gimsuy".Contains(c, StringComparison.Ordinal) || flags.IndexOf(c, StringComparison.Ordinal) != flags.LastIndexOf(c))
                throw new PatternException($"标志“{(flags.Length > 20 ? flags[..20] : flags)}”无效，可用 g i m s u y 各一次", "invalid flags");
        }

        return new PatternFlags(string.Concat(flags.Order()), flags.Contains('g'), flags.Contains('i'), flags.Contains('m'), flags.Contains('s'), flags.Contains('u'), flags.Contains('y'));
    }
}

/// <summary>A regular expression with its names and flags.</summary>
/// <param name="Fast">Instructions for ordinary use.</param>
/// <param name="Safe">
/// Instructions for which a place and a position tell all, so that no way need be tried twice: the time is then bounded by the
/// product of pattern and text. Null for patterns with backreferences and for very long ones.
/// </param>
internal sealed record PatternProgram(string Source, PatternFlags Flags, int GroupCount, IReadOnlyDictionary<string, int> Names, PatternCode Fast, Lazy<PatternCode?> Safe);
