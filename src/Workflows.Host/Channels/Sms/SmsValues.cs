using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workflows.Engine.Definitions;
using Workflows.Host.Channels.Mail;

namespace Workflows.Host.Channels.Sms;

/// <summary>Values of templates and answers of providers.</summary>
internal static partial class SmsValues
{
    /// <summary>One line, without links (providers refuse them in variables), cut to what the provider takes; never empty.</summary>
    public static string Plain(string value, int longest)
    {
        var text = Link().Replace(MailWriter.OneLine(value), "").Replace("【", "[", StringComparison.Ordinal).Replace("】", "]", StringComparison.Ordinal).Trim();
        if (text.Length == 0)
            return "-";
        if (text.Length <= longest)
            return text;
        var end = longest - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    public static JsonObject? Parse(string body) => StrictJson.Parse(body, DefinitionLimits.Default) is StrictJson.Result.Parsed { Node: JsonObject node } ? node : null;

    public static JsonArray? ParseList(string body) => StrictJson.Parse(body, DefinitionLimits.Default) is StrictJson.Result.Parsed { Node: JsonArray node } ? node : null;

    public static string? Text(JsonObject from, string name) => from[name] is JsonValue value ? value.ToString() : null;

    [GeneratedRegex(@"(https?://|www\.)[^\s，。；]*", RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
