using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Inbox;

/// <summary>Puts instances and tasks into the words of lists and heads: no raw ids, no status codes.</summary>
internal static class Wording
{
    private const int LongestFact = 60;
    private const int FactsInRow = 3;

    /// <summary>What the definition calls what the instruction of a task says; shown apart from the facts.</summary>
    public const string Instructions = "办理说明";

    /// <summary>活动删除 becomes 活动删除申请; a name that says what it is stays.</summary>
    public static string Application(string definitionName, Texts t) =>
        definitionName.EndsWith("申请", StringComparison.Ordinal) || definitionName.EndsWith("流程", StringComparison.Ordinal) || definitionName.EndsWith('单')
            ? definitionName
            : t.With("inbox.application", definitionName);

    /// <summary>张三提交的活动删除申请</summary>
    public static string Title(string? initiatedBy, string definitionName, OrganisationSnapshot people, Texts t) =>
        t.With("inbox.apply", initiatedBy is null ? t["inbox.system"] : people.DisplayName(initiatedBy), Application(definitionName, t));

    public static string NameOf(WorkflowGraph? graph, string definitionId) => graph is { Name.Length: > 0 } ? graph.Name : definitionId;

    /// <summary>The first few short facts of what a task shows.</summary>
    /// <param name="labels">Labels by name where the content has only names.</param>
    public static IReadOnlyList<Fact> KeyFacts(JsonNode? content, Texts t, IReadOnlyDictionary<string, string> labels) => content is not JsonObject facts ? [] :
    [
        .. facts.Where(f => f.Key != Instructions && f.Value is JsonValue).Select(f => new Fact(labels.GetValueOrDefault(f.Key) ?? f.Key, Cut(Value(f.Value, t)))).Where(f => f.Value.Length > 0).Take(FactsInRow),
    ];

    /// <summary>A single value for a reader.</summary>
    public static string Value(JsonNode? node, Texts t) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => t["detail.yes"],
        JsonValueKind.False => t["detail.no"],
        JsonValueKind.String => Text((string)node!),
        JsonValueKind.Number => Number(node!),
        JsonValueKind.Array => string.Join(t.IsChinese ? "、" : ", ", node!.AsArray().Select(n => Value(n, t))),
        _ => string.Join(t.IsChinese ? "；" : "; ", node!.AsObject().Select(m => t.With("field.reason", m.Key, Value(m.Value, t)))),
    };

    /// <summary>Where an application stands. The definition's output "endState" tells how it ended, where there is one.</summary>
    /// <param name="isReturned">True while it lies with the applicant, who was asked to change it.</param>
    /// <param name="undoFailed">True while something of it should have been taken back and was not: that comes before everything else, also before how it ended.</param>
    public static Stamp StampOf(WorkflowStatus status, WorkflowSubStatus sub, string? endState, bool isReturned, bool undoFailed, Texts t) => (status, sub) switch
    {
        _ when undoFailed => new Stamp("trouble", t["status.undo_failed"]),
        (_, WorkflowSubStatus.Faulted) => new Stamp("trouble", t["status.faulted"]),
        (_, WorkflowSubStatus.Cancelled) => new Stamp("quiet", t["status.withdrawn"]),
        (WorkflowStatus.Running, _) => isReturned ? new Stamp("returned", t["status.returned"]) : new Stamp("running", t["status.running"]),
        _ => endState switch
        {
            "completed" or "approved" or "done" => new Stamp("good", t[endState == "approved" ? "status.approved" : "status.done"]),
            "rejected" => new Stamp("bad", t["status.rejected"]),
            "withdrawn" => new Stamp("quiet", t["status.withdrawn"]),
            "aborted" => new Stamp("bad", t["status.aborted"]),
            "rolled_back" => new Stamp("returned", t["status.rolled_back"]),
            _ => new Stamp("quiet", t["status.finished"]),
        },
    };

    /// <summary>True when an approval has given the application back to be changed: the task it waits for is one to fill in, at a node that approves.</summary>
    public static bool IsReturned(IReadOnlyCollection<UserTask> open, WorkflowGraph? graph) =>
        open.Count > 0 && open.All(x => x.Kind == UserTaskKind.Handling && graph?.Find(x.NodeId)?.Type == "Human.Approval");

    public static string NamesOf(IEnumerable<string> identities, OrganisationSnapshot people, Texts t, int most = 3)
    {
        var names = identities.SelectMany(i => i.StartsWith("role:", StringComparison.Ordinal)
            ? people.InRole(i["role:".Length..]).Select(p => p.DisplayName).DefaultIfEmpty(i["role:".Length..])
            : [people.DisplayName(i)]).Distinct().ToList();
        var shown = string.Join(t.IsChinese ? "、" : ", ", names.Take(most));
        return names.Count > most ? $"{shown} {t.With("trail.more", names.Count)}" : shown;
    }

    // An instant is stored in full; people read a day and a minute.
    private static string Text(string text) =>
        text.Length is > 18 and < 36 && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? Moments.Full(at) : text;

    private static string Number(JsonNode node) =>
        decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("#,##0.####", CultureInfo.InvariantCulture) : node.ToJsonString();

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        var elements = new StringInfo(line);
        return elements.LengthInTextElements > LongestFact ? elements.SubstringByTextElements(0, LongestFact) + "…" : line;
    }
}
