using System.Text.Json.Nodes;
using Workflows.Activities.ControlFlow;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Store;

/// <summary>
/// The list of parties a deletion affects (catalogue 1.2): those of the application (names with contacts beside them, or rows), and those that the owner
/// adds when checking it. A party named twice is one; what was added last says how to reach it.
/// </summary>
[Activity("Store.PartyList", Category = "Store", Zh = "整理相关方名单", En = "List parties",
    DescriptionZh = "把申请中的相关方和补充的相关方整理成名单，同名的合并。", DescriptionEn = "Makes one list of the parties of an application and those added to it.")]
[Outcome("Some", Zh = "有相关方", En = "Some")]
[Outcome("Nobody", Zh = "没有相关方", En = "Nobody")]
internal sealed class PartyList : CodeActivity
{
    [Input(Zh = "相关方", En = "Parties", DescriptionZh = "名称的列表，或含 party、kind、contact、affects 的行。", DescriptionEn = "Names, or rows of party, kind, contact, affects.")]
    public JsonNode? Parties { get; set; }

    [Input(Zh = "联系方式", En = "Contacts", DescriptionZh = "按名称的顺序，邮箱或手机号。", DescriptionEn = "Addresses in the order of the names.")]
    public JsonNode? Contacts { get; set; }

    [Input(Zh = "补充", En = "Added", DescriptionZh = "表单内容，各行在 added 中。", DescriptionEn = "A filled form, its rows under added.")]
    public JsonObject? Added { get; set; }

    [Output(Zh = "名单", En = "List")]
    public JsonArray? List { get; set; }

    [Output(Zh = "名单（供阅读）", En = "List in words")]
    public JsonArray? Words { get; set; }

    [Output(Zh = "全部联系方式", En = "All addresses")]
    public JsonArray? Addresses { get; set; }

    [Output(Zh = "登记表", En = "Form")]
    public JsonObject? Form { get; set; }

    [Output(Zh = "电话登记表", En = "Form for calls")]
    public JsonObject? PhoneForm { get; set; }

    protected override void Run(ActivityContext context)
    {
        var contacts = Loop.Items(Contacts).Select(ValueConverter.Text).ToList();
        var rows = new List<JsonObject>();
        foreach (var (party, index) in Loop.Items(Parties).Select((party, index) => (party, index)))
            Add(party as JsonObject ?? new JsonObject { ["party"] = ValueConverter.Text(party) }, contacts.ElementAtOrDefault(index));
        // An address without a name beside it is a party too: nobody who was to be told is left out.
        foreach (var contact in contacts.Skip(Loop.Items(Parties).Count))
            Add(new JsonObject { ["party"] = contact }, contact);
        foreach (var row in Loop.Items(Added?["added"]).OfType<JsonObject>())
            Add(row, null);

        (List, Addresses) = ([.. rows], Store.Parties.Contacts(rows));
        (Words, Form, PhoneForm) = (Store.Parties.Words(List), Store.Parties.Form(List, byPhone: false), Store.Parties.Form(List, byPhone: true));
        context.Complete(rows.Count > 0 ? "Some" : "Nobody");

        void Add(JsonObject given, string? contact)
        {
            if (Text(given, "party") is not { Length: > 0 } party)
                return;
            var row = Store.Parties.Row(party, Text(given, "kind"), Text(given, "contact") is { Length: > 0 } own ? own : contact, Text(given, "affects"));
            var index = rows.FindIndex(r => (string?)r["party"] == (string?)row["party"]);
            if (index < 0)
                rows.Add(row);
            else
                rows[index] = row;
        }
    }

    private static string? Text(JsonObject row, string field) => ValueConverter.Text(row[field])?.Trim();
}
