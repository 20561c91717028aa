using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;

namespace Workflows.Activities.Notify;

/// <summary>
/// Tells people something: by role, by name, those who took part, or whom an expression names (user names, "role:x", mail
/// addresses, numbers); by the channels named, groups ("robot:ops") and programs ("webhook:erp") among them.
/// </summary>
[Activity("Notify.Message", Category = "Notify", Zh = "发送通知", En = "Send message",
    DescriptionZh = "按岗位、人员、参与人或表达式发送站内信、邮件、短信、群消息。", DescriptionEn = "Sends an in-site message, email, SMS or group message to roles, people, participants or whom an expression names.")]
internal sealed class Message : CodeActivity
{
    private const string DecidersKey = "Deciders";

    [Input(Zh = "岗位", En = "Roles", Hint = "multitext")]
    public string[]? Roles { get; set; }

    [Input(Zh = "人员", En = "Users", Hint = "multitext")]
    public string[]? Users { get; set; }

    [Input(Zh = "通知申请人", En = "To the initiator", Hint = "checkbox")]
    public bool ToInitiator { get; set; }

    [Input(Zh = "通知参与人", En = "To the participants", Hint = "checkbox", DescriptionZh = "申请人和所有办理过的人。", DescriptionEn = "The initiator and everybody who decided in this instance.")]
    public bool ToParticipants { get; set; }

    [Input(Zh = "收件人表达式", En = "Recipients", Hint = "json-editor", DescriptionZh = "用户名、role:岗位、邮箱或手机号的列表。", DescriptionEn = "A list of user names, role:x, email addresses or phone numbers.")]
    public JsonNode? Recipients { get; set; }

    [Input(Zh = "其他地址", En = "Addresses", Hint = "multitext", DescriptionZh = "邮箱或手机号。", DescriptionEn = "Email addresses or phone numbers.")]
    public string[]? Addresses { get; set; }

    [Input(Zh = "方式", En = "Channels", Hint = "multitext", DescriptionZh = "site、email、sms，或 robot:名称、webhook:名称。", DescriptionEn = "site, email, sms, or robot:name, webhook:name.")]
    public string[] Channels { get; set; } = ["site", "email"];

    [Input(Zh = "模板（事件）", En = "Template (event)", Hint = "dropdown", Source = InputSources.Events, DescriptionZh = "使用此事件的消息模板；不填则按下面的标题和正文。", DescriptionEn = "Uses the message templates of this event; empty uses subject and body below.")]
    public string? Event { get; set; }

    [Input(Zh = "重要程度", En = "Severity", Hint = "dropdown", Options = ["Low", "Normal", "High", "Critical"], DescriptionZh = "High 和 Critical 夜间也发送，未送达时换方式或换人。", DescriptionEn = "High and Critical are sent at night too, and go on to another channel or person when not delivered.")]
    public Severity? Severity { get; set; }

    [Input(Zh = "标题", En = "Subject")]
    public string Subject { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Hint = "multiline")]
    public string Body { get; set; } = "";

    [Input(Zh = "模板数据", En = "Data", Hint = "json-editor", DescriptionZh = "模板中可用的其他数据。", DescriptionEn = "What the template may name besides.")]
    public JsonNode? Data { get; set; }

    [Input(Zh = "合并键", En = "Dedupe key", DescriptionZh = "十分钟内同一合并键只发一条。", DescriptionEn = "Messages of one key within ten minutes are one.")]
    public string? DedupeKey { get; set; }

    public override IEnumerable<NodeFault> Validate(ActivityNode node)
    {
        // A program may be told events of one's own; for people there must be words.
        var isForPrograms = Channels.Length > 0 && Channels.All(c => c.StartsWith("webhook:", StringComparison.Ordinal));
        if (node.Inputs.TryGetValue("event", out var binding) && binding.Expression.Type == "Literal" && Event is { Length: > 0 } name && !isForPrograms && MessageEvents.All.All(e => e.Name != name))
            yield return new NodeFault("unknown-event", $"没有消息模板（事件）“{name}”，可用的有：{string.Join("、", MessageEvents.All.Select(e => e.Name))}", $"there are no message templates of event {name}; known are {string.Join(", ", MessageEvents.All.Select(e => e.Name))}");
    }

    protected override void Run(ActivityContext context)
    {
        var audience = new List<Person>();
        audience.AddRange((Roles ?? []).SelectMany(context.Organisation.InRole));
        audience.AddRange((Users ?? []).Append(ToInitiator || ToParticipants ? context.InitiatedBy : null).Select(context.Organisation.Find).OfType<Person>());
        if (ToParticipants)
            audience.AddRange(Deciders(context).Select(context.Organisation.Find).OfType<Person>());
        var addresses = (Addresses ?? []).ToList();
        foreach (var named in Loop.Items(Recipients).Select(ValueConverter.Text).OfType<string>().Select(n => n.Trim()).Where(n => n.Length > 0))
        {
            if (named.StartsWith("role:", StringComparison.Ordinal))
                audience.AddRange(context.Organisation.InRole(named["role:".Length..]));
            else if (context.Organisation.Find(named) is { } person)
                audience.Add(person);
            else if (named.Contains('@', StringComparison.Ordinal) || char.IsAsciiDigit(named[0]) || named[0] == '+')
                addresses.Add(named);
            else
                context.Journal("NoticeSkipped", $"没有在职人员“{named}” (no active person of this name)");
        }

        var people = audience.DistinctBy(p => p.UserName).ToList();
        var groups = Channels.Where(c => c.Contains(':', StringComparison.Ordinal)).ToList();
        var channels = Channels.Except(groups).ToList();
        foreach (var person in people)
            Notices.Send(context, person, channels, Subject, Body, null, string.IsNullOrEmpty(Event) ? null : Event, Severity, string.IsNullOrEmpty(DedupeKey) ? null : DedupeKey, Data as JsonObject);
        foreach (var address in addresses)
            Notices.SendTo(context, address, Subject, Body, Severity);
        foreach (var group in groups)
            Notices.SendToGroup(context, group, Subject, Body, string.IsNullOrEmpty(Event) ? null : Event);
        if (people.Count == 0 && addresses.Count == 0 && groups.Count == 0)
            context.Journal("NoticeSkipped", "没有收件人 (nobody to tell)");
    }

    private static IEnumerable<string> Deciders(ActivityContext context) =>
        (context.InstanceProperties.GetValueOrDefault(DecidersKey) as JsonObject ?? []).SelectMany(d => d.Value is JsonArray names ? names.Select(n => (string)n!) : [(string)d.Value!]);
}
