using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Messages;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.UserTasks;

namespace Workflows.Activities.Notify;

/// <summary>
/// Messages to people as effects of class notice, one per recipient and channel, never awaited:
/// <c>notify.site</c> {user, subject, body, taskId?}; <c>notify.email</c> {user?, to: [address], subject, body, taskId?} (and from, cc, bcc,
/// attachments from SendEmail); <c>notify.sms</c> {user?, to, body}; all of them with {event?, severity?, dedupe?, data?}. Events of the system are one
/// effect for all people: <c>notify.event</c>, see <see cref="MessagePayload"/>.
/// </summary>
internal static class Notices
{
    public const string Site = "notify.site";
    public const string Email = "notify.email";
    public const string Sms = "notify.sms";

    /// <summary>Sends to one person by the channels named ("site", "email", "sms"); a channel the person has no address for is noted in the journal.</summary>
    /// <param name="event">Name of the event, by which people may change words and templates; null for the words as they are.</param>
    /// <param name="severity">How much it matters; null is what is usual for the event.</param>
    /// <param name="dedupeKey">Messages of one key to one person within ten minutes are one; null is the event of this task or case.</param>
    /// <param name="data">What templates may name besides task and case.</param>
    public static void Send(
        ActivityContext context, Person person, IEnumerable<string> channels, string subject, string body, string? taskId = null,
        string? @event = null, Severity? severity = null, string? dedupeKey = null, JsonObject? data = null)
    {
        var more = new JsonObject();
        if (@event is not null)
        {
            more["event"] = @event;
            more["data"] = WithCase(context, taskId, data);
        }

        if (severity is { } weight)
            more["severity"] = weight.ToString();
        if (dedupeKey is not null)
            more["dedupe"] = dedupeKey;
        foreach (var channel in channels)
        {
            switch (channel)
            {
                case "site" or "in-site":
                    Perform(context, Site, person.UserName, null, subject, body, taskId, more);
                    break;
                case "email" when person.Email is { Length: > 0 } address:
                    Perform(context, Email, person.UserName, new JsonArray(address), subject, body, taskId, more);
                    break;
                case "sms" when person.Mobile is { Length: > 0 } number:
                    // What leads to a page or has words of its own needs its title too.
                    Perform(context, Sms, person.UserName, number, @event is null ? null : subject, body, @event is null ? null : taskId, more);
                    break;
                default:
                    context.Journal("NoticeSkipped", $"{person.DisplayName}：没有可用的通知方式 {channel}");
                    break;
            }
        }
    }

    /// <summary>Sends to somebody outside the organisation: an email address, else a phone number.</summary>
    public static void SendTo(ActivityContext context, string address, string subject, string body, Severity? severity = null)
    {
        var more = new JsonObject();
        if (severity is { } weight)
            more["severity"] = weight.ToString();
        if (address.Contains('@'))
            Perform(context, Email, null, new JsonArray(address), subject, body, null, more);
        else
            Perform(context, Sms, null, address, null, body, null, more);
    }

    /// <summary>A message to somebody outside the organisation that is to be sent later, as the undo of another.</summary>
    public static (string Kind, JsonObject Payload) Outside(string address, string subject, string body) => address.Contains('@')
        ? (Email, new JsonObject { ["to"] = new JsonArray(address), ["subject"] = subject, ["body"] = body })
        : (Sms, new JsonObject { ["to"] = address, ["body"] = body });

    /// <summary>Says something in a group ("robot:ops") or to a program ("webhook:erp").</summary>
    public static void SendToGroup(ActivityContext context, string channel, string subject, string body, string? @event)
    {
        var (kind, name) = (channel.Split(':')[0], channel[(channel.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var payload = new JsonObject { [kind] = name, ["subject"] = subject, ["body"] = body, ["data"] = WithCase(context, null, null) };
        if (@event is not null)
            payload["event"] = @event;
        context.Perform("notify." + kind, payload, EffectClass.Notice, wait: false);
    }

    /// <summary>Tells people of an event by the event's own channels: one effect for all of them.</summary>
    public static void Announce(ActivityContext context, string @event, IEnumerable<string> people, UserTask task, string? by = null, string? comment = null, JsonObject? data = null)
    {
        var names = people.Distinct().ToList();
        if (names.Count == 0 || context.Graph.Workflow.CustomProperties?["announceTasks"]?.GetValueKind() == JsonValueKind.False)
            return;
        var told = MessagePayload.Data(by, comment, task, CaseOf(context));
        foreach (var (name, value) in data ?? [])
            told[name] = value?.DeepClone();
        context.Perform(MessagePayload.Kind, MessagePayload.Of(@event, names, "", comment ?? "", task.Id.Length > 0 ? task.Id : null, told), EffectClass.Notice, wait: false, maxAttempts: 50);
    }

    private static JsonObject WithCase(ActivityContext context, string? taskId, JsonObject? data)
    {
        var told = (JsonObject?)data?.DeepClone() ?? [];
        told["case"] ??= CaseOf(context);
        if (taskId is not null && context.OpenTasks.Concat(context.OtherOpenTasks).FirstOrDefault(t => t.Id == taskId) is { } task)
            told["task"] ??= MessagePayload.Task(task);
        return told;
    }

    private static JsonObject CaseOf(ActivityContext context) => new()
    {
        ["id"] = context.InstanceId,
        ["name"] = context.InstanceName,
        ["process"] = context.Graph.Name,
        ["initiator"] = context.InitiatedBy is { } user ? context.Organisation.DisplayName(user) : null,
    };

    private static void Perform(ActivityContext context, string kind, string? user, JsonNode? to, string? subject, string body, string? taskId, JsonObject more)
    {
        var payload = new JsonObject();
        if (user is not null)
            payload["user"] = user;
        if (to is not null)
            payload["to"] = to;
        if (subject is not null)
            payload["subject"] = subject;
        payload["body"] = body;
        if (taskId is not null)
            payload["taskId"] = taskId;
        foreach (var (name, value) in more)
            payload[name] = value?.DeepClone();
        context.Perform(kind, payload, EffectClass.Notice, wait: false);
    }
}
