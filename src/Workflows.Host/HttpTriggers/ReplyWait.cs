using Microsoft.Extensions.Options;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Hosting;

namespace Workflows.Host.HttpTriggers;

/// <summary>
/// Decides how long a request waits for its workflow's answer. A burst that wrote none is answered 200 at once, unless the
/// workflow still has work going on outside (a request, a shop operation) and could answer after it.
/// </summary>
internal sealed class ReplyWait(IGraphSource graphs, IOutboxStore outbox, TimeProvider wall, IOptions<WorkflowHostOptions> options)
{
    private const string ReplyType = "Elsa.WriteHttpResponse";

    public async Task<IResult> WaitAsync(InstanceRow row, HttpExchange exchange, TimeSpan? limit, CancellationToken cancellationToken)
    {
        if (exchange.Reply.IsCompleted)
            return new WorkflowReply(await exchange.Reply);
        if (row.Status == WorkflowStatus.Finished || !await MayStillAnswerAsync(row, cancellationToken))
            return Results.Json(new { instanceId = row.Id }, ApiJson.Options);
        try
        {
            return new WorkflowReply(await exchange.Reply.WaitAsync(limit ?? options.Value.HttpReplyTimeout, wall, cancellationToken));
        }
        catch (TimeoutException)
        {
            return Refusals.NoAnswerInTime.With("instanceId", row.Id);
        }
    }

    private async Task<bool> MayStillAnswerAsync(InstanceRow row, CancellationToken cancellationToken) =>
        await graphs.FindVersionAsync(row.DefinitionVersionId, cancellationToken) is { } graph
        && graph.Nodes.Any(n => n.Type == ReplyType)
        && (await outbox.ListAsync(row.Id, null, 100, cancellationToken)).Any(e =>
            e.State is EffectState.Queued or EffectState.Claimed or EffectState.Attempting && !e.Kind.StartsWith("notify.", StringComparison.Ordinal));
}
