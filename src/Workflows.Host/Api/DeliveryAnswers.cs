using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Runtime;
using Workflows.Engine.UserTasks;

namespace Workflows.Host.Api;

/// <summary>The one place that turns the engine's refusals into HTTP.</summary>
internal static class DeliveryAnswers
{
    /// <summary>
    /// The answer to a delivery. <paramref name="applied"/> makes the one for success; a repeat is given the answer that was
    /// committed with the first request.
    /// </summary>
    /// <param name="delivery">How it fared.</param>
    /// <param name="applied">Answer when it was applied.</param>
    /// <param name="ignored">Refusal when nothing waited for it.</param>
    public static IResult ToAnswer(this Delivery delivery, Func<Delivery.Applied, IResult> applied, Problem ignored) => delivery switch
    {
        Delivery.Applied done => applied(done),
        Delivery.Repeated { Earlier.Answer: { } answer } => StoredAnswer.Replay(answer),
        Delivery.Repeated => Refusals.KeyReused,
        Delivery.KeyReused => Refusals.KeyReused,
        Delivery.Ignored => ignored,
        Delivery.Missing => Refusals.NotFound,
        Delivery.AlreadyActive => Refusals.AlreadyActive,
        Delivery.BadInput bad => bad.Faults.Aggregate(Refusals.BadBody, (problem, f) => problem.At(JsonPath.Of("$.input", f.Name), f.Code, f.Zh, f.En)),
        Delivery.Unstorable unstorable => Refusals.Unstorable.Because(unstorable.Reason, unstorable.Reason),
        Delivery.Refused refused => ToProblem(refused.Verdict),
        _ => throw new InvalidOperationException($"Unknown delivery {delivery.GetType().Name}."),
    };

    public static Problem ToProblem(TaskVerdict verdict) => verdict switch
    {
        // What may not be seen looks like what does not exist.
        TaskVerdict.NotACandidate or TaskVerdict.NotFound => Refusals.NotFound,
        TaskVerdict.Closed closed => ClosedBy(closed.Task),
        TaskVerdict.AlreadyClaimed claimed => Refusals.TaskClaimed
            .Because($"任务由 {claimed.By} 认领", $"the task is claimed by {claimed.By}").With("by", claimed.By),
        TaskVerdict.ContentChanged changed => Refusals.ContentChanged
            .With("content", changed.Task.Content?.DeepClone()).With("form", changed.Task.Form?.DeepClone())
            .With("changed", new JsonArray([.. changed.Changes.Select(c => (JsonNode)new JsonObject { ["field"] = c.Field, ["before"] = c.Before?.DeepClone(), ["after"] = c.After?.DeepClone() })]))
            .With("contentHash", TaskContent.HashOf(changed.Task)).With("revision", changed.Task.Revision),
        TaskVerdict.BadPerson person => Refusals.BadPerson.Because(person.Zh, person.En).At("$.people", "bad-person", person.Zh, person.En).With("person", person.Name),
        TaskVerdict.NotPossible no => new Problem(409, no.Code, no.Zh, no.En) { RetryAfter = no.Wait }.With("until", no.Until is { } until ? JsonValue.Create(until) : null),
        TaskVerdict.Excluded => Refusals.Excluded,
        TaskVerdict.CommentMissing => Refusals.CommentMissing.At("$.comment", "missing", "此项必填", "required"),
        TaskVerdict.UnknownAction unknown => Refusals.ActionNotOffered
            .Because($"可用操作：{string.Join("、", unknown.Offered)}", $"offered: {string.Join(", ", unknown.Offered)}")
            .With("offered", JsonSerializer.SerializeToNode(unknown.Offered)),
        TaskVerdict.Stale stale => Refusals.Changed.With("revision", stale.Task.Revision),
        TaskVerdict.FormRefused form => form.Errors.Aggregate(
            Refusals.FormRefused,
            (problem, e) => problem.At(e.Key.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate("$.form", (at, part) => part.All(char.IsAsciiDigit) ? $"{at}[{part}]" : $"{at}.{part}"), e.Value.Code, e.Value.Zh, e.Value.En)),
        _ => throw new InvalidOperationException($"Unknown verdict {verdict.GetType().Name}."),
    };

    private static Problem ClosedBy(UserTask task)
    {
        var problem = Refusals.TaskClosed.With("state", task.State.ToString()).With("decision", task.Decision).With("by", task.DecidedBy ?? task.ClosedBy);
        if (task.ClosedAt is { } at)
            problem = problem.With("at", JsonValue.Create(at));
        return task.DecidedBy is { } by ? problem.Because($"{by} 已处理：{task.Decision}", $"{by} has already decided: {task.Decision}")
            : task.ClosedBy is { } other ? problem.Because($"{other} 的操作已使此任务结束", $"what {other} did has closed the task")
            : problem.Because("期限已过或流程已变更，任务由系统结束", "its time was over, or the flow went another way");
    }
}
