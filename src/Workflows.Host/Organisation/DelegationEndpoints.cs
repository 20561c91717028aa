using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <summary>Leave delegation: one's own; administrators for everybody.</summary>
internal static class DelegationEndpoints
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);
    private const int LongestReason = 500;

    public static void MapDelegations(this IEndpointRouteBuilder all)
    {
        all.MapGet("/delegations", ListAsync).Produces<Page<Delegation>>().WithSummary("代理：我委托的和委托给我的 (delegations)");
        all.MapPost("/delegations", PostAsync).Accepts<SaveDelegation>("application/json").Produces<Delegation>(201).WithSummary("设置代理 (delegate)");
        all.MapPost("/delegations/{id}/end", EndAsync).Produces(204).WithSummary("提前结束代理 (end a delegation)");
    }

    private static Task<IResult> PostAsync(Strict<SaveDelegation> body, Actor actor, OrganisationChanges changes, EngineClock clock, CancellationToken cancellationToken) =>
        AddAsync(body.Value, actor, changes, clock, cancellationToken);

    private static async Task<IResult> ListAsync(HttpContext http, Actor actor, IOrganisationStore store, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "user");
        var user = query.Text("user") ?? actor.Name;
        if (query.Problem is { } problem)
            return problem;
        // Others' leave is nobody's business; a name that does not exist is answered alike.
        if (user != actor.Name && !actor.MayAdminister)
            return Refusals.NotFound;
        return Results.Json(new Page<Delegation>(await store.ListDelegationsAsync(user, cancellationToken), null), ApiJson.Options);
    }

    /// <param name="isTrial">Checks and changes nothing.</param>
    internal static async Task<IResult> AddAsync(SaveDelegation sent, Actor actor, OrganisationChanges changes, EngineClock clock, CancellationToken cancellationToken, bool isTrial = false)
    {
        var from = sent.From ?? actor.Name;
        if (from != actor.Name && !actor.MayAdminister)
            return Refusals.NotAllowed;
        var data = await changes.ReadAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var problem = Refusals.BadBody;
        if (!data.People.Any(p => p.UserName == from && p.IsActive))
            problem = problem.At("$.from", "unknown-person", "没有此在职人员", "no such active person");
        if (from == sent.To || !data.People.Any(p => p.UserName == sent.To && p.IsActive))
            problem = problem.At("$.to", "unknown-person", "代理人须是另一位在职人员", "a deputy is another active person");
        if (sent.EndsAt <= sent.StartsAt || sent.EndsAt <= now || sent.EndsAt - sent.StartsAt > Longest)
            problem = problem.At("$.endsAt", "out-of-range", $"结束须晚于开始和现在，最长 {Longest.TotalDays} 天", $"after the start and after now, at most {Longest.TotalDays} days");
        if (sent.Reason is { Length: > LongestReason })
            problem = problem.At("$.reason", "out-of-range", $"最多 {LongestReason} 字", $"at most {LongestReason} characters");
        if (sent.DefinitionId is { } definition && !actor.MayKnow(definition))
            problem = problem.At("$.definitionId", "unknown-definition", "没有此流程", "no such definition");
        var overlapping = data.Delegations.FirstOrDefault(d => d.From == from && d.DefinitionId == sent.DefinitionId && d.StartsAt < sent.EndsAt && sent.StartsAt < d.EndsAt);
        if (overlapping is not null)
            problem = problem.At("$.startsAt", "overlaps", "与已有的代理时间重叠", "overlaps another delegation");
        if (problem.Errors.Count > 0)
            return problem;

        var delegation = new Delegation(changes.NewId(), from, sent.To, sent.DefinitionId, sent.StartsAt.ToUniversalTime(), sent.EndsAt.ToUniversalTime(), sent.Reason, actor.Name, now);
        if (isTrial)
            return StoredAnswer.Of(delegation);
        var change = new OrganisationChange { DelegationsAdded = [delegation], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "delegation", from) };
        return await changes.ApplyAsync(change, cancellationToken) ? StoredAnswer.Of(delegation, 201) : Refusals.StateConflict;
    }

    internal static async Task<IResult> EndAsync(string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        if (data.Delegations.FirstOrDefault(d => d.Id == id) is not { } found || (found.From != actor.Name && !actor.MayAdminister))
            return Refusals.NotFound;
        return await changes.ApplyAsync(new OrganisationChange { DelegationsEnded = [id], Audit = changes.Audit(actor, "delegation-ended", found.From) }, cancellationToken)
            ? new StoredAnswer(204)
            : Refusals.StateConflict;
    }
}
