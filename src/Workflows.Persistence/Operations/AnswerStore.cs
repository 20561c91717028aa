using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Operations;

internal sealed class AnswerStore(Database database) : IAnswerStore
{
    public async Task<bool> AddAsync(StimulusRow answer, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            "add_answer",
            new() { ["key"] = answer.Key, ["fingerprint"] = answer.Fingerprint, ["instance_id"] = answer.InstanceId, ["answer"] = answer.Answer, ["at"] = answer.At },
            cancellationToken) > 0;
}
