using System.Collections.Concurrent;
using Workflows.Engine.Expressions.JavaScript.Patterns;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Makes regular expressions ready and keeps those used lately.</summary>
internal static class RegexTranslation
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int MaxLength = 2000;

    private const int MaxKept = 500;
    private static readonly ConcurrentDictionary<(string Source, string Flags), PatternProgram> Kept = new();

    /// <summary>Throws <see cref="ExpressionError"/> for a pattern that is not valid or not supported; for use before anything runs.</summary>
    public static void Check(string source, string flags) => Prepare(source, flags);

    /// <summary>What is wrong with a pattern, in Chinese and English; null when it can be used.</summary>
    public static (string Chinese, string English)? FaultOf(string source, string flags)
    {
        try
        {
            Find(source, flags);
            return null;
        }
        catch (PatternException fault)
        {
            return (Chinese(source, fault), English(fault));
        }
    }

    /// <summary>A literal of a script, made ready. Throws <see cref="ExpressionError"/> for a pattern that is not valid or not supported.</summary>
    public static PatternProgram Prepare(string source, string flags)
    {
        try
        {
            return Find(source, flags);
        }
        catch (PatternException fault)
        {
            throw new ExpressionError($"{Chinese(source, fault)} ({English(fault)})");
        }
    }

    /// <summary>A pattern made by a script while it runs. Throws a SyntaxError of the script.</summary>
    public static PatternProgram Prepare(Evaluation e, string source, string flags)
    {
        // Reading a pattern of 2,000 characters takes about as long as some ten thousand simple steps.
        e.Step(100 + (16L * Math.Min(source.Length, MaxLength)));
        e.Allocate(500 + (32L * Math.Min(source.Length, MaxLength)));
        try
        {
            return Find(source, flags);
        }
        catch (PatternException fault)
        {
            throw e.SyntaxError($"{Chinese(source, fault)} ({English(fault)})");
        }
    }

    private static PatternProgram Find(string source, string flags)
    {
        if (source.Length > MaxLength)
            throw new PatternException($"超过 {MaxLength} 个字符", $"longer than {MaxLength} characters");
        if (Kept.TryGetValue((source, flags), out var kept))
            return kept;
        var made = PatternCompiler.Compile(source, flags);

        // Whoever makes patterns without end empties this now and then; patterns in use come back at once.
        if (Kept.Count >= MaxKept)
            Kept.Clear();
        Kept.TryAdd((source, flags), made);
        return made;
    }

    private static string Chinese(string source, PatternException fault) => $"正则表达式 /{(source.Length > 60 ? source[..60] + "…" : source)}/ 无效：{fault.Chinese}";

    private static string English(PatternException fault) => $"invalid regular expression: {fault.English}";
}
