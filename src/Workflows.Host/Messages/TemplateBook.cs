using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;

namespace Workflows.Host.Messages;

/// <summary>What a person wants to be sent.</summary>
internal sealed record MessagePreference(string Language, IReadOnlySet<string> Off, IReadOnlySet<string> Gathered)
{
    public static readonly MessagePreference None = new("zh", new HashSet<string>(), new HashSet<string>());

    /// <summary>True when the person takes this category by this channel. One's own work cannot be refused, nor the messages on the pages.</summary>
    public bool Takes(MessageCategory category, string channel) =>
        MessageEvents.IsMandatory(category) || channel == MessageChannels.Site || !Off.Contains($"{category}:{channel}");

    /// <summary>True when mails of this category are to wait for the digest.</summary>
    public bool Gathers(MessageCategory category) => !MessageEvents.IsMandatory(category) && Gathered.Contains(category.ToString());

    public static MessagePreference Of(JsonObject document) => new(
        (string?)document["language"] == "en" ? "en" : "zh",
        Names(document["off"]),
        Names(document["digest"]));

    public JsonObject ToDocument() => new()
    {
        ["language"] = Language,
        ["off"] = new JsonArray([.. Off.Order(StringComparer.Ordinal).Select(n => (JsonNode)n)]),
        ["digest"] = new JsonArray([.. Gathered.Order(StringComparer.Ordinal).Select(n => (JsonNode)n)]),
    };

    private static HashSet<string> Names(JsonNode? list) => list is JsonArray names ? [.. names.OfType<JsonValue>().Select(n => n.ToString())] : [];
}

/// <summary>Templates, those that ship and those that people changed, and people's preferences. Read again when their stamp has moved.</summary>
internal sealed class TemplateBook(IMessageSettingStore store)
{
    /// <summary>Stands for every event that has no texts of its own.</summary>
    public const string AnyEvent = "*";

    private static readonly Dictionary<string, Dictionary<string, Dictionary<string, string>>> Shipped = new()
    {
        ["zh"] = Load("zh"),
        ["en"] = Load("en"),
    };

    private Page _page = new(-1, [], new Dictionary<string, JsonObject>());

    /// <summary>Follows changes; called before messages are put into words.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var stamp = await store.ReadStampAsync(cancellationToken);
        if (stamp == _page.Stamp)
            return;
        var templates = await store.ListTemplatesAsync(cancellationToken);
        _page = new Page(
            stamp,
            templates.Where(t => t.Document is not null).ToDictionary(t => (t.Event, t.Channel, t.Language), t => MessageTemplate.Of(t.Document!, t.Version)),
            await store.ListPreferencesAsync(cancellationToken));
    }

    public MessagePreference PreferenceOf(string? user) => user is not null && _page.Preferences.TryGetValue(user, out var document) ? MessagePreference.Of(document) : MessagePreference.None;

    /// <summary>How an event reads: as people changed it, else as it ships.</summary>
    public MessageTemplate Find(string @event, string channel, string language) =>
        _page.Templates.TryGetValue((@event, channel, language), out var changed) ? changed : ShippedOf(@event, channel, language);

    /// <summary>True when people changed it.</summary>
    public bool IsChanged(string @event, string channel, string language) => _page.Templates.ContainsKey((@event, channel, language));

    public static MessageTemplate ShippedOf(string @event, string channel, string language)
    {
        var texts = Shipped[language == "en" ? "en" : "zh"];
        var own = texts.GetValueOrDefault(@event) ?? [];
        string Text(string name) => own.TryGetValue(name, out var text) ? text : texts[AnyEvent][name];
        return channel == MessageChannels.Sms
            ? new MessageTemplate(Text("subject"), Text("sms")) { Values = [KeyValuePair.Create("title", Text("subject")), KeyValuePair.Create("code", "{{ code }}")] }
            : new MessageTemplate(Text("subject"), Text("body"));
    }

    private static Dictionary<string, Dictionary<string, string>> Load(string language)
    {
        using var stream = typeof(TemplateBook).Assembly.GetManifestResourceStream($"Workflows.Host.Messages.Templates.{language}.json")
            ?? throw new InvalidOperationException($"The message templates of language {language} are not in this build.");
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(stream)!;
    }

    private sealed record Page(long Stamp, Dictionary<(string, string, string), MessageTemplate> Templates, IReadOnlyDictionary<string, JsonObject> Preferences);
}
