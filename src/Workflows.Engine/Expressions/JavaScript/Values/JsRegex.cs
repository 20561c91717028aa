using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Patterns;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A regular expression of a script.</summary>
internal sealed class JsRegex : JsObject
{
    private readonly PatternProgram _program;
    private PatternMatcher? _matcher;
    private JsValue _lastIndex = 0;

    /// <summary>A literal, whose pattern was made ready when the script was read.</summary>
    public JsRegex(Evaluation e, PatternProgram program)
    {
        e.Allocate(160);
        _program = program;
    }

    /// <summary>Throws a SyntaxError of the script for a pattern that is not valid or not supported.</summary>
    public JsRegex(Evaluation e, string source, string flags)
        : this(e, RegexTranslation.Prepare(e, source, flags))
    {
    }

    public override string Kind => "RegExp";

    public override Members Library => RegexLibrary.Methods;

    public PatternFlags Flags => _program.Flags;

    /// <summary>The pattern as it was given.</summary>
    public string Pattern => _program.Source;

    /// <summary>Capturing groups, without the whole match.</summary>
    public int GroupCount => _program.GroupCount;

    /// <summary>Numbers of the groups with names, in the order of the pattern.</summary>
    public IReadOnlyDictionary<string, int> Names => _program.Names;

    /// <summary>Where exec begins when the flag g or y is set; a script may put anything here.</summary>
    public JsValue LastIndex
    {
        get => _lastIndex;
        set => _lastIndex = value;
    }

    public static JsRegex Of(Evaluation e, string source, string flags) => new(e, source, flags);

    /// <summary>Starts and ends of the groups, or null; valid until the next match. See <see cref="PatternMatcher.Match"/>.</summary>
    public int[]? Match(Evaluation e, string text, int from) => (_matcher ??= new PatternMatcher(e, _program)).Match(text, from);

    public override JsValue Get(string key) => key switch
    {
        "source" => Source(),
        "flags" => Flags.Text,
        "global" => Flags.Global,
        "ignoreCase" => Flags.IgnoreCase,
        "multiline" => Flags.Multiline,
        "dotAll" => Flags.DotAll,
        "unicode" => Flags.Unicode,
        "sticky" => Flags.Sticky,
        "hasIndices" or "unicodeSets" => false,
        _ => base.Get(key),
    };

    public override bool TryGetOwn(string key, out JsValue value)
    {
        if (key != "lastIndex")
            return base.TryGetOwn(key, out value);
        value = _lastIndex;
        return true;
    }

    public override void Set(Evaluation e, string key, JsValue value)
    {
        if (key == "lastIndex")
        {
            Own(e);
            _lastIndex = value;
            return;
        }

        if (key is "source" or "flags" or "global" or "ignoreCase" or "multiline" or "dotAll" or "unicode" or "sticky")
            throw e.TypeError($"正则表达式的“{key}”不能设置 (cannot set property {key} of a regular expression)");
        base.Set(e, key, value);
    }

    public override bool Delete(Evaluation e, string key) =>
        key == "lastIndex" ? throw e.TypeError("lastIndex 不能删除 (cannot delete property 'lastIndex')") : base.Delete(e, key);

    /// <summary>As it would stand between slashes.</summary>
    public string Source()
    {
        if (Pattern.Length == 0)
            return "(?:)";
        var (text, inClass) = (new System.Text.StringBuilder(Pattern.Length + 8), false);
        for (var i = 0; i < Pattern.Length; i++)
        {
            var c = Pattern[i];
            if (c == '\\' && i + 1 < Pattern.Length)
            {
                text.Append(c);
                c = Pattern[++i];
                text.Append(c is '\n' ? "n" : c is '\r' ? "r" : c is '\u2028' ? "u2028" : c is '\u2029' ? "u2029" : c.ToString());
                continue;
            }

            inClass = c == '[' || (inClass && c != ']');
            text.Append(c switch
            {
                '/' when !inClass => "\\/",
                '\n' => "\\n",
                '\r' => "\\r",
                '\u2028' => "\\u2028",
                '\u2029' => "\\u2029",
                _ => c.ToString(),
            });
        }

        return text.ToString();
    }
}
