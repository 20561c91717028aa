using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Outbox;

namespace Workflows.Activities.Notify;

/// <summary>
/// Elsa's mail activity; emits <c>notify.email</c> {to: [], cc?: [], bcc?: [], from?, subject, body, attachments?}, class notice, not awaited. An attachment is
/// {attachmentId} of this case, or Elsa's {fileName, contentType?, content}.
/// </summary>
[Activity("Elsa.SendEmail", Category = "Email", Zh = "发送邮件", En = "Send email", Kind = ActivityKind.Task,
    DescriptionZh = "向地址发送一封邮件。", DescriptionEn = "Sends an email to addresses.")]
internal sealed class SendEmail : CodeActivity
{
    [Input(Zh = "发件人", En = "From")]
    public string? From { get; set; }

    [Input(Zh = "收件人", En = "To", Hint = "multitext", Required = true)]
    public JsonNode? To { get; set; }

    [Input(Zh = "抄送", En = "Cc", Hint = "multitext")]
    public JsonNode? Cc { get; set; }

    [Input(Zh = "密送", En = "Bcc", Hint = "multitext")]
    public JsonNode? Bcc { get; set; }

    [Input(Zh = "主题", En = "Subject")]
    public string Subject { get; set; } = "";

    [Input(Zh = "正文", En = "Body", Hint = "multiline")]
    public string Body { get; set; } = "";

    [Input(Zh = "附件", En = "Attachments", Hint = "json-editor", DescriptionZh = "本流程附件的编号列表，或 {fileName, contentType, content}；合计不超过 20 MB。",
        DescriptionEn = "Ids of attachments of this case, or {fileName, contentType, content}; 20 MB together.")]
    public JsonNode? Attachments { get; set; }

    protected override void Run(ActivityContext context)
    {
        var to = Addresses(To);
        if (to.Count == 0)
            throw new ActivityFailure("no-recipient", "邮件没有收件人 (the mail has no recipient)");
        var mail = new JsonObject { ["to"] = to, ["subject"] = Subject, ["body"] = Body };
        if (!string.IsNullOrEmpty(From))
            mail["from"] = From;
        if (Addresses(Cc) is { Count: > 0 } cc)
            mail["cc"] = cc;
        if (Addresses(Bcc) is { Count: > 0 } bcc)
            mail["bcc"] = bcc;
        if (Files(Attachments) is { Count: > 0 } files)
            mail["attachments"] = files;
        context.Perform(Notices.Email, mail, EffectClass.Notice, wait: false);
    }

    /// <summary>An id may stand alone; what it means is {attachmentId}.</summary>
    private static JsonArray Files(JsonNode? value) => new([.. Loop.Items(value).Select(file =>
        file is JsonValue one && one.TryGetValue(out string? id) ? id.Trim().Length > 0 ? new JsonObject { ["attachmentId"] = id.Trim() } : null : file?.DeepClone()).OfType<JsonNode>()]);

    private static JsonArray Addresses(JsonNode? value) => new([.. Loop.Items(value).Select(ValueConverter.Text).OfType<string>()
        .SelectMany(text => text.Split([',', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(text => (JsonNode)text)]);
}
