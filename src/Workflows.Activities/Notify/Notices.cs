using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;

namespace Workflows.Activities.Notify;

/// <summary>
/// Messages to people as effects of class notice, one per recipient and channel, never awaited:
/// <c>notify.site</c> {user, subject, body, taskId?}; <c>notify.email</c> {user?, to: [address], subject, body, taskId?} (and from, cc, bcc,
/// attachments from SendEmail); <c>notify.sms</c> {user?, to, body}.
/// </summary>
internal static class Notices
{
    public const string Site = "notify.site";
    public const string Email = "notify.email";
    public const string Sms = "notify.sms";

    /// <summary>Sends to one person by the channels named ("site", "email", "sms"); a channel the person has no address for is noted in the journal.</summary>
    public static void Send(ActivityContext context, Person person, IEnumerable<string> channels, string subject, string body, string? taskId = null)
    {
        foreach (var channel in channels)
        {
            switch (channel)
            {
                case "site" or "in-site":
                    Perform(context, Site, person.UserName, null, subject, body, taskId);
                    break;
                case "email" when person.Email is { Length: > 0 } address:
                    Perform(context, Email, person.UserName, new JsonArray(address), subject, body, taskId);
                    break;
                case "sms" when person.Mobile is { Length: > 0 } number:
                    Perform(context, Sms, person.UserName, number, null, body, null);
                    break;
                default:
                    context.Journal("NoticeSkipped", $"{person.DisplayName}：没有可用的通知方式 {channel}");
                    break;
            }
        }
    }

    /// <summary>Sends to somebody outside the organisation: an email address, else a phone number.</summary>
    public static void SendTo(ActivityContext context, string address, string subject, string body)
    {
        if (address.Contains('@'))
            Perform(context, Email, null, new JsonArray(address), subject, body, null);
        else
            Perform(context, Sms, null, address, null, body, null);
    }

    private static void Perform(ActivityContext context, string kind, string? user, JsonNode? to, string? subject, string body, string? taskId)
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
        context.Perform(kind, payload, EffectClass.Notice, wait: false);
    }
}
