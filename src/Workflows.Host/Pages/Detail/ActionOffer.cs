using Workflows.Engine.UserTasks;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Detail;

/// <summary>Turns the acts the server offers into buttons with their sheets. What it does not know is offered under the server's own label.</summary>
internal static class ActionOffer
{
    private static readonly string[] WithoutComment = [UserTaskRules.Claim, UserTaskRules.Unclaim];
    private static readonly string[] WithPeople = [UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners, InstanceActs.Copy, InstanceActs.Comment];
    private static readonly string[] WithRequiredComment = [UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.RequestInfo, UserTaskRules.Answer, InstanceActs.Comment];

    /// <summary>Acts that name exactly one person.</summary>
    public static bool TakesOnePerson(string action) => action is UserTaskRules.Transfer or UserTaskRules.Delegate or UserTaskRules.RequestInfo;

    /// <summary>The usual order of a bar: say yes, say no, send back, then the rest as the server lists it.</summary>
    private static readonly string[] Order = [UserTaskRules.Claim, "approve", "complete", "acknowledge", "reject", "return"];

    /// <param name="ownPhrases">What the person keeps for opinions; offered after the usual ones.</param>
    public static IReadOnlyList<PageAction> Of(TaskItem item, UserTask task, Texts t, IReadOnlyList<string> ownPhrases) =>
    [
        .. item.AvailableActions.OrderBy(a => Array.IndexOf(Order, a.Name) is >= 0 and var place ? place : Order.Length)
            .Select(a => Of(a.Name, a.Label, t, a.CommentRequired, a.Enabled, a.DisabledReason, item.AvailableActions.Any(x => x.Name == UserTaskRules.Claim), task.Kind, ownPhrases) with
            {
                Targets = a.Name == "return" ? [.. task.ReturnTargets.Select(r => new FormOption(r.NodeId, r.Title))] : [],
            }),
    ];

    public static PageAction Of(string name, string label, Texts t, bool commentRequired = false, bool enabled = true, string? disabledReason = null, bool isUnclaimed = false, UserTaskKind kind = UserTaskKind.Approval, IReadOnlyList<string>? ownPhrases = null)
    {
        // Whoever is asked to do something and says no stops it; that is no judgement of an application.
        var meaning = name == "reject" && kind == UserTaskKind.Handling ? "abort" : name;
        var tone = name switch
        {
            UserTaskRules.Claim => "primary",
            "approve" or "complete" or "acknowledge" or UserTaskRules.Answer => isUnclaimed ? "plain" : "primary",
            "reject" or InstanceActs.Withdraw => "danger",
            "return" => "warn",
            _ => "plain",
        };
        return new PageAction(
            name,
            t.Or("action." + meaning, label),
            enabled,
            disabledReason,
            commentRequired || WithRequiredComment.Contains(name),
            !WithoutComment.Contains(name),
            WithPeople.Contains(name),
            t.Or("act.hint." + meaning, t["act.hint.other"]),
            tone,
            [.. (t.Or("phrase." + name, "") is { Length: > 0 } phrases ? phrases.Split('|') : []).Concat(WithoutComment.Contains(name) ? [] : ownPhrases ?? []).Distinct()])
        {
            HasPreview = name is "return" or UserTaskRules.AddSigners or UserTaskRules.RemoveSigners,
        };
    }
}
