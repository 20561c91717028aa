namespace Workflows.Engine.Messages;

/// <summary>
/// Which events programs outside want to be told of. A burst asks before it tells: telling is an effect, and an event nobody listens to costs nothing.
/// </summary>
/// <param name="wants">True for the names of events that at least one program listens to; must always answer the same.</param>
public sealed class EventListeners(Func<string, bool> wants)
{
    public static EventListeners Nobody { get; } = new(_ => false);

    public bool Want(string @event) => wants(@event);
}
