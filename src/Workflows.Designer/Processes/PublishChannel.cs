using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Outbox;

namespace Workflows.Designer.Processes;

/// <summary>
/// Publishes an approved version: asked for by <c>definition.publish</c> {processId, versionId, contentHash, by}. Repeating it is harmless,
/// because a version that is in service already is done.
/// </summary>
internal sealed class PublishChannel(DefinitionService definitions, Api.Toolbox toolbox) : IEffectChannel
{
    public const string Kind = "definition.publish";

    public bool Accepts(string kind) => kind == Kind;

    public bool IsKeyed(string kind) => true;

    public async Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken)
    {
        if (effect.Payload is not JsonObject payload || payload.Text("processId") is not { } id || payload.Text("versionId") is not { } version || payload.Text("contentHash") is not { } hash)
            return new EffectOutcome.Refused("缺少流程、版本或内容校验值 (process, version or hash is missing)");
        switch (await definitions.PublishApprovedAsync(id, version, hash, payload.Text("by"), cancellationToken))
        {
            case DefinitionOutcome.Saved saved:
                await toolbox.RefreshAsync(cancellationToken);
                return new EffectOutcome.Done(new JsonObject { ["published"] = true, ["version"] = saved.Definition.Version });
            case DefinitionOutcome.Invalid invalid:
                return new EffectOutcome.Done(new JsonObject { ["published"] = false, ["reason"] = string.Join("；", Api.StudioAnswers.Faults(invalid.Faults).Take(5)) });
            case DefinitionOutcome.Refused refused:
                return new EffectOutcome.Done(new JsonObject { ["published"] = false, ["reason"] = refused.Zh });
            case DefinitionOutcome.NotFound:
                return new EffectOutcome.Done(new JsonObject { ["published"] = false, ["reason"] = "流程已被删除" });
            default:
                // Somebody changed it at this very moment: look again.
                return new EffectOutcome.Transient("流程刚被修改 (changed just now)", TimeSpan.FromSeconds(1));
        }
    }
}
