using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.Liquid;

namespace Workflows.Host.Messages;

/// <summary>How an event reads on one channel in one language; each text is Liquid.</summary>
internal sealed record MessageTemplate(string Subject, string Body)
{
    /// <summary>The mail's HTML between our head and foot; null makes it from the body.</summary>
    public string? Html { get; init; }

    /// <summary>Code of the reviewed SMS template at each provider.</summary>
    public string? Aliyun { get; init; }

    public string? Tencent { get; init; }

    /// <summary>Where the review of those stands: a note for people.</summary>
    public string? Review { get; init; }

    /// <summary>Named values of an SMS, in the order of Tencent's numbers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values { get; init; } = [];

    /// <summary>0 for the one that ships.</summary>
    public int Version { get; init; }

    public static MessageTemplate Of(JsonObject document, int version) => new(Text(document, "subject") ?? "", Text(document, "body") ?? "")
    {
        Html = Text(document, "html"),
        Aliyun = Text(document, "aliyun"),
        Tencent = Text(document, "tencent"),
        Review = Text(document, "review"),
        Values = document["values"] is JsonArray values ? [.. values.OfType<JsonObject>().Select(v => KeyValuePair.Create(Text(v, "name") ?? "", Text(v, "value") ?? ""))] : [],
        Version = version,
    };

    public JsonObject ToDocument() => new()
    {
        ["subject"] = Subject,
        ["body"] = Body,
        ["html"] = Html,
        ["aliyun"] = Aliyun,
        ["tencent"] = Tencent,
        ["review"] = Review,
        ["values"] = new JsonArray([.. Values.Select(v => (JsonNode)new JsonObject { ["name"] = v.Key, ["value"] = v.Value })]),
    };

    /// <summary>What cannot be parsed, by field; empty when the template may be saved.</summary>
    public IEnumerable<(string Field, string Error)> FindFaults()
    {
        foreach (var (field, text) in Values.Select(v => ($"values.{v.Key}", v.Value)).Prepend(("html", Html ?? "")).Prepend(("body", Body)).Prepend(("subject", Subject)))
        {
            string? error = null;
            try
            {
                LiquidTemplate.Parse(text);
            }
            catch (ExpressionError e)
            {
                error = e.Message;
            }

            if (error is not null)
                yield return (field, error);
        }
    }

    private static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}

/// <summary>A message put into words.</summary>
internal sealed record Wording(string Subject, string Body, string? Html, IReadOnlyList<KeyValuePair<string, string>> Values, string? Fault);

/// <summary>Puts templates into words. A template that fails gives the sender's own words, and says so: a message must not be lost over its wording.</summary>
internal static class Renderer
{
    // By the text itself, which the book of templates holds: what it lets go of goes here too.
    private static readonly ConditionalWeakTable<string, LiquidTemplate> Parsed = [];

    public static Wording Render(MessageTemplate template, JsonObject model, DateTimeOffset now, TimeZoneInfo zone)
    {
        var plain = new LiquidOptions { TimeZone = zone, Now = now };
        var safe = plain with { Escaping = LiquidEscaping.Html };
        try
        {
            return new Wording(
                Of(template.Subject, model, plain).Trim(),
                Of(template.Body, model, plain).Trim(),
                template.Html is { } html ? Of(html, model, safe) : null,
                [.. template.Values.Select(v => KeyValuePair.Create(v.Key, Of(v.Value, model, plain)))],
                null);
        }
        catch (ExpressionError error)
        {
            var (subject, body) = ((string?)model["subject"] ?? "", (string?)model["body"] ?? "");
            return new Wording(subject, body, null, [KeyValuePair.Create("title", subject), KeyValuePair.Create("code", (string?)model["code"] ?? "")], error.Message);
        }
    }

    private static string Of(string template, JsonObject model, LiquidOptions options) => template.Length == 0 ? "" : Parsed.GetValue(template, LiquidTemplate.Parse).Render(model, options);
}
