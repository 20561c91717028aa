using Workflows.Engine.UserTasks;

namespace Workflows.Host.Instances;

/// <summary>What somebody is to an instance; each may do what the ones before may.</summary>
internal enum Standing
{
    /// <summary>Neither part in it nor a right to view it: it does not exist for them.</summary>
    None,

    /// <summary>Sees it by a right to view, operate or audit its process, or because it lay in their queue: reads and changes nothing.</summary>
    Reader,

    /// <summary>Was sent a copy or mentioned: may answer.</summary>
    Copied,

    /// <summary>Applied for it, has or had one of its tasks, may claim one, or was asked for information.</summary>
    Participant,
}

/// <summary>
/// Who may add to a case. Reading is for more people than taking part: an auditor or operator leaves no words, files or copies in what
/// they audit or operate. Whoever has a copy may answer it, and name people who see the case already; letting others in, by a copy, a mention or
/// a file, is for participants.
/// </summary>
internal static class CaseRights
{
    /// <summary>Adding a file; the acts on an instance have their names in <see cref="InstanceActs"/>.</summary>
    public const string Attach = "attach";

    /// <summary>Mentioning somebody who does not see the case yet.</summary>
    public const string LetIn = "let-in";

    public static bool Allows(Standing standing, string act) => act switch
    {
        InstanceActs.Comment => standing >= Standing.Copied,
        InstanceActs.Copy or Attach or LetIn => standing >= Standing.Participant,
        // Withdrawing, taking back and urging ask who applied or approved last; nobody who only reads is either.
        InstanceActs.Withdraw or InstanceActs.TakeBack or InstanceActs.Urge => standing >= Standing.Participant,
        _ => false,
    };
}
