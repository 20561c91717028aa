using System.Text.Json.Nodes;
using Workflows.Activities;
using Workflows.Designer.Processes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Designer.Tests;

/// <summary>Differences in words, on the process that ships.</summary>
public sealed class ProcessDiffTests
{
    private static readonly OrganisationSnapshot People = new(new OrganisationData([new Person("ann", "李安", null, null, null, ["supervisor"])]) { Posts = [new Post("supervisor", "上级主管"), new Post("finance", "财务")] });

    [Fact]
    public void A_version_does_not_differ_from_itself_nor_from_what_studio_makes_of_it()
    {
        var document = Shipped();
        var saved = Change(document, json =>
        {
            // Moved on the drawing, references as text, members in another order, what was null left out.
            foreach (var activity in json["root"]!["activities"]!.AsArray().OfType<JsonObject>())
            {
                activity["metadata"]!["designer"]!["position"]!["x"] = 7;
                foreach (var (member, value) in activity.ToList())
                {
                    if (value is JsonObject input && input["expression"] is JsonObject { } expression && expression["value"] is JsonObject reference)
                        expression["value"] = reference.ToJsonString();
                    if (value is JsonObject wrapped && wrapped.ContainsKey("expression"))
                        wrapped["memoryReference"] = null;
                }
            }
        });

        Assert.Empty(Compare(document, document));
        Assert.Empty(Compare(document, saved));
    }

    [Fact]
    public void A_deadline_is_told_in_hours()
    {
        var after = ProcessParameters.With(Shipped(), new Dictionary<string, string> { ["firstConfirmDue"] = "12:00:00", ["supervisorWorkingDays"] = "2" });

        Assert.Equal(["参数“主管审核期限” 1 工作日 → 2 工作日", "参数“操作人员确认期限” 24 小时 → 12 小时"], Compare(Shipped(), after));
    }

    [Fact]
    public void Inputs_are_told_by_their_labels_and_people_by_their_posts()
    {
        var after = Change(Shipped(), json =>
        {
            var node = Node(json, "supervisor");
            node["dueIn"] = Input("TimeSpan", "Literal", "12:00:00");
            node["target"] = Input("Decimal", "Literal", "3");
            node["roles"] = Input("Object", "Object", "[\"supervisor\",\"finance\"]");
            node["fourEyes"] = Input("Boolean", "Literal", "False");
            node["mode"] = Input("String", "Literal", "All");
            node["approver"] = Input("String", "Literal", "manager");
            node["metadata"]!["displayText"] = "主管审批";
        });

        Assert.Equal(
            [
                "步骤改名 “主管审核” → “主管审批”",
                "主管审批 审批岗位（可多选） 上级主管 → 上级主管、财务",
                "主管审批 时限 变量 主管审核期限 → 3",
                "主管审批 办理期限 未填 → 12 小时",
                "主管审批 四眼原则 是（默认） → 否",
                "主管审批 多人审批方式 未填 → 会签（须全部同意）",
                "主管审批 审批人 未填 → 申请人的上级",
            ],
            Compare(Shipped(), after));
    }

    [Fact]
    public void Steps_and_connections_that_come_and_go_are_told_by_name()
    {
        var after = Change(Shipped(), json =>
        {
            var flow = json["root"]!.AsObject();
            var activities = flow["activities"]!.AsArray();
            activities.Remove(Node(json, "tellDone"));
            activities.Add(new JsonObject { ["id"] = "extra", ["type"] = "Human.Approval", ["version"] = 1, ["name"] = "extra", ["metadata"] = new JsonObject { ["displayText"] = "财务复核" } });
            var connections = flow["connections"]!.AsArray();
            connections.Where(c => (string?)c!["source"]!["activity"] == "tellDone" || (string?)c["target"]!["activity"] == "tellDone").ToList().ForEach(c => connections.Remove(c));
            connections.Add(new JsonObject { ["source"] = new JsonObject { ["activity"] = "supervisor", ["port"] = "Returned" }, ["target"] = new JsonObject { ["activity"] = "extra", ["port"] = "In" } });
        });
        var changes = Compare(Shipped(), after);

        Assert.Contains("新增步骤“财务复核”（审批）", changes);
        Assert.Contains("删除步骤“发送总结”（发送通知）", changes);
        Assert.Contains("新增连线 “主管审核”的“退回” → “财务复核”", changes);
        Assert.Contains(changes, c => c.StartsWith("删除连线 “发送总结”", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.00:00:00", "24 小时")]
    [InlineData("2.00:00:00", "48 小时")]
    [InlineData("7.00:00:00", "7 天")]
    [InlineData("00:30:00", "30 分钟")]
    [InlineData("01:30:00", "90 分钟")]
    [InlineData("P3D", "3 天")]
    [InlineData("1.00:00:01", "1.00:00:01")]
    [InlineData("soon", "soon")]
    public void Durations_are_said_as_people_say_them(string written, string said) => Assert.Equal(said, Words.Duration(written));

    private static readonly ValueWords Words = new(ActivityRegistration.Catalogue(), People, isChinese: true);

    private static List<string> Compare(DefinitionDocument before, DefinitionDocument after) => [.. ProcessDiff.Compare(before, after, Words).Select(c => c.Text)];

    internal static DefinitionDocument Shipped(string name = "activity_deletion") => Read(File.ReadAllText(Path.Combine(Repository.Root, "definitions", "promotion", name + ".json")));

    internal static DefinitionDocument Read(string text) => Assert.IsType<ReadResult.Read>(DefinitionReader.Read(text)).Document;

    internal static DefinitionDocument Change(DefinitionDocument document, Action<JsonObject> change)
    {
        var json = (JsonObject)document.Json.DeepClone();
        change(json);
        return Read(json.ToJsonString());
    }

    internal static JsonObject Node(JsonObject json, string id) => json["root"]!["activities"]!.AsArray().OfType<JsonObject>().Single(a => (string?)a["id"] == id);

    internal static JsonObject Input(string type, string syntax, string value) => new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };
}
