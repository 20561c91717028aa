using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Storage;

namespace Workflows.Activities.Notify;

[Activity("Notify.Message", Category = "Notify", Zh = "发送通知", En = "Send message",
    DescriptionZh = "按岗位、人员或地址发送站内信、邮件、短信。", DescriptionEn = "Sends an in-site message, email or SMS to roles, people or addresses.")]
internal sealed class Message : CodeActivity
{
    [Input(Zh = "岗位", En = "Roles", Hint = "multitext")]
    public string[]? Roles { get; set; }

    [Input(Zh = "人员", En = "Users", Hint = "multitext")]
    public string[]? Users { get; set; }

    [Input(Zh = "通知申请人", En = "To the initiator", Hint = "checkbox")]
    public bool ToInitiator { get; set; }

    [Input(Zh = "其他地址", En = "Addresses", Hint = "multitext", DescriptionZh = "邮箱或手机号。", DescriptionEn = "Email addresses or phone numbers.")]
    public string[]? Addresses { get; set; }

    [Input(Zh = "方式", En = "Channels", Hint = "checklist", Options = ["site", "email", "sms"])]
    public string[] Channels { get; set; } = ["site", "email"];

    [Input(Zh = "标题", En = "Subject")]
    public string Subject { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Hint = "multiline")]
    public string Body { get; set; } = "";

    protected override void Run(ActivityContext context)
    {
        var audience = new List<Person>();
        audience.AddRange((Roles ?? []).SelectMany(context.Organisation.InRole));
        audience.AddRange((Users ?? []).Append(ToInitiator ? context.InitiatedBy : null).Select(context.Organisation.Find).OfType<Person>());
        var people = audience.DistinctBy(p => p.UserName).ToList();
        foreach (var person in people)
            Notices.Send(context, person, Channels, Subject, Body);
        foreach (var address in Addresses ?? [])
            Notices.SendTo(context, address, Subject, Body);
        if (people.Count == 0 && Addresses is null or [])
            context.Journal("NoticeSkipped", "没有收件人 (nobody to tell)");
    }
}
