using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Faults;
using Workflows.Engine.Messages;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Channels.Webhooks;
using Workflows.Host.Security;

namespace Workflows.Host.Messages;

/// <summary>
/// Turns the message effects of workflows into deliveries and in-site messages, all of one effect in one transaction. Nothing
/// leaves here, so the effect is done once that is stored, and a repeat finds its keys taken. Kinds:
/// <c>notify.event</c> {event, people, channels?, subject?, body?, taskId?, severity?, dedupe?, data?};
/// <c>notify.site</c> {user, subject, body, taskId?, event?, ...};
/// <c>notify.email</c> {user?, to, cc?, bcc?, from?, subject, body, attachments?, ...}; <c>notify.sms</c> {user?, to, body, ...};
/// <c>notify.robot</c> {robot, subject, body}; <c>notify.webhook</c> {webhook, event?, data?}.
/// </summary>
internal sealed class MessageIntake(
    IDeliveryStore deliveries,
    MessageComposer composer,
    TemplateBook book,
    GatewayList gateways,
    MessageSignal signal,
    EngineClock clock,
    IOptions<WebhookOptions> webhooks) : IEffectChannel
{
    private const string Prefix = "notify.";

    public bool Accepts(string kind) => kind is "mail" or "sms" || kind.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Deliveries are stored under keys made from the effect's.</summary>
    public bool IsKeyed(string kind) => true;

    /// <summary>
    /// A message inside the product in the sender's own words is a row which the asking commit writes itself. One that needs a template,
    /// or holds what no database stores, is left to <see cref="PerformAsync"/>.
    /// </summary>
    public Notice? RowOf(Effect effect) =>
        effect is { Kind: "notify.site", Payload: JsonObject payload } && !payload.ContainsKey("event") && Text(payload, "user") is { Length: > 0 } user && IsPlain(user) && IsPlain(Raw(payload, "subject")) && IsPlain(Raw(payload, "body"))
            ? new Notice(effect.Key, user, Raw(payload, "subject"), Raw(payload, "body"), Text(payload, "taskId"), effect.InstanceId, clock.GetUtcNow())
            : null;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        if (effect.Payload is not JsonObject payload)
            return new EffectOutcome.Refused("消息没有内容 (a message without content)");
        // As the undo of an earlier message it arrives wrapped; later tries have other effect keys, the message stays one by the undo's.
        if (payload["undo"] is JsonValue undo && payload["input"] is JsonObject wrapped)
            (effect, payload) = (effect with { Key = (string)undo!, Payload = wrapped }, wrapped);
        await book.RefreshAsync(cancellationToken);
        var batch = new Batch([], [], []);
        var refusal = Plan(effect, payload, batch);
        if (refusal is not null)
            return new EffectOutcome.Refused(refusal);
        await deliveries.AddAsync(batch.Deliveries, batch.Notices, batch.Codes, cancellationToken);
        await FaultPoint.Pass(FaultPoint.MessageStored);
        if (batch.Deliveries.Any(d => d.Delivery.State == DeliveryState.Queued))
            signal.Give();
        return new EffectOutcome.Done(null);
    }

    private string? Plan(Effect effect, JsonObject payload, Batch batch)
    {
        var draft = DraftOf(effect, payload);
        switch (effect.Kind.StartsWith(Prefix, StringComparison.Ordinal) ? effect.Kind[Prefix.Length..] : effect.Kind)
        {
            case "event":
                return PlanEvent(effect, payload, draft, batch);
            case MessageChannels.Site:
                if (Text(payload, "user") is not { Length: > 0 } user)
                    return "没有收件人 (no recipient)";
                batch.Notices.Add(composer.NoticeOf(draft, effect.Key, composer.Organisation.Find(user), user));
                return null;
            case MessageChannels.Email or "mail":
                return PlanMail(effect, payload, draft, batch);
            case MessageChannels.Sms:
                if (Text(payload, "to") is not { Length: > 0 } number)
                    return "没有收件人 (no recipient)";
                // The words of a definition stand for themselves; in the reviewed template for colleagues they are its title.
                var said = draft.Subject.Length > 0 ? draft : draft with { Subject = draft.Body };
                batch.Add(composer.DeliveryOf(said, effect.Key, MessageChannels.Sms, new Receiver(PersonOf(payload), number)));
                return null;
            case MessageChannels.Robot:
                if (Text(payload, "robot") is not { Length: > 0 } robot)
                    return "没有指定机器人 (no robot is named)";
                batch.Add(composer.DeliveryOf(draft, effect.Key, "robot:" + robot, new Receiver(null, null)));
                return null;
            case MessageChannels.Webhook:
                if (Text(payload, "webhook") is not { Length: > 0 } hook)
                    return "没有指定 Webhook (no webhook is named)";
                batch.Add(Hook(effect, payload, draft, effect.Key, hook));
                return null;
            default:
                return $"不认识的消息种类 {effect.Kind} (unknown kind of message)";
        }
    }

    private string? PlanEvent(Effect effect, JsonObject payload, MessageDraft draft, Batch batch)
    {
        if (draft.Event is null)
            return "没有指定事件 (no event is named)";
        var channels = Texts(payload["channels"]) is { Count: > 0 } named ? named : draft.Kind.Channels;
        foreach (var user in PeopleOf(payload))
        {
            var person = composer.Organisation.Find(user);
            foreach (var channel in channels)
            {
                var key = $"{effect.Key}.{channel}.{user}";
                if (channel == MessageChannels.Site)
                    batch.Notices.Add(composer.NoticeOf(draft, key, person, user));
                // Not everybody has a number; what they have no address for was no promise.
                else if (person is not null && (channel == MessageChannels.Email ? person.Email : person.Mobile) is { Length: > 0 })
                    batch.Add(composer.DeliveryOf(draft with { Tried = [.. channels.Where(c => c != MessageChannels.Site).Select(c => $"{c}:{user}")] }, key, channel, new Receiver(person, null)));
            }
        }

        foreach (var (name, hook) in webhooks.Value.Where(w => w.Value.Wants(draft.Event)))
            batch.Add(Hook(effect, payload, draft, $"{effect.Key}.webhook.{name}", name));
        return null;
    }

    /// <summary>Those named by user name, those who hold a role, and for what concerns operators those who operate.</summary>
    private IEnumerable<string> PeopleOf(JsonObject payload)
    {
        var roles = Texts(payload["roles"]).AsEnumerable();
        if (payload["operators"] is JsonValue flag && flag.TryGetValue(out bool operators) && operators)
            roles = roles.Concat(Rights.Operators.Order(StringComparer.Ordinal));
        return Texts(payload["people"]).Concat(roles.SelectMany(r => composer.Organisation.InRole(r).Select(p => p.UserName))).Distinct();
    }

    /// <summary>One delivery for each recipient of the envelope, so that one who is refused costs the others nothing; all carry the same head.</summary>
    private string? PlanMail(Effect effect, JsonObject payload, MessageDraft draft, Batch batch)
    {
        var (to, cc, bcc) = (Texts(payload["to"]), Texts(payload["cc"]), Texts(payload["bcc"]));
        var all = to.Concat(cc).Concat(bcc).Distinct().ToList();
        if (all.Count == 0)
            return "没有收件人 (no recipient)";
        var isOne = all.Count == 1;
        for (var n = 0; n < all.Count; n++)
        {
            var extra = new JsonObject();
            if (!isOne)
                (extra["to"], extra["cc"], extra["messageId"]) = (Plain(to), Plain(cc), effect.Key);
            if (MailAddresses.TryNormalise(Text(payload, "from"), out var from))
                extra["replyTo"] = from;
            if (payload["attachments"] is JsonArray { Count: > 0 } attachments)
                extra["attachments"] = attachments.DeepClone();
            batch.Add(composer.DeliveryOf(draft, n == 0 ? effect.Key : string.Create(CultureInfo.InvariantCulture, $"{effect.Key}.{n + 1}"), MessageChannels.Email, new Receiver(isOne ? PersonOf(payload) : null, all[n]), extra));
        }

        return null;
    }

    private (PlannedDelivery Planned, MessageCode? Code) Hook(Effect effect, JsonObject payload, MessageDraft draft, string key, string hook)
    {
        var now = clock.GetUtcNow();
        var channel = "webhook:" + hook;
        var content = new JsonObject
        {
            ["id"] = key,
            ["type"] = draft.Event ?? "message",
            // Numbers of an instance's effects only rise: what comes with a smaller one is older.
            ["sequence"] = Sequence(effect.Key),
            ["occurredAt"] = effect.CreatedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["instanceId"] = draft.InstanceId,
            ["taskId"] = draft.TaskId,
            ["people"] = payload["people"]?.DeepClone(),
            ["data"] = draft.Data.DeepClone(),
        };
        return (
            new PlannedDelivery(new Delivery
            {
                Key = key,
                Cause = effect.Key,
                InstanceId = effect.InstanceId,
                TaskId = draft.TaskId,
                Event = draft.Event,
                Channel = MessageChannels.Webhook,
                Gateway = channel,
                Address = channel,
                Subject = draft.Event ?? draft.Subject,
                Body = draft.Body,
                Content = content,
                State = gateways.IsConfigured(channel) ? DeliveryState.Queued : DeliveryState.Captured,
                CreatedAt = now,
                DueAt = now,
            }),
            null);
    }

    private static MessageDraft DraftOf(Effect effect, JsonObject payload) => new(
        effect.Key,
        effect.InstanceId,
        Text(payload, "taskId"),
        Text(payload, "event"),
        Enum.TryParse<Severity>(Text(payload, "severity"), ignoreCase: true, out var severity) && Enum.IsDefined(severity) ? severity : null,
        Text(payload, "subject") ?? "",
        Text(payload, "body") ?? "",
        Text(payload, "dedupe"),
        payload["data"]?.DeepClone() as JsonObject ?? [],
        []);

    private Person? PersonOf(JsonObject payload) => Text(payload, "user") is { } user ? composer.Organisation.Find(user) : null;

    private static int Sequence(string key) => key.LastIndexOf('-') is >= 0 and var at && int.TryParse(key[(at + 1)..], out var number) ? number : 0;

    private static JsonArray Plain(IReadOnlyList<string> addresses) =>
        [.. addresses.Select(a => MailAddresses.TryNormalise(a, out var plain) ? plain : null).OfType<string>().Select(a => (JsonNode)a)];

    /// <summary>A text as databases store it: no NUL, no half characters.</summary>
    private static string? Text(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) ? Storable(text) : null;

    private static string Raw(JsonObject from, string name) => from[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static string Storable(string text) => IsPlain(text) ? text : string.Concat(text.EnumerateRunes().Where(r => r.Value != 0).Select(r => r.ToString()));

    /// <summary>Neither NUL nor half a character (which is read as the replacement character).</summary>
    private static bool IsPlain(string text) => text.EnumerateRunes().All(r => r.Value != 0 && r != Rune.ReplacementChar);

    private static IReadOnlyList<string> Texts(JsonNode? node) => node switch
    {
        JsonArray list => [.. list.OfType<JsonValue>().Select(v => v.ToString())],
        JsonValue one => [one.ToString()],
        _ => [],
    };

    private sealed record Batch(List<PlannedDelivery> Deliveries, List<Notice> Notices, List<MessageCode> Codes)
    {
        public void Add((PlannedDelivery Planned, MessageCode? Code) made)
        {
            Deliveries.Add(made.Planned);
            if (made.Code is { } code)
                Codes.Add(code);
        }
    }
}
