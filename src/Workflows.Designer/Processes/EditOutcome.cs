using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;

namespace Workflows.Designer.Processes;

/// <summary>What became of a change that somebody wanted to make.</summary>
internal abstract record EditOutcome
{
    private EditOutcome()
    {
    }

    /// <summary>Done; or, with <see cref="ChangeInstance"/>, on its way: that instance decides whether it is published.</summary>
    public sealed record Done(StoredDefinition Definition, IReadOnlyList<DefinitionFault> Faults, string? ChangeInstance = null, bool AlreadyPublished = false) : EditOutcome
    {
        /// <summary>True for a governed process whose draft is stored and could be submitted, but nobody said why it was changed. Nothing is submitted.</summary>
        public bool NeedsReason { get; init; }
    }

    /// <summary>Refused by a rule of editing: somebody else's lock, an approval under way. Nothing was stored.</summary>
    public sealed record Refused(string Zh, string En) : EditOutcome
    {
        public string Message => $"{Zh} ({En})";
    }

    /// <summary>Refused by the definitions themselves.</summary>
    public sealed record NotDone(DefinitionOutcome Why) : EditOutcome;
}
