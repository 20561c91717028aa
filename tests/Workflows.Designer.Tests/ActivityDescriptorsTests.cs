using System.Text.Json.Nodes;
using Workflows.Activities;
using Workflows.Designer.Api;
using Workflows.Engine.Clocks;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Tests;

/// <summary>What Studio must be told of each activity, or its panels break.</summary>
public sealed class ActivityDescriptorsTests
{
    private static readonly OrganisationSnapshot People = new(new OrganisationData([new Person("ann", "李安", null, null, null, ["supervisor"]), new Person("bob", "王波", null, null, null, ["finance"], IsActive: false)]) { Posts = [new Post("supervisor", "上级主管")] });
    private static readonly List<JsonObject> All = [.. new ActivityDescriptors(ActivityRegistration.Catalogue(), TimeRules.Shipped, true).Build(People, []).Select(d => (JsonObject)d!)];

    /// <summary>Editors that Studio has; an unknown one leaves the input without any.</summary>
    private static readonly HashSet<string> Hints =
    [
        "singleline", "multiline", "checkbox", "dropdown", "checklist", "radiolist", "multitext", "datetime-picker", "code-editor", "json-editor", "expression-editor", "variable-picker", "input-picker",
        "output-picker", "outcome-picker", "type-picker", "dictionary", "dynamic-outcomes", "flow-switch-editor", "switch-editor", "http-status-codes", "workflow-definition-picker",
    ];

    [Fact]
    public void Every_type_and_version_stands_once_with_labels_ports_and_known_editors()
    {
        Assert.Equal(All.Count, All.Select(d => $"{d["typeName"]} {d["version"]}").Distinct().Count());
        Assert.Contains(All, d => (string?)d["typeName"] == "Elsa.Flowchart");
        Assert.False((bool)Of("Elsa.NotFoundActivity")["isBrowsable"]!);
        foreach (var descriptor in All)
        {
            var type = (string)descriptor["typeName"]!;
            Assert.False(string.IsNullOrWhiteSpace((string?)descriptor["displayName"]), type);
            Assert.True((string?)descriptor["displayName"] is { } shown && shown.Any(c => c > 0xff || !(bool)descriptor["isBrowsable"]!) || type.Contains("Http", StringComparison.Ordinal), $"{type}: {descriptor["displayName"]}");
            Assert.True(((string)descriptor["category"]!).Any(c => c > 0xff), $"{type}: no Chinese category {descriptor["category"]}");
            foreach (var member in new[] { "ports", "inputs", "outputs" })
                Assert.IsType<JsonArray>(descriptor[member]);
            foreach (var input in descriptor["inputs"]!.AsArray())
                Assert.True(Hints.Contains((string)input!["uiHint"]!), $"{type}.{input["name"]}: {input["uiHint"]}");
            Assert.Equal(descriptor["ports"]!.AsArray().Count, descriptor["ports"]!.AsArray().Select(p => (string)p!["name"]!).Distinct().Count());
        }
    }

    [Fact]
    public void Drop_downs_offer_the_people_and_posts_of_today()
    {
        var approver = Choices("Human.Approval", "Approver", "dropdown", "selectList");
        var roles = Choices("Human.Approval", "Roles", "checklist", "checkList");

        Assert.Contains(("岗位：上级主管", "role:supervisor"), approver);
        Assert.Contains(("人员：李安（ann）", "ann"), approver);
        Assert.Contains(("申请人的上级", "manager"), approver);
        Assert.DoesNotContain(approver, c => c.Value.Contains("bob", StringComparison.Ordinal) || c.Value.Contains("finance", StringComparison.Ordinal));
        Assert.Equal([("上级主管", "supervisor")], roles);
        Assert.Contains(Choices("Human.Approval", "Ladder", "dropdown", "selectList"), c => c.Value == "L-DAY");
        Assert.Contains(Choices("Human.Approval", "Calendar", "dropdown", "selectList"), c => c.Value == "office");
        Assert.Contains(Choices("Duty.Page", "Rota", "dropdown", "selectList"), c => c.Value == "duty");
        Assert.Contains(("任务逾期（task.overdue）", "task.overdue"), Choices("Notify.Message", "Event", "dropdown", "selectList"));
        Assert.Contains(("（不选）", ""), Choices("Notify.Message", "Event", "dropdown", "selectList"));
        Assert.DoesNotContain(Choices("Duty.Page", "Rota", "dropdown", "selectList"), c => c.Value.Length == 0);
        Assert.Contains(("会签（须全部同意）", "All"), Choices("Human.Approval", "Mode", "dropdown", "selectList"));
    }

    [Fact]
    public void Durations_have_a_hint_and_outcomes_chinese_names()
    {
        var due = Of("Human.Approval")["inputs"]!.AsArray().Single(i => (string?)i!["name"] == "DueIn")!;

        Assert.Equal("天.时:分:秒", (string?)due["uiSpecifications"]!["singleline"]!["adornmentText"]);
        Assert.Equal(["同意", "驳回", "退回"], Of("Human.Approval")["ports"]!.AsArray().Select(p => (string)p!["displayName"]!));
        Assert.Equal(["是", "否"], Of("Elsa.FlowDecision")["ports"]!.AsArray().Select(p => (string)p!["displayName"]!));
        Assert.Empty(Of("Elsa.End")["ports"]!.AsArray());
    }

    private static JsonObject Of(string type) => All.Single(d => (string?)d["typeName"] == type);

    private static List<(string Text, string Value)> Choices(string type, string input, string hint, string list)
    {
        var found = Of(type)["inputs"]!.AsArray().Single(i => (string?)i!["name"] == input)!;
        Assert.Equal(hint, (string?)found["uiHint"]);
        return [.. found["uiSpecifications"]![hint]![list]!["items"]!.AsArray().Select(i => ((string)i!["text"]!, (string)i["value"]!))];
    }
}
