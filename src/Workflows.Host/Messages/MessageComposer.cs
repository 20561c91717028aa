using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Channels.Sms;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Messages;

/// <summary>Something to be told, before it is known by which channel and in which words.</summary>
/// <param name="Cause">Key of the effect.</param>
/// <param name="Subject">The sender's own words, for events without a template.</param>
/// <param name="Data">What templates may name besides: task, case, by, comment, ...</param>
/// <param name="Tried">"channel:user" of those that have a message of this already.</param>
internal sealed record MessageDraft(string Cause, string InstanceId, string? TaskId, string? Event, Severity? Severity, string Subject, string Body, string? Dedupe, JsonObject Data, IReadOnlyList<string> Tried)
{
    public MessageEvent Kind => MessageEvents.Find(Event);

    public Severity Weight => Severity ?? Kind.Severity;

    public JsonObject ToJson() => new()
    {
        ["severity"] = Severity?.ToString(),
        ["subject"] = Subject,
        ["body"] = Body,
        ["data"] = Data.DeepClone(),
        ["tried"] = new JsonArray([.. Tried.Select(t => (JsonNode)t)]),
    };

    public static MessageDraft? Of(Delivery delivery) => delivery.Content?["draft"] is not JsonObject draft
        ? null
        : new MessageDraft(
            delivery.Cause,
            delivery.InstanceId,
            delivery.TaskId,
            delivery.Event,
            Enum.TryParse<Severity>((string?)draft["severity"], out var severity) ? severity : null,
            (string?)draft["subject"] ?? "",
            (string?)draft["body"] ?? "",
            null,
            draft["data"]?.DeepClone() as JsonObject ?? [],
            [.. (draft["tried"] as JsonArray ?? []).Select(t => (string)t!)]);
}

/// <summary>Somebody to be told: a person, or an address outside.</summary>
internal sealed record Receiver(Person? Person, string? Address)
{
    public string? UserName => Person?.UserName;
}

