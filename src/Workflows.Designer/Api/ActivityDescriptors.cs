using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;

namespace Workflows.Designer.Api;

/// <summary>A published definition that others may use as a step.</summary>
/// <param name="TypeName">How it stands as an activity type in a definition.</param>
internal sealed record UsableWorkflow(string TypeName, string Name, string? Description, string DefinitionId, string VersionId, int Version, JsonArray Inputs, JsonArray Outputs, JsonArray Outcomes);

/// <summary>
/// The toolbox: every activity class as Studio wants it described, out of the attributes of the class. Choices of people, posts, calendars, ladders and rotas are those of
/// today.
/// </summary>
internal sealed class ActivityDescriptors(ActivityCatalogue catalogue, TimeRules times, bool isChinese)
{
    /// <summary>Input of the stand-in for an unknown activity that gives it the ports its connections need.</summary>
    public const string StandInPorts = "outcomes";

    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Human"] = "人工办理",
        ["Notify"] = "消息通知",
        ["Email"] = "消息通知",
        ["Clock"] = "时限",
        ["Duty"] = "值班",
        ["Scheduling"] = "时间",
        ["Branching"] = "分支",
        ["Looping"] = "循环",
        ["Flow"] = "流程控制",
        ["Control Flow"] = "流程控制",
        ["Composition"] = "子流程",
        ["Compensation"] = "回滚",
        ["Events"] = "事件",
        ["HTTP"] = "系统接口",
        ["Primitives"] = "数据",
        ["Store"] = "店铺操作",
        ["Workflows"] = "流程管理",
        ["Governance"] = "流程管理",
        ["System"] = "系统",
    };

    private static readonly Dictionary<string, (string Zh, string En)> Words = new(StringComparer.Ordinal)
    {
        ["Done"] = ("完成", "Done"),
        ["True"] = ("是", "True"),
        ["False"] = ("否", "False"),
        ["Default"] = ("其他", "Default"),
        ["site"] = ("站内信", "Inbox"),
        ["email"] = ("邮件", "Email"),
        ["sms"] = ("短信", "SMS"),
    };

    public JsonArray Build(OrganisationSnapshot organisation, IReadOnlyList<UsableWorkflow> workflows)
    {
        var all = new JsonArray();
        foreach (var type in catalogue.Types.OrderBy(t => t.Type, StringComparer.Ordinal))
            all.Add(Describe(type, organisation));
        foreach (var workflow in workflows.Where(w => catalogue.Find(w.TypeName) is null))
            all.Add(Describe(workflow));
        return all;
    }

    private JsonObject Describe(ActivityType type, OrganisationSnapshot organisation)
    {
        var info = type.Info;
        var dot = type.Type.LastIndexOf('.');
        var inputs = new JsonArray();
        foreach (var (input, order) in type.Inputs.Select((i, n) => (i, n)))
            inputs.Add(Describe(input, order, organisation));
        if (type.ClrType == typeof(NotFoundActivity))
        {
            inputs.Add(Input(StandInPorts, isChinese ? "出口" : "Outcomes", "", "String[]", "dynamic-outcomes", 0, null, "Object", true, false, new JsonObject()));
            inputs[^1]!["isBrowsable"] = false;
            inputs[^1]!["isReadOnly"] = true;
        }

        return new JsonObject
        {
            ["typeName"] = type.Type,
            ["namespace"] = dot < 0 ? "" : type.Type[..dot],
            ["name"] = type.Type[(dot + 1)..],
            ["version"] = info.Version,
            ["category"] = isChinese ? Categories.GetValueOrDefault(info.Category, info.Category) : info.Category,
            ["displayName"] = isChinese ? info.Zh : info.En,
            ["description"] = isChinese ? info.DescriptionZh : info.DescriptionEn,
            ["kind"] = info.Kind.ToString(),
            ["ports"] = Ports(type),
            ["inputs"] = inputs,
            ["outputs"] = Json.Array(type.Outputs.Select((o, n) => (JsonNode)new JsonObject
            {
                ["name"] = Pascal(o.Name),
                ["displayName"] = (isChinese ? o.Info.Zh : o.Info.En) ?? o.Name,
                ["description"] = null,
                ["typeName"] = TypeName(o.ClrType),
                ["order"] = n,
                ["isBrowsable"] = true,
                ["isSynthetic"] = false,
                ["isSerializable"] = true,
            })),
            ["isBrowsable"] = info.IsBrowsable,
            ["isContainer"] = info.IsContainer,
            ["isStart"] = info.IsStart,
            ["isTerminal"] = info.IsTerminal,
            ["runAsynchronously"] = false,
            ["customProperties"] = new JsonObject(),
            ["constructionProperties"] = new JsonObject(),
        };
    }

    private JsonArray Ports(ActivityType type)
    {
        var ports = new JsonArray();
        foreach (var branch in type.Branches.Where(b => !b.IsList))
            ports.Add(Port(Pascal(branch.Name), (isChinese ? branch.Info.Zh : branch.Info.En) ?? branch.Name, "Embedded"));
        // The ports of a switch are made of its cases, those of the stand-in of its connections.
        if (type.Info.IsTerminal || type.ClrType == typeof(NotFoundActivity))
            return ports;
        if (type.Type == "Elsa.FlowSwitch")
        {
            ports.Add(Port("Default", isChinese ? "其他" : "Default", "Flow"));
            return ports;
        }

        if (type.Outcomes.Count == 0 && !type.Inputs.Any(i => i.Info.Hint == "dynamic-outcomes"))
            ports.Add(Port("Done", Word("Done"), "Flow"));
        foreach (var outcome in type.Outcomes)
            ports.Add(Port(outcome.Name, (isChinese ? outcome.Zh : outcome.En) ?? Word(outcome.Name), "Flow"));
        return ports;
    }

    private static JsonObject Port(string name, string display, string type) =>
        new() { ["name"] = name, ["displayName"] = display, ["type"] = type, ["isBrowsable"] = true };

    private JsonObject Describe(InputDescriptor input, int order, OrganisationSnapshot organisation)
    {
        var info = input.Info;
        var clr = Nullable.GetUnderlyingType(input.ClrType) ?? input.ClrType;
        var isList = clr.IsArray || (clr != typeof(string) && !typeof(JsonNode).IsAssignableFrom(clr) && typeof(System.Collections.IEnumerable).IsAssignableFrom(clr));
        var choices = Choices(input, clr, organisation);
        var hint = choices is not null && info.Hint is "singleline" or "multitext" or "dropdown" or "checklist"
            ? choices is null ? info.Hint : isList ? "checklist" : "dropdown"
            : clr == typeof(bool) && info.Hint == "singleline" ? "checkbox"
            : info.Hint;
        var specifications = new JsonObject();
        if (choices is not null && hint == "dropdown")
            specifications["dropdown"] = new JsonObject { ["selectList"] = new JsonObject { ["items"] = Items(isList || info.Required || DefaultOf(input, clr) is JsonValue ? choices : [(isChinese ? "（不选）" : "(none)", ""), .. choices]), ["isFlagsEnum"] = false } };
        else if (choices is not null && hint == "checklist")
            specifications["checklist"] = new JsonObject { ["checkList"] = new JsonObject { ["items"] = Items(choices, isCheckList: true), ["isFlagsEnum"] = false } };
        else if (clr == typeof(TimeSpan))
            specifications["singleline"] = new JsonObject { ["adornmentText"] = isChinese ? "天.时:分:秒" : "d.hh:mm:ss" };
        var syntax = hint is "checklist" or "multitext" or "dynamic-outcomes" or "dictionary" ? "Object" : info.Syntax;
        var description = isChinese ? info.DescriptionZh : info.DescriptionEn;
        if (clr == typeof(TimeSpan) && description.Length == 0)
            description = isChinese ? "例：1.00:00:00 为 1 天，12:00:00 为 12 小时" : "1.00:00:00 is one day, 12:00:00 twelve hours";
        return Input(input.Name, (isChinese ? info.Zh : info.En) ?? input.Name, description, TypeName(input.ClrType), hint, order, DefaultOf(input, clr), syntax, info.Wrapped, info.IsSensitive, specifications);
    }

    private static JsonObject Input(string name, string display, string description, string typeName, string hint, int order, JsonNode? initial, string syntax, bool isWrapped, bool isSensitive, JsonObject specifications) => new()
    {
        ["name"] = Pascal(name),
        ["displayName"] = display,
        ["description"] = description,
        ["typeName"] = typeName,
        ["uiHint"] = hint,
        ["order"] = order,
        ["category"] = null,
        ["defaultValue"] = initial,
        ["defaultSyntax"] = syntax,
        ["isWrapped"] = isWrapped,
        ["isBrowsable"] = true,
        ["isSynthetic"] = false,
        ["isReadOnly"] = false,
        ["isSensitive"] = isSensitive,
        ["isSerializable"] = true,
        ["autoEvaluate"] = true,
        ["storageDriverType"] = null,
        ["uiSpecifications"] = specifications,
    };

    /// <summary>What the form shows while nothing is given. Lists and structures are left out: their editors want text.</summary>
    private static JsonNode? DefaultOf(InputDescriptor input, Type clr) =>
        input.Default is JsonValue value && (clr == typeof(string) || clr == typeof(bool) || clr.IsEnum || clr == typeof(TimeSpan) || clr.IsPrimitive || clr == typeof(decimal)) ? value.DeepClone() : null;

    private List<(string Text, string Value)>? Choices(InputDescriptor input, Type clr, OrganisationSnapshot organisation)
    {
        var info = input.Info;
        if (info.Options.Length > 0)
            return [.. info.Options.Select((o, n) => (isChinese ? info.OptionsZh.ElementAtOrDefault(n) ?? Word(o) : o, o))];
        // An input called "roles", "calendar", "ladder" or "rota" holds that wherever it stands.
        return (info.Source ?? input.Name) switch
        {
            "calendar" when clr == typeof(string) => [.. times.Calendars.Select(c => (c.Name, c.Id))],
            "ladder" when clr == typeof(string) => [(isChinese ? "不通知" : "Tell nobody", "none"), .. times.Ladders.Select(l => (l.Name, l.Id))],
            "rota" when clr == typeof(string) => [.. times.Rotas.Select(r => (r.Name, r.Id))],
            InputSources.Events => [.. MessageEvents.All.Select(e => ($"{(isChinese ? e.Zh : e.En)}（{e.Name}）", e.Name))],
            InputSources.Roles => Roles(organisation),
            InputSources.People => People(organisation),
            InputSources.Approvers =>
            [
                (isChinese ? "申请人的上级" : "Manager of the applicant", InputSources.ApproverManager),
                (isChinese ? "申请人的部门负责人" : "Head of the applicant's department", InputSources.ApproverDepartmentHead),
                (isChinese ? "由申请人选择" : "Chosen by the applicant", InputSources.ApproverChosen),
                .. Roles(organisation).Select(r => ((isChinese ? "岗位：" : "Post: ") + r.Text, "role:" + r.Value)),
                .. People(organisation).Select(p => ((isChinese ? "人员：" : "Person: ") + p.Text, p.Value)),
            ],
            _ when clr.IsEnum => [.. Enum.GetNames(clr).Select(n => (Word(n), n))],
            _ => null,
        };
    }

    internal static List<(string Text, string Value)> Roles(OrganisationSnapshot organisation) =>
        [.. organisation.People.SelectMany(p => p.Roles).Distinct().Select(r => (RoleName(r, organisation), r)).OrderBy(r => r.r, StringComparer.Ordinal)];

    /// <summary>The post of the same key names a role; else whoever alone holds it does.</summary>
    internal static string RoleName(string role, OrganisationSnapshot organisation) =>
        organisation.FindPost(role)?.Name ?? (organisation.InRole(role) is [var only] ? only.DisplayName : role);

    private static List<(string Text, string Value)> People(OrganisationSnapshot organisation) =>
        [.. organisation.People.Select(p => ($"{p.DisplayName}（{p.UserName}）", p.UserName))];

    private static JsonArray Items(IEnumerable<(string Text, string Value)> choices, bool isCheckList = false) => Json.Array(choices.Select(c =>
    {
        var item = new JsonObject { ["text"] = c.Text, ["value"] = c.Value };
        if (isCheckList)
            item["isChecked"] = false;
        return (JsonNode)item;
    }));

    private JsonObject Describe(UsableWorkflow workflow)
    {
        var inputs = new JsonArray();
        foreach (var (input, order) in workflow.Inputs.OfType<JsonObject>().Select((i, n) => (i, n)))
        {
            if (input.Text("name") is { } name)
                inputs.Add(Input(name, input.Text("displayName") ?? name, input.Text("description") ?? "", input.Text("type") ?? "Object", input.Text("uiHint") is { } hint and ("singleline" or "multiline" or "checkbox" or "json-editor" or "multitext") ? hint : "singleline", order, null, "Literal", true, false, []));
        }

        foreach (var input in inputs)
            input!["isSynthetic"] = true;
        return new JsonObject
        {
            ["typeName"] = workflow.TypeName,
            ["namespace"] = "Workflows",
            ["name"] = workflow.TypeName,
            ["version"] = workflow.Version,
            ["category"] = isChinese ? "子流程" : "Workflows",
            ["displayName"] = workflow.Name,
            ["description"] = workflow.Description ?? "",
            ["kind"] = "Action",
            ["ports"] = Json.Array(workflow.Outcomes.Count > 0
                ? workflow.Outcomes.Select(o => (JsonNode)Port(ValueConverter.Text(o) ?? "", ValueConverter.Text(o) ?? "", "Flow"))
                : [Port("Done", Word("Done"), "Flow")]),
            ["inputs"] = inputs,
            ["outputs"] = Json.Array(workflow.Outputs.OfType<JsonObject>().Where(o => o.Text("name") is not null).Select((o, n) => (JsonNode)new JsonObject
            {
                ["name"] = o.Text("name"),
                ["displayName"] = o.Text("displayName") ?? o.Text("name"),
                ["description"] = o.Text("description"),
                ["typeName"] = o.Text("type") ?? "Object",
                ["order"] = n,
                ["isBrowsable"] = true,
                ["isSynthetic"] = true,
            })),
            ["isBrowsable"] = true,
            ["isContainer"] = false,
            ["isStart"] = false,
            ["isTerminal"] = false,
            ["runAsynchronously"] = false,
            ["customProperties"] = new JsonObject { ["RootType"] = "WorkflowDefinitionActivity" },
            ["constructionProperties"] = new JsonObject
            {
                ["workflowDefinitionId"] = workflow.DefinitionId,
                ["workflowDefinitionVersionId"] = workflow.VersionId,
                ["latestAvailablePublishedVersion"] = workflow.Version,
                ["latestAvailablePublishedVersionId"] = workflow.VersionId,
            },
        };
    }

    private string Word(string key) => Words.TryGetValue(key, out var words) ? isChinese ? words.Zh : words.En : key;

    private static string Pascal(string name) => name.Length > 0 ? char.ToUpperInvariant(name[0]) + name[1..] : name;

    /// <summary>Elsa's short names.</summary>
    internal static string TypeName(Type type)
    {
        var clr = Nullable.GetUnderlyingType(type) ?? type;
        return clr == typeof(string[]) || clr == typeof(List<string>) || clr == typeof(IReadOnlyList<string>) ? "String[]"
            : clr == typeof(string) || clr == typeof(bool) || clr == typeof(int) || clr == typeof(long) || clr == typeof(decimal) || clr == typeof(double)
                || clr == typeof(TimeSpan) || clr == typeof(DateTimeOffset) || clr == typeof(DateTime) || clr == typeof(Guid) ? clr.Name
            : clr.IsEnum ? "String"
            : "Object";
    }
}
