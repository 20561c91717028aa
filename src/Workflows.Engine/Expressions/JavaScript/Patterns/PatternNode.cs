namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>What a regular expression is made of.</summary>
internal abstract record PatternNode
{
    private PatternNode()
    {
    }

    /// <summary>A character: a UTF-16 unit, or a code point with the flag u.</summary>
    public sealed record Character(int Value) : PatternNode;

    public sealed record Set(CharSet Members, bool IsNegated) : PatternNode;

    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    public sealed record Choice(IReadOnlyList<PatternNode> Ways) : PatternNode;

    /// <summary>A capturing group.</summary>
    public sealed record Group(int Number, PatternNode Body) : PatternNode;

    /// <summary>A repeated part; <paramref name="FirstGroup"/> up to but without <paramref name="EndGroup"/> are the groups inside.</summary>
    public sealed record Repeat(PatternNode Body, int Min, int Max, bool IsLazy, int FirstGroup, int EndGroup) : PatternNode;

    public sealed record Look(PatternNode Body, bool IsBehind, bool IsNegative) : PatternNode;

    /// <summary>What a group captured.</summary>
    public sealed record Backreference(int Number) : PatternNode;

    public sealed record Assertion(AssertionKind Kind) : PatternNode;

    public static Sequence Empty { get; } = new([]);
}

/// <summary>Conditions on a place in the text.</summary>
internal enum AssertionKind
{
    Start,
    End,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>A pattern that is not valid or not supported.</summary>
internal sealed class PatternException(string chinese, string english) : Exception($"{chinese} ({english})")
{
    public string Chinese { get; } = chinese;

    public string English { get; } = english;
}