/// <summary>Puts what is to be told into words for each channel and receiver, and decides when it leaves.</summary>
internal sealed class MessageComposer(
    IOrganisationSource organisation,
    TemplateBook book,
    GatewayList gateways,
    EngineClock clock,
    IOptions<MessageOptions> options,
    IOptions<SmsOptions> sms,
    IOptions<EngineOptions> engine)
{
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromDays(30);
    private const int MostSteps = 4;

    private readonly MessageOptions _options = options.Value;
    private readonly TimeZoneInfo _zone = ShopTime.Find(engine.Value.TimeZone) ?? ShopTime.China;

    public OrganisationSnapshot Organisation => organisation.Current;

    /// <summary>The page a message leads to. Opening it decides nothing.</summary>
    public static string PathOf(string? taskId, string instanceId) => taskId is not null ? "/tasks/" + Uri.EscapeDataString(taskId) : "/instances/" + Uri.EscapeDataString(instanceId);

    /// <summary>What the templates of a draft may name.</summary>
    public JsonObject ModelOf(MessageDraft draft, Person? person, string code)
    {
        var model = (JsonObject)draft.Data.DeepClone();
        // A sentence that ends itself stands in templates that end it.
        model["subject"] = draft.Subject.TrimEnd('。', '.');
        model["body"] = draft.Body;
        model["event"] = draft.Event;
        model["severity"] = draft.Weight.ToString();
        model["code"] = code;
        model["link"] = _options.Page(PathOf(draft.TaskId, draft.InstanceId));
        model["site"] = new JsonObject { ["url"] = _options.PublicUrl, ["short"] = ShortOf(_options.ShortPage) };
        model["person"] = new JsonObject { ["name"] = person?.DisplayName ?? "", ["user"] = person?.UserName };
        return model;
    }

    public Wording WordingOf(MessageTemplate template, MessageDraft draft, Person? person, string code) =>
        Renderer.Render(template, ModelOf(draft, person, code), clock.GetUtcNow(), _zone);

    /// <summary>A message inside the product.</summary>
    public Notice NoticeOf(MessageDraft draft, string id, Person? person, string userName)
    {
        var wording = draft.Event is null
            ? new Wording(draft.Subject, draft.Body, null, [], null)
            : WordingOf(book.Find(draft.Event, MessageChannels.Site, book.PreferenceOf(userName).Language), draft, person, "");
        return new Notice(id, userName, wording.Subject, wording.Body, draft.TaskId, draft.InstanceId, clock.GetUtcNow());
    }

    /// <summary>A message by mail, SMS or robot.</summary>
    public (PlannedDelivery Planned, MessageCode? Code) DeliveryOf(MessageDraft draft, string key, string channel, Receiver to, JsonObject? extra = null)
    {
        var now = clock.GetUtcNow();
        var preference = book.PreferenceOf(to.UserName);
        var code = CodeOf(key);
        // Words of a definition go out as they are; only an SMS to a colleague is a title in a reviewed template, with a code to sign in with.
        var isPlain = draft.Event is null && (channel != MessageChannels.Sms || to.Person is null);
        var wording = isPlain
            ? new Wording(draft.Subject, draft.Body, null, [KeyValuePair.Create("text", draft.Body)], null)
            : WordingOf(TemplateOf(draft, channel, preference.Language), draft, to.Person, code);
        var content = extra ?? [];
        if (channel == MessageChannels.Email)
            content["html"] = MailLayout.Write(wording.Subject, wording.Body, wording.Html, draft.InstanceId.Length > 0 ? _options.Page(PathOf(draft.TaskId, draft.InstanceId)) : null, preference.Language);
        if (channel == MessageChannels.Sms)
        {
            content["values"] = new JsonObject(wording.Values.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));
            var template = TemplateOf(draft, channel, preference.Language);
            content["template"] = sms.Value.Provider switch
            {
                SmsProviderKind.Aliyun => isPlain ? sms.Value.Aliyun.TextTemplate : template.Aliyun,
                SmsProviderKind.Tencent => isPlain ? sms.Value.Tencent.TextTemplate : template.Tencent,
                _ => null,
            };
        }

        var delivery = new Delivery
        {
            Key = key,
            Cause = draft.Cause,
            InstanceId = draft.InstanceId,
            TaskId = draft.TaskId,
            Event = draft.Event,
            Severity = draft.Weight,
            Channel = channel.Split(':')[0],
            Gateway = GatewayList.NameOf(channel),
            UserName = to.UserName,
            Address = AddressOf(channel, to) ?? "",
            Subject = wording.Subject,
            Body = wording.Body,
            Content = content,
            CreatedAt = now,
            DueAt = now,
            LastError = wording.Fault is { } fault ? $"模板有误，已用原文 (template failed): {fault}" : null,
        };
        if (to.UserName is not null && draft.Weight >= Severity.High)
        {
            content["draft"] = (draft with { Tried = [.. draft.Tried.Append($"{channel}:{to.UserName}").Distinct()] }).ToJson();
            delivery = delivery with { FallbackAt = now + _options.FallbackAfter };
        }

        delivery = Scheduled(delivery, draft.Kind.Category, preference, channel, to);
        var dedupe = draft.Dedupe is { } given
            ? $"{given}|{to.UserName ?? delivery.Address}|{channel}"
            : $"{draft.Event ?? Hash(delivery.Subject + "\n" + delivery.Body)}|{draft.InstanceId}|{draft.TaskId}|{to.UserName ?? delivery.Address}|{channel}";
        // Free texts to addresses outside are the definition's own business: it may well mean to send the same twice.
        var merges = delivery.State is DeliveryState.Queued or DeliveryState.Held or DeliveryState.Captured && (draft.Event is not null || draft.Dedupe is not null);
        var isLimited = channel == MessageChannels.Sms && delivery.State == DeliveryState.Queued && draft.Weight < Severity.Critical;
        return (
            new PlannedDelivery(
                delivery,
                merges ? dedupe : null,
                now - _options.DedupeWindow,
                isLimited ? sms.Value.DailyPerNumber : null,
                isLimited ? TimeZoneInfo.ConvertTime(delivery.DueAt, _zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null),
            channel == MessageChannels.Sms && to.UserName is { } user && draft.InstanceId.Length > 0 ? new MessageCode(code, user, PathOf(draft.TaskId, draft.InstanceId), now + CodeLifetime) : null);
    }

    /// <summary>One mail that says all of these.</summary>
    public Delivery Digest(IReadOnlyList<Delivery> items)
    {
        var first = items[0];
        var preference = book.PreferenceOf(first.UserName);
        var person = Organisation.Find(first.UserName ?? "");
        var lines = items.Select(d => (JsonNode)new JsonObject { ["subject"] = d.Subject, ["at"] = d.CreatedAt.ToString("O", CultureInfo.InvariantCulture), ["link"] = _options.Page(PathOf(d.TaskId, d.InstanceId)) });
        var draft = new MessageDraft(first.Cause, "", null, MessageEvents.Digest, null, "", "", null, new JsonObject { ["count"] = items.Count, ["items"] = new JsonArray([.. lines]) }, []);
        var wording = WordingOf(book.Find(MessageEvents.Digest, MessageChannels.Email, preference.Language), draft, person, "");
        var now = clock.GetUtcNow();
        return new Delivery
        {
            Key = "digest-" + first.Key,
            Cause = first.Cause,
            InstanceId = first.InstanceId,
            Event = MessageEvents.Digest,
            Channel = MessageChannels.Email,
            Gateway = first.Gateway,
            UserName = first.UserName,
            Address = first.Address,
            Subject = wording.Subject,
            Body = wording.Body,
            Content = new JsonObject { ["html"] = MailLayout.Write(wording.Subject, wording.Body, wording.Html, _options.Page("/notices"), preference.Language) },
            CreatedAt = now,
            DueAt = now,
        };
    }

    /// <summary>
    /// What goes out in place of a message that did not arrive: the person's other channel, then the manager's SMS or mail, and so
    /// on up; null when everything was tried.
    /// </summary>
    public Delivery? Instead(Delivery late)
    {
        if (MessageDraft.Of(late) is not { } draft || late.UserName is null || draft.Tried.Count > MostSteps + 2)
            return null;
        for (var person = Organisation.Find(late.UserName); person is not null; person = Organisation.ManagerOf(person.UserName))
        {
            foreach (var channel in (string[])[MessageChannels.Sms, MessageChannels.Email])
            {
                if (draft.Tried.Contains($"{channel}:{person.UserName}") || AddressOf(channel, new Receiver(person, null)) is null || !gateways.IsConfigured(channel))
                    continue;
                var step = late.Key.LastIndexOf('~') is > 0 and var at && int.TryParse(late.Key[(at + 1)..], out var number) ? (Root: late.Key[..at], Next: number + 1) : (Root: late.Key, Next: 1);
                return DeliveryOf(draft, $"{step.Root}~{step.Next}", channel, new Receiver(person, null)).Planned.Delivery with { ParentKey = late.Key };
            }

            // Each person once: a circle in the reporting line must not go round.
            if (draft.Tried.Any(t => t.EndsWith(":" + Organisation.ManagerOf(person.UserName)?.UserName, StringComparison.Ordinal)))
                return null;
        }

        return null;
    }

    private Delivery Scheduled(Delivery delivery, MessageCategory category, MessagePreference preference, string channel, Receiver to)
    {
        if (delivery.Address.Length == 0)
        {
            var error = channel == MessageChannels.Sms ? "手机号无效或不在允许的地区 (not a number, or outside the allowed prefixes)" : "邮箱地址无效 (not one plain mail address)";
            return delivery with { State = DeliveryState.Failed, Address = Shown(channel, to), LastError = error, FallbackAt = delivery.FallbackAt is null ? null : delivery.CreatedAt };
        }

        if (!preference.Takes(category, channel))
            return delivery with { State = DeliveryState.Suppressed, FallbackAt = null, LastError = "本人已关闭此类消息 (switched off by the person)" };
        if (!gateways.IsConfigured(channel))
            return delivery with { State = DeliveryState.Captured, FallbackAt = null };
        var gathers = channel == MessageChannels.Email && to.UserName is not null && (delivery.Severity == Severity.Low || preference.Gathers(category));
        return channel is MessageChannels.Email or MessageChannels.Sms && MessageRules.HeldUntil(delivery.CreatedAt, delivery.Severity, gathers, _options, _zone) is { } later
            ? delivery with { State = DeliveryState.Held, DueAt = later }
            : delivery;
    }

    private MessageTemplate TemplateOf(MessageDraft draft, string channel, string language) => book.Find(draft.Event ?? TemplateBook.AnyEvent, channel.Split(':')[0], language);

    private string? AddressOf(string channel, Receiver to) => channel switch
    {
        MessageChannels.Email => MailAddresses.TryNormalise(to.Address ?? to.Person?.Email, out var address) ? address : null,
        MessageChannels.Sms => PhoneNumbers.TryNormalise(to.Address ?? to.Person?.Mobile, out var number) && sms.Value.AllowedPrefixes.Any(p => number.StartsWith(p, StringComparison.Ordinal)) ? number : null,
        _ => channel,
    };

    private static string Shown(string channel, Receiver to) => MailWriter.OneLine((channel == MessageChannels.Sms ? to.Address ?? to.Person?.Mobile : to.Address ?? to.Person?.Email) ?? "-");

    private static string ShortOf(string url) => url.StartsWith("https://", StringComparison.Ordinal) ? url["https://".Length..] : url.StartsWith("http://", StringComparison.Ordinal) ? url["http://".Length..] : url;

    /// <summary>Six digits that stand for the page; the same in every run.</summary>
    internal static string CodeOf(string key) => (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes("code:" + key))) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
