using System.Globalization;

namespace Workflows.Host.Pages.Forms;

/// <summary>How a field is filled in.</summary>
public enum FieldKind
{
    Text,
    LongText,
    Number,
    Integer,
    Money,
    Date,
    DateTime,

    /// <summary>One of the options.</summary>
    Choice,

    /// <summary>Any of the options.</summary>
    Choices,

    /// <summary>Yes or no.</summary>
    Check,

    /// <summary>A list of texts, one in each line.</summary>
    Lines,

    /// <summary>Rows of fields (明细).</summary>
    Table,

    /// <summary>Somebody of the organisation.</summary>
    Person,

    /// <summary>Several of them.</summary>
    People,
}

/// <summary>One of the values to choose from.</summary>
/// <param name="Value">The JSON value as text.</param>
public sealed record FormOption(string Value, string Label);

/// <summary>A field of a form, whether a definition declares it as an input or a task by JSON Schema.</summary>
public sealed record FormField(string Name, string Label, FieldKind Kind, bool Required)
{
    public string? Help { get; init; }
    public IReadOnlyList<FormOption> Options { get; init; } = [];
    public IReadOnlyList<FormField> Columns { get; init; } = [];
    public bool ReadOnly { get; init; }
    public int? MaxLength { get; init; }

    /// <summary>True when the values to choose from are numbers, not texts.</summary>
    public bool OptionsAreNumbers { get; init; }

    /// <summary>What stands there before anybody typed.</summary>
    public string Initial { get; init; } = "";

    /// <summary>True when a text that looks like JSON is taken as JSON.</summary>
    public bool TakesJson { get; init; }
}

/// <summary>What was typed into a form, by the full name of its field, and what is wrong with it.</summary>
public sealed record FormState(IReadOnlyDictionary<string, IReadOnlyList<string>> Typed, IReadOnlyDictionary<string, string> Problems, IReadOnlyDictionary<string, int> Rows)
{
    public static FormState Empty { get; } = new(new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, string>(), new Dictionary<string, int>());

    /// <summary>True once the form was sent: from then on an empty field is empty, not untouched.</summary>
    public bool WasSent { get; init; }

    /// <summary>Whom the fields for people name, by full name of the field.</summary>
    public IReadOnlyDictionary<string, PeoplePick> Picks { get; init; } = new Dictionary<string, PeoplePick>();

    /// <summary>Which of the rows shown stand in the form, in its order: rows nobody wrote into do not. By full name of the table.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Filled { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>The full name of what the rules call "note", or "lines.0.count" in a table.</summary>
    public string NameOf(string key)
    {
        var parts = key.Split('.', 3);
        var name = FormReader.Prefix + parts[0];
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var row) && Filled.TryGetValue(name, out var rows) && row < rows.Count
            ? $"{name}.{rows[row]}.{parts[2]}"
            : FormReader.Prefix + key;
    }

    /// <summary>What a field for people shows.</summary>
    public PeoplePick PickOf(string name, string initial) => Picks.GetValueOrDefault(name) ?? PeoplePick.Nobody with { Typed = TextOf(name, initial) };

    public string TextOf(string name, string initial) => Typed.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : WasSent ? "" : initial;

    public bool Has(string name, string value) => Typed.TryGetValue(name, out var values) && values.Contains(value);

    public string? ProblemOf(string name) => Problems.GetValueOrDefault(name);
}
