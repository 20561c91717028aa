using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Files;
using Workflows.Host.Pages.Forms;

namespace Workflows.Host.Pages.Start;

/// <summary>Something a person may apply for.</summary>
public sealed record StartItem(string DefinitionId, string Name, string? Description, string Initial, int Colour);

/// <summary>The kinds of one business area.</summary>
public sealed record StartArea(string Name, IReadOnlyList<StartItem> Items);

/// <summary>An application being filled in.</summary>
/// <param name="Key">Id of its draft, and key of its start.</param>
/// <param name="Saved">When the draft was saved, in words; null when it was not.</param>
public sealed record StartModel(string DefinitionId, string Name, string? Description, IReadOnlyList<FormField> Fields, FormState Filled, IReadOnlyList<TrailNode> Chain, string Key, string? Problem, FileModel Files, string? Saved);
