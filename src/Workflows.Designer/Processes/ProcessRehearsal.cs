using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Rehearsal;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;

namespace Workflows.Designer.Processes;

/// <summary>A field of the application, or of a step's form.</summary>
/// <param name="Name">Name of the form's field on the page.</param>
/// <param name="Options">What can be chosen; empty when it is typed.</param>
public sealed record RehearsalField(string Name, string Label, bool IsLong, bool IsRequired, IReadOnlyList<string> Options, string Value);

/// <summary>A step that people do, and what they will do in the rehearsal.</summary>
/// <param name="Action">Empty for the usual, "none" for nobody.</param>
public sealed record RehearsalStep(string NodeId, string Name, IReadOnlyList<string> Actions, string Action, string After, string Unit, IReadOnlyList<RehearsalField> Fields);

/// <summary>The page's form, as it is filled.</summary>
public sealed record RehearsalForm(IReadOnlyList<RehearsalField> Inputs, IReadOnlyList<RehearsalStep> Steps, string InitiatedBy, string StartsAt);

/// <summary>What came of it: the draft, and the version in service beside it when there is one.</summary>
public sealed record RehearsalResult(RehearsalReport Now, RehearsalReport? Before, IReadOnlyList<RehearsalChange> Changes);

/// <summary>Makes cases out of what a manager fills in, and plays them; see <see cref="Rehearsal"/>.</summary>
internal sealed class ProcessRehearsal(
    IGraphSource graphs, IInstanceStore instances, IUserTaskStore tasks, IOrganisationSource organisation, ITimeRulesSource rules, IStoreTrials shop, EngineClock clock)
{
    /// <summary>Nobody acts at this step.</summary>
    public const string Nobody = "none";

    private static readonly string[] ApprovalActs = ["approve", "reject", "return"];

    /// <summary>The empty form of a version, or the one of a past case.</summary>
    public async Task<RehearsalForm?> FormAsync(string versionId, string? pastCase, TimeZoneInfo? zone, CancellationToken cancellationToken)
    {
        if (await graphs.FindVersionAsync(versionId, cancellationToken) is not { } graph)
            return null;
        var past = pastCase is null ? null : await instances.LoadAsync(pastCase, cancellationToken);
        var state = past is null ? null : InstanceCodec.Read(past.State.Span);
        var done = pastCase is null ? [] : (await tasks.ListOfInstanceAsync(pastCase, cancellationToken)).Select(t => t.Task).Where(t => t.State == UserTaskState.Completed).ToList();
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in PersonalData.Mask(state?.Input ?? [], graph.PersonalInputs))
            values[InputName(name)] = Shown(value);
        foreach (var task in done.OrderBy(t => t.ClosedAt).DistinctBy(t => t.NodeId))
        {
            var (number, unit) = ProcessParameters.Split(TimeSpan.FromMinutes(Math.Ceiling((task.ClosedAt!.Value - task.CreatedAt).TotalMinutes)).ToString("c", CultureInfo.InvariantCulture));
            (values["a." + task.NodeId], values["t." + task.NodeId], values["u." + task.NodeId]) = (task.Decision ?? "", number, unit);
            foreach (var (name, value) in task.Result as JsonObject ?? [])
                values[FieldName(task.NodeId, name)] = Shown(value);
        }

        values["initiator"] = state?.InitiatedBy ?? UsualInitiator(graph) ?? "";
        values["startsAt"] = TimeZoneInfo.ConvertTime(state?.CreatedAt ?? clock.GetUtcNow(), zone ?? TimeZoneInfo.Utc).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        return Form(graph, name => values.GetValueOrDefault(name));
    }

    /// <summary>The form as somebody filled it.</summary>
    public async Task<RehearsalForm?> FormAsync(string versionId, IFormCollection typed, CancellationToken cancellationToken) =>
        await graphs.FindVersionAsync(versionId, cancellationToken) is { } graph
            ? Form(graph, name => typed[name].ToString().Replace("\0", "", StringComparison.Ordinal).Trim())
            : null;

    /// <summary>Plays the case with a version and, when another is in service, with that too. What cannot be played is said.</summary>
    public async Task<(RehearsalResult? Result, IReadOnlyList<(string Zh, string En)> Problems)> PlayAsync(string versionId, string? inService, RehearsalForm form, TimeZoneInfo? zone, CancellationToken cancellationToken)
    {
        var graph = (await graphs.FindVersionAsync(versionId, cancellationToken))!;
        var (@case, problems) = Case(graph, form, zone);
        if (@case is null)
            return (null, problems);
        var now = await PlayAsync(graph, @case, cancellationToken);
        var before = inService is not null && inService != versionId && await graphs.FindVersionAsync(inService, cancellationToken) is { } old ? await PlayAsync(old, @case, cancellationToken) : null;
        return (new RehearsalResult(now, before, before is null ? [.. now.Lines.Select(l => new RehearsalChange(l, l))] : RehearsalDiff.Compare(before, now)), []);
    }

    private async Task<RehearsalReport> PlayAsync(WorkflowGraph graph, RehearsalCase @case, CancellationToken cancellationToken) => await shop.TryOutAsync(
        perform => new Rehearsal(graphs, organisation.Current, rules.Current, new World(perform)).PlayAsync(graph, @case, cancellationToken),
        cancellationToken);

    private static RehearsalForm Form(WorkflowGraph graph, Func<string, string?> value) => new(
        [.. graph.Inputs.Select(i => new RehearsalField(InputName(i.Name), i.DisplayName ?? i.Name, IsLong(i), i.IsRequired, IsFlag(i.TypeName) ? ["true", "false"] : [], value(InputName(i.Name)) ?? Shown(i.Default)))],
        [
            .. graph.Nodes.Where(n => n.Type is "Human.Approval" or "Human.Task" or "Store.ConfirmDeletion").Select(n => new RehearsalStep(
                n.NodeId,
                n.DisplayText,
                n.Type switch { "Human.Approval" => ApprovalActs, "Human.Task" => ["complete"], _ => ["complete", "reject"] },
                value("a." + n.NodeId) ?? "",
                value("t." + n.NodeId) is { Length: > 0 } after ? after : "10",
                value("u." + n.NodeId) is { Length: > 0 } unit ? unit : "分钟",
                Fields(n, value))),
        ],
        value("initiator") ?? "",
        value("startsAt") ?? "");

    private (RehearsalCase? Case, IReadOnlyList<(string Zh, string En)> Problems) Case(WorkflowGraph graph, RehearsalForm form, TimeZoneInfo? zone)
    {
        var problems = new List<(string Zh, string En)>();
        var input = new Dictionary<string, JsonNode?>();
        foreach (var (declared, field) in graph.Inputs.Zip(form.Inputs))
        {
            if (field.Value.Length == 0)
                continue;
            if (TypeNames.Find(declared.TypeName, declared.IsArray) == typeof(string))
                input[declared.Name] = field.Value;
            else
                input[declared.Name] = Parsed(field.Value);
        }

        problems.AddRange(InputRules.Check(graph, input).Select(f => (f.Zh, f.En)));
        if (!DateTime.TryParse(form.StartsAt, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 2000 or > 2100)
            problems.Add(("请填写开始时间", "Give the time it begins"));
        if (form.InitiatedBy.Length > 0 && organisation.Current.Find(form.InitiatedBy) is not { IsActive: true })
            problems.Add(("没有此在职申请人", "No such active person applies"));
        var acts = new Dictionary<string, RehearsedAct>();
        foreach (var step in form.Steps)
        {
            var (after, wrong) = ProcessParameters.Read(After(step), step.After, step.Unit);
            if (wrong is { } because)
            {
                problems.Add(($"“{step.Name}”：{because.Zh}", $"“{step.Name}”: {because.En}"));
                continue;
            }

            acts[step.NodeId] = new RehearsedAct(step.Action == Nobody ? null : step.Action, TimeSpan.Parse(after!, CultureInfo.InvariantCulture))
            {
                Form = new JsonObject(step.Fields.Where(f => f.Value.Length > 0).Select(f => KeyValuePair.Create(f.Name[(f.Name.LastIndexOf('|') + 1)..], Typed(graph, step.NodeId, f)))),
            };
        }

        if (problems.Count > 0)
            return (null, problems);
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var at = new DateTimeOffset(wall, (zone ?? TimeZoneInfo.Utc).GetUtcOffset(wall)).ToUniversalTime();
        return (new RehearsalCase { Input = input, InitiatedBy = form.InitiatedBy.Length > 0 ? form.InitiatedBy : null, StartsAt = at, Acts = acts }, problems);
    }

    private string? UsualInitiator(WorkflowGraph graph) => (graph.Workflow.CustomProperties?["rights"]?["start"] as JsonArray ?? [])
        .SelectMany(i => organisation.Current.Behind((string)i!)).FirstOrDefault()?.UserName;

    private static ProcessParameter After(RehearsalStep step) => new(step.NodeId, step.Name, "", "TimeSpan", false, "", "00:00:00", "60.00:00:00");

    private static IReadOnlyList<RehearsalField> Fields(ActivityNode node, Func<string, string?> value)
    {
        var schema = SchemaOf(node);
        var required = (schema?["required"] as JsonArray)?.Select(r => (string)r!).ToHashSet() ?? [];
        return
        [
            .. (schema?["properties"] as JsonObject ?? []).Where(p => p.Value?["const"] is null).Select(p => new RehearsalField(
                FieldName(node.NodeId, p.Key),
                (string?)p.Value?["title"] ?? p.Key,
                (int?)p.Value?["maxLength"] > 200 || (string?)p.Value?["type"] is "array" or "object",
                required.Contains(p.Key),
                p.Value?["enum"] is JsonArray options ? [.. options.Select(Shown)] : (string?)p.Value?["type"] == "boolean" ? ["true", "false"] : [],
                value(FieldName(node.NodeId, p.Key)) ?? "")),
        ];
    }

    /// <summary>The form of a step, where it is written down and not computed.</summary>
    private static JsonObject? SchemaOf(ActivityNode node) => node.Inputs.TryGetValue("form", out var binding) && binding.Expression.Type is "Literal" or "Object" or "Json"
        ? (node.Json["form"]?["expression"]?["value"] is JsonValue text && text.TryGetValue(out string? written) ? Parsed(written) : node.Json["form"]?["expression"]?["value"]) as JsonObject
        : null;

    private static JsonNode? Typed(WorkflowGraph graph, string nodeId, RehearsalField field)
    {
        var type = (string?)SchemaOf(graph.Find(nodeId)!)?["properties"]?[field.Name[(field.Name.LastIndexOf('|') + 1)..]]?["type"];
        return type is null or "string" ? field.Value : Parsed(field.Value);
    }

    /// <summary>As JSON where it is, else the text as it stands: the rules of the form say what is wrong with it.</summary>
    private static JsonNode? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static string Shown(JsonNode? value) => value switch
    {
        null => "",
        JsonValue scalar when scalar.TryGetValue(out string? text) => text,
        _ => Designer.Json.Text(value),
    };

    private static bool IsFlag(string type) => type.Split('.')[^1] is "Boolean" or "Bool" or "bool";

    private static bool IsLong(VariableDeclaration input) => input.IsArray || input.TypeName.Split('.')[^1] is "Object" or "JsonObject" or "ObjectDictionary";

    private static string InputName(string input) => "i." + input;

    private static string FieldName(string nodeId, string field) => $"f.{nodeId}|{field}";

    /// <summary>The shop answers as it would, and forgets it; other systems are taken to have agreed.</summary>
    private sealed class World(Func<StoreOperation, Task<StoreOutcome>> perform) : IRehearsalWorld
    {
        public async Task<EffectOutcome> AnswerAsync(Effect effect, CancellationToken cancellationToken) => effect.Kind switch
        {
            "http" => new EffectOutcome.Done(new JsonObject { ["statusCode"] = 200, ["content"] = new JsonObject(), ["headers"] = new JsonObject() }),
            var kind when StoreEffects.Are(kind) => await StoreEffects.PerformAsync(effect, (_, operation) => perform(operation)),
            _ => new EffectOutcome.Done(null),
        };
    }
}
