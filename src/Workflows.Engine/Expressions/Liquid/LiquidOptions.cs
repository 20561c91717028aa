namespace Workflows.Engine.Expressions.Liquid;

/// <summary>What happens to the values a template puts out; the template's own text is never touched.</summary>
public enum LiquidEscaping
{
    /// <summary>As they are: titles, in-site messages, SMS, expressions.</summary>
    None,

    /// <summary>Written so that a browser or mail program shows them as text and never as markup, unless the last filter is <c>raw</c>.</summary>
    Html,
}

/// <summary>Bounds of one rendering. Exceeding one is an <see cref="ExpressionError"/> that names it.</summary>
public sealed record LiquidLimits
{
    public static LiquidLimits Default { get; } = new();

    /// <summary>Tags, outputs, filters, list elements and 128-character pieces of text worked on.</summary>
    public long Steps { get; init; } = 200_000;

    /// <summary>Characters of the finished text.</summary>
    public int OutputLength { get; init; } = 1_000_000;

    /// <summary>
    /// Characters made in all on the way, by filters and captures; an element of a list counts as 16. At two bytes each, and
    /// twice while a text is being put together, these are the 32 MB a script may use.
    /// </summary>
    public long Memory { get; init; } = 8_000_000;

    /// <summary>Levels of lists within lists made by filters; as deep as JSON data may be.</summary>
    public int Depth { get; init; } = 64;

    public TimeSpan Time { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>How a template is rendered.</summary>
public sealed record LiquidOptions
{
    public static LiquidOptions Default { get; } = new();

    public LiquidEscaping Escaping { get; init; }

    public LiquidLimits Limits { get; init; } = LiquidLimits.Default;

    /// <summary>Zone in which the date filter reads times without one and shows all. Null is the shop's, Asia/Shanghai.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>What 'now' and 'today' mean to the date filter; null leaves the two words as they are.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Measures the limit on time; nothing else reads it.</summary>
    public TimeProvider Timer { get; init; } = TimeProvider.System;
}
