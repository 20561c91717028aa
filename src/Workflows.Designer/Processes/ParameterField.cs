namespace Workflows.Designer.Processes;

/// <summary>A parameter in its form: what was typed, and what is wrong with it. Public, as everything a Razor component takes must be.</summary>
/// <param name="Unit">Chosen unit of a duration.</param>
/// <param name="Now">The draft's value in words.</param>
/// <param name="InService">The value of the version in service, in words.</param>
public sealed record ParameterField(ProcessParameter Of, string Typed, string? Unit, string? Problem, string Now, string? InService);
