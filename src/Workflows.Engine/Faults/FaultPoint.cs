namespace Workflows.Engine.Faults;

/// <summary>
/// Named places before and after each commit and each act outside, where a test makes the process die, throw or wait.
/// They do nothing unless a test, or the WORKFLOWS_FAULT setting of a test run, installs a hook.
/// </summary>
public static class FaultPoint
{
    public const string CommitBefore = "commit.before";
    public const string CommitBeforeDatabaseCommit = "commit.before-database-commit";
    public const string CommitAfter = "commit.after";
    public const string TimerClaimed = "timer.claimed";
    public const string TimerFired = "timer.fired";
    public const string EffectClaimed = "effect.claimed";
    public const string EffectAttemptRecorded = "effect.attempt-recorded";
    public const string EffectPerformed = "effect.performed";
    public const string EffectSettled = "effect.settled";
    public const string EventStored = "event.stored";
    public const string EventDelivered = "event.delivered";
    public const string RecoveryFound = "recovery.found";
    public const string UndoBefore = "undo.before";
    public const string UndoAfter = "undo.after";
    public const string StoreBeforeCommit = "store.before-commit";
    public const string StoreAfterCommit = "store.after-commit";

    public const string MessageStored = "message.stored";
    public const string MessageClaimed = "message.claimed";
    public const string MessageSent = "message.sent";
    public const string MessageEnded = "message.ended";
    public const string ReceiptStored = "message.receipt-stored";
    public const string MessagesReleased = "message.released";
    public const string MessagesGathered = "message.gathered";
    public const string MessageFellBack = "message.fell-back";

    /// <summary>A threshold was crossed and committed; its event is not published yet. Only a host that watches thresholds passes it.</summary>
    public const string ThresholdRaised = "threshold.raised";

    /// <summary>An uploaded file is this host's to read; a batch of it is in the shop; all of it is, and processes were told; its end is on record.</summary>
    public const string ImportTaken = "import.taken";
    public const string ImportBatch = "import.batch";
    public const string ImportRead = "import.read";
    public const string ImportEnded = "import.ended";

    public const string PublicationBefore = "publication.before";
    public const string PublicationAfter = "publication.after";

    /// <summary>The points around the publication of an approved change, which only a host with a designer passes.</summary>
    public static readonly IReadOnlyList<string> OfPublications = [PublicationBefore, PublicationAfter];

    /// <summary>The points on a message's way, which only a host with gateways passes.</summary>
    public static readonly IReadOnlyList<string> OfMessages = [MessageStored, MessageClaimed, MessageSent, MessageEnded, ReceiptStored];

    /// <summary>Those of messages that waited for the morning or the digest, or did not arrive.</summary>
    public static readonly IReadOnlyList<string> OfLateMessages = [MessagesReleased, MessagesGathered, MessageFellBack];

    /// <summary>Those of the shop's data, which only a host with a shop passes: files read in the background, metrics that are watched.</summary>
    public static readonly IReadOnlyList<string> OfShop = [ThresholdRaised, ImportTaken, ImportBatch, ImportRead, ImportEnded];

    /// <summary>Every point of the engine, so that a test can visit them all and notice one it never reached.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        CommitBefore, CommitBeforeDatabaseCommit, CommitAfter,
        TimerClaimed, TimerFired,
        EffectClaimed, EffectAttemptRecorded, EffectPerformed, EffectSettled,
        EventStored, EventDelivered,
        RecoveryFound,
        UndoBefore, UndoAfter,
        StoreBeforeCommit, StoreAfterCommit,
    ];

    /// <summary>Called with the point's name; null in production.</summary>
    public static Func<string, Task>? Hook { get; set; }

    /// <summary>Passes a fault point.</summary>
    public static Task Pass(string point) => Hook is { } hook ? hook(point) : Task.CompletedTask;
}
