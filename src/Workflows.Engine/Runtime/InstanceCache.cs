using Workflows.Engine.Instances;

namespace Workflows.Engine.Runtime;

/// <summary>
/// Recently used instances, so that a burst soon after the last need not read and parse. An object is taken out while a
/// burst changes it and put back only after its commit, so a failed commit can never leave a wrong copy. A copy may be
/// stale when another host moved the instance on: then the commit loses its race and the instance is read again.
/// </summary>
internal sealed class InstanceCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<WorkflowInstance>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<WorkflowInstance> _byAge = new();

    public WorkflowInstance? Take(string id)
    {
        lock (_gate)
        {
            if (!_byId.Remove(id, out var node))
                return null;
            _byAge.Remove(node);
            return node.Value;
        }
    }

    public void Put(WorkflowInstance instance)
    {
        if (capacity == 0 || instance.Status == WorkflowStatus.Finished)
            return;
        lock (_gate)
        {
            if (_byId.Remove(instance.Id, out var old))
                _byAge.Remove(old);
            _byId[instance.Id] = _byAge.AddFirst(instance);
            if (_byAge.Count <= capacity)
                return;
            _byId.Remove(_byAge.Last!.Value.Id);
            _byAge.RemoveLast();
        }
    }
}
