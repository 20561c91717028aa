using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace Workflows.Host.Pages.Text;

/// <summary>The words of the pages in one language; all of them stand in Texts.zh.json and Texts.en.json beside this file.</summary>
public sealed class Texts
{
    public static readonly Texts Chinese = Load("zh");
    public static readonly Texts English = Load("en");

    private readonly FrozenDictionary<string, string> _texts;

    private Texts(string language, FrozenDictionary<string, string> texts) => (Language, _texts) = (language, texts);

    /// <summary>"zh" or "en".</summary>
    public string Language { get; }

    /// <summary>For the page's lang attribute.</summary>
    public string Tag => Language == "zh" ? "zh-CN" : "en";

    public bool IsChinese => Language == "zh";

    public IEnumerable<string> Keys => _texts.Keys;

    /// <summary>A text; a key nobody wrote is shown as itself, so that a slip is seen and breaks nothing.</summary>
    public string this[string key] => _texts.GetValueOrDefault(key, key);

    public static Texts Of(string? language) => language == "en" ? English : Chinese;

    /// <summary>The text, or what to show when there is none.</summary>
    public string Or(string key, string otherwise) => _texts.GetValueOrDefault(key, otherwise);

    /// <summary>A text with {0}, {1} filled in.</summary>
    public string With(string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    private static Texts Load(string language)
    {
        using var stream = typeof(Texts).Assembly.GetManifestResourceStream($"Workflows.Host.Pages.Text.Texts.{language}.json")
            ?? throw new InvalidOperationException($"The texts of language {language} are not in this build.");
        return new Texts(language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
