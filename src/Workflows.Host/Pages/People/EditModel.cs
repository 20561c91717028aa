using Workflows.Host.Api;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.People;

/// <summary>A form of the organisation being filled in.</summary>
/// <param name="Action">Where it goes.</param>
/// <param name="Back">Where it came from.</param>
/// <param name="Delete">Label of the button that removes it; null where nothing can be removed.</param>
public sealed record EditModel(string Title, string Action, string Back, IReadOnlyList<FormField> Fields, FormState State, string? Problem = null, string? Hint = null, string? Delete = null)
{
    /// <summary>Further things to do with it: address and label.</summary>
    public IReadOnlyList<(string Href, string Label)> Links { get; init; } = [];

    /// <summary>What it would do, in lines; null when nobody asked.</summary>
    public IReadOnlyList<string>? Plan { get; init; }

    /// <summary>True where the consequences can be seen first.</summary>
    public bool HasPreview { get; init; }

    /// <summary>Label of the button that saves.</summary>
    public string? Submit { get; init; }
}

/// <summary>A line of a list of the organisation.</summary>
public sealed record ListLine(string Title, string? Detail, string? Side, string? Href, string? EndId = null, bool IsQuiet = false);

/// <summary>Puts refusals beside the fields they are about.</summary>
internal static class FieldProblems
{
    /// <returns>By full name of the field, and what belongs to no field.</returns>
    public static (Dictionary<string, string> Fields, string? Other) Of(Problem problem, IReadOnlyList<FormField> fields, Texts t)
    {
        var beside = new Dictionary<string, string>();
        string? other = null;
        foreach (var error in problem.Errors)
        {
            var name = error.Path.Replace("$.", "", StringComparison.Ordinal).Split('[')[0];
            var said = t.IsChinese ? error.Zh : error.En;
            if (fields.Any(f => f.Name == name))
                beside.TryAdd(FormReader.Prefix + name, said);
            else
                other ??= said;
        }

        return (beside, beside.Count == 0 ? other ?? (t.IsChinese ? problem.DetailZh ?? problem.Zh : problem.DetailEn ?? problem.En) : other ?? t.With("error.form", beside.Count));
    }

    /// <summary>The form as it was typed, with the problems of a refusal.</summary>
    public static EditModel With(this EditModel model, Problem problem, Texts t)
    {
        var (beside, other) = Of(problem, model.Fields, t);
        return model with { State = model.State with { Problems = beside }, Problem = other };
    }
}
