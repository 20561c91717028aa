using System.Text.Json.Nodes;
using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <param name="Remaining">Open tasks that could not be moved, because the successor and everybody above are barred from them.</param>
internal sealed record HandoverView(
    string From, string To, bool DryRun, IReadOnlyList<HandoverTask> Tasks, IReadOnlyList<HandoverTask> Remaining, IReadOnlyList<string> Roles, IReadOnlyList<string> Departments,
    IReadOnlyList<string> Reports, IReadOnlyList<string> Groups, IReadOnlyList<Delegation> DelegationsEnded, IReadOnlyList<Delegation> DelegationsAdded);

internal sealed record HandoverTask(string TaskId, string InstanceId, string DefinitionId, string Title);

/// <summary>
/// Moves everything of somebody who leaves to a successor.
/// </summary>
/// <remarks>
/// The duties go first and in one transaction with their line in the record, so that from then on nothing new is given to the
/// leaver; then each instance is asked to move its open tasks. A host that dies in between leaves tasks with somebody who has
/// left: repeating the handover moves them, and the check of the organisation names them until then. Decisions of before keep the
/// leaver's name.
/// </remarks>
internal sealed class Handover(OrganisationChanges changes, IOpenTaskStore tasks, WorkflowRuntime runtime)
{
    private const int MostAtOnce = 2_000;
    private const int LongestReason = 500;

    public static async Task<IResult> RunAsync(string user, HttpContext http, Strict<SaveHandover> body, Actor actor, Handover handover, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "dryRun");
        var dryRun = query.Flag("dryRun") ?? false;
        if (query.Problem is { } problem)
            return problem;
        var (refused, view) = await handover.MakeAsync(user, body.Value, dryRun, actor, cancellationToken);
        return refused ?? (dryRun ? Results.Json(view, ApiJson.Options) : StoredAnswer.Of(view));
    }

    /// <summary>Hands over, or for a trial tells what would be; a refusal tells why nothing is.</summary>
    public async Task<(Problem? Refused, HandoverView? View)> MakeAsync(string user, SaveHandover sent, bool dryRun, Actor actor, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        if (data.People.FirstOrDefault(p => p.UserName == user) is not { } leaver)
            return (Refusals.NotFound, null);
        if (user == sent.To || data.People.FirstOrDefault(p => p.UserName == sent.To && p.IsActive) is not { } successor)
            return (Refusals.BadBody.At("$.to", "unknown-person", "接手人须是另一位在职人员", "a successor is another active person"), null);
        if (user == actor.Name && sent.Deactivate)
            return (Refusals.BadBody.At("$.deactivate", "oneself", "不能停用自己", "you cannot disable yourself"), null);
        if (sent.Reason is { Length: > LongestReason })
            return (Refusals.BadBody.At("$.reason", "out-of-range", $"最多 {LongestReason} 字", $"at most {LongestReason} characters"), null);

        var open = await tasks.ListOfPersonAsync(user, MostAtOnce, cancellationToken);
        var detail = new JsonObject { ["reason"] = sent.Reason, ["tasks"] = new JsonArray([.. open.Select(t => (JsonNode)t.Task.Id)]) };
        var plan = HandoverPlan.Make(data, leaver, successor, sent.Deactivate, changes.Audit(actor, "handover", user, detail), changes.NewId);
        if (dryRun)
            return (null, View(user, sent.To, true, open, [], plan));
        if (!await changes.ApplyAsync(plan.Change, cancellationToken))
            return (Refusals.StateConflict, null);

        // What was given to the leaver while the change was made is found by looking again.
        for (var round = 0; round < 3 && await MoveAsync(user, sent.To, actor.Name); round++)
        {
        }

        var remaining = await tasks.ListOfPersonAsync(user, MostAtOnce, CancellationToken.None);
        var left = remaining.Select(t => t.Task.Id).ToHashSet();
        return (null, View(user, sent.To, false, [.. open.Where(t => !left.Contains(t.Task.Id))], remaining, plan));
    }

    /// <summary>Asks every instance with open tasks of the leaver to move them; true when one did. An act that began is not cut short.</summary>
    private async Task<bool> MoveAsync(string from, string to, string by)
    {
        var moved = false;
        foreach (var instance in (await tasks.ListOfPersonAsync(from, MostAtOnce, CancellationToken.None)).Select(t => t.InstanceId).Distinct())
            moved |= await runtime.DeliverAsync(instance, new Stimulus.HandOver(from, to, by), null, CancellationToken.None) is Delivery.Applied;
        return moved;
    }

    private static HandoverView View(string from, string to, bool dryRun, IReadOnlyList<StoredUserTask> moved, IReadOnlyList<StoredUserTask> remaining, HandoverPlan plan) => new(
        from, to, dryRun, Lines(moved), Lines(remaining), plan.Roles, plan.Departments, plan.Reports, plan.Groups, plan.DelegationsEnded, plan.DelegationsAdded);

    private static IReadOnlyList<HandoverTask> Lines(IEnumerable<StoredUserTask> found) =>
        [.. found.Select(t => new HandoverTask(t.Task.Id, t.InstanceId, t.DefinitionId, t.Task.Title))];
}
