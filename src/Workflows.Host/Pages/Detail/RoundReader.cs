using Workflows.Engine.Expressions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Detail;

/// <summary>Reads the table of an approval (who is asked, how they are counted) out of the instance's state, for a reader.</summary>
internal static class RoundReader
{
    // Where the approval keeps it; a state without one shows nothing.
    private const string Property = "Round";

    public static ApprovalRound? Of(UserTask task, WorkflowInstance? state)
    {
        if (task.ClosedAt is not null || state?.Executions.Find(e => e.Number == task.Execution)?.Properties?.GetValueOrDefault(Property) is not { } kept)
            return null;
        try
        {
            return ValueConverter.To(kept, typeof(ApprovalRound)) as ApprovalRound;
        }
        catch (ExpressionError)
        {
            return null;
        }
    }

    /// <summary>会签，共 3 人，已同意 1 人; null where one person is asked.</summary>
    public static string? Told(ApprovalRound? round, Texts t)
    {
        var seats = round?.Seats.Where(s => s.State is not (SeatState.Removed or SeatState.Skipped)).ToList() ?? [];
        return seats.Count < 2 ? null : t.With("detail.table", t["mode." + round!.Mode], seats.Count, seats.Count(s => s.State == SeatState.Approved));
    }

    /// <summary>Those a person added who can still be taken out.</summary>
    public static IReadOnlyList<FormOption> AddedBy(string userName, ApprovalRound? round, WorkflowInstance? state, OrganisationSnapshot people) =>
    [
        .. (round?.Seats ?? []).Where(s => s.AddedBy == userName && !s.IsSettled)
            .Select(s => state?.Tasks.Find(x => x.Id == s.Id)?.Assignee ?? s.Assignee).OfType<string>().Distinct()
            .Select(u => new FormOption(u, people.DisplayName(u))),
    ];
}
