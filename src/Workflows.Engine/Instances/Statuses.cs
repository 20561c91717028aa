namespace Workflows.Engine.Instances;

/// <summary>Elsa's main status of a workflow instance. Nothing leaves <see cref="Finished"/> but an operator's retry of a faulted instance.</summary>
public enum WorkflowStatus
{
    Running,
    Finished,
}

/// <summary>Elsa's sub-status; the first three belong to Running, the next three to Finished. Note the spelling: a workflow is "Cancelled", an activity "Canceled".</summary>
public enum WorkflowSubStatus
{
    Pending,
    Executing,
    Suspended,
    Finished,
    Cancelled,
    Faulted,
    Interrupted,
}

/// <summary>Elsa's status of one activity execution.</summary>
public enum ActivityStatus
{
    Pending,
    Running,
    Completed,
    Canceled,
    Faulted,
}
