using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Store;

/// <summary>
/// Lays what the owner registered about each party over the list (catalogue 1.2) and says who is still to be told. Leaves by Undelivered when a notice
/// did not arrive: waiting for its receipt would bring nothing, so that party is called.
/// </summary>
[Activity("Store.NoteReceipts", Category = "Store", Zh = "登记告知情况", En = "Note receipts",
    DescriptionZh = "把登记的回执并入名单，得出还有谁未告知。", DescriptionEn = "Lays registered receipts over the list and says who is still to be told.")]
[Outcome("AllTold", Zh = "全部已告知", En = "All told")]
[Outcome("Silent", Zh = "有未回复", En = "Silent")]
[Outcome("Undelivered", Zh = "有未送达", En = "Undelivered")]
internal sealed class NoteReceipts : CodeActivity
{
    [Input(Zh = "名单", En = "List", Required = true)]
    public JsonArray? Parties { get; set; }

    [Input(Zh = "登记", En = "Answers", DescriptionZh = "登记表的内容；不填则只看名单。", DescriptionEn = "The filled form; empty only looks at the list.")]
    public JsonObject? Answers { get; set; }

    [Input(Zh = "跟进时间", En = "Until", DescriptionZh = "到此时仍未回复的要跟进。", DescriptionEn = "Who is silent then is called.")]
    public DateTimeOffset? Until { get; set; }

    [Output(Zh = "新名单", En = "List")]
    public JsonArray? List { get; set; }

    [Output(Zh = "名单（供阅读）", En = "List in words")]
    public JsonArray? Words { get; set; }

    [Output(Zh = "未告知者的联系方式", En = "Addresses of the silent")]
    public JsonArray? SilentAddresses { get; set; }

    [Output(Zh = "登记表", En = "Form")]
    public JsonObject? Form { get; set; }

    [Output(Zh = "电话登记表", En = "Form for calls")]
    public JsonObject? PhoneForm { get; set; }

    [Output(Zh = "剩余时间", En = "Time left")]
    public TimeSpan? Left { get; set; }

    protected override void Run(ActivityContext context)
    {
        List = (JsonArray?)Parties?.DeepClone() ?? [];
        var rows = List.OfType<JsonObject>().ToList();
        var isUndelivered = false;
        foreach (var (row, index) in rows.Select((row, index) => (row, index)).Where(r => !Store.Parties.IsTold(r.row)))
        {
            if (ValueConverter.Text(Answers?[Store.Parties.Key(index)]) is not { Length: > 0 } answer)
                continue;
            row["state"] = answer;
            isUndelivered |= answer == Store.Parties.Undelivered;
            if (Store.Parties.Tells(row, answer))
                row["toldAt"] = ValueConverter.ToJson(context.Now);
            if (ValueConverter.Text(Answers?["note"]) is { Length: > 0 } note)
                row["note"] = note;
        }

        var silent = rows.Where(r => !Store.Parties.IsTold(r)).ToList();
        SilentAddresses = Store.Parties.Contacts(silent);
        (Words, Form, PhoneForm) = (Store.Parties.Words(List), Store.Parties.Form(List, byPhone: false), Store.Parties.Form(List, byPhone: true));
        Left = Until is { } until && until > context.Now ? until - context.Now : TimeSpan.FromSeconds(1);
        context.Complete(silent.Count == 0 ? "AllTold" : isUndelivered ? "Undelivered" : "Silent");
    }
}
