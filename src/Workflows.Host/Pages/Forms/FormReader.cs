using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Expressions;
using Workflows.Engine.Organisation;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Forms;

/// <summary>
/// Turns what a browser sent into JSON, field by field. Keeps what was typed as it was typed, so that a page that comes back loses
/// nothing. Whether a value is right is for the rules to say; here only what cannot be read is refused.
/// </summary>
internal static class FormReader
{
    public const string Prefix = "f.";

    /// <summary>Button that adds a row to the table it names.</summary>
    public const string AddRow = "row.add";

    /// <summary>Button that removes a row: table, dot, number from 0.</summary>
    public const string RemoveRow = "row.remove";

    private const int MostRows = 200;

    /// <summary>True when a button for rows, or one that looks for people, was pressed: the page comes back as it was, nothing is submitted.</summary>
    public static bool ChangesRows(Posted posted) => posted.Form.ContainsKey(AddRow) || posted.Form.ContainsKey(RemoveRow) || posted.Text(PeopleReader.Find).StartsWith(Prefix, StringComparison.Ordinal);

    public static (JsonObject Values, FormState State) Read(IReadOnlyList<FormField> fields, Posted posted, Texts t, OrganisationSnapshot people)
    {
        var (values, _, state) = ReadWithDraft(fields, posted, t, people);
        return (values, state);
    }

    /// <summary>The same, with what a draft keeps: the values, and as typed what cannot be read yet.</summary>
    public static (JsonObject Values, JsonObject Draft, FormState State) ReadWithDraft(IReadOnlyList<FormField> fields, Posted posted, Texts t, OrganisationSnapshot people)
    {
        var typed = new Dictionary<string, IReadOnlyList<string>>();
        var problems = new Dictionary<string, string>();
        var rows = new Dictionary<string, int>();
        var picks = new Dictionary<string, PeoplePick>();
        var filled = new Dictionary<string, IReadOnlyList<int>>();
        var values = new JsonObject();
        foreach (var field in fields.Where(f => !f.ReadOnly))
        {
            if (field.Kind is FieldKind.Person or FieldKind.People)
                ReadPeople(field);
            else if (field.Kind == FieldKind.Table)
                values[field.Name] = ReadTable(field, posted, t, typed, problems, rows, filled);
            else if (ReadOne(field, Prefix + field.Name, posted, t, typed, problems) is { } value)
                values[field.Name] = value;
        }

        var state = new FormState(typed, problems, rows) { WasSent = true, Picks = picks, Filled = filled };
        return (values, DraftOf(fields, values, state), state);

        void ReadPeople(FormField field)
        {
            var pick = picks[Prefix + field.Name] = PeopleReader.Read(posted, Prefix + field.Name, people, t, field.Kind == FieldKind.People);
            typed[Prefix + field.Name] = [pick.Typed];
            if (pick.Problem is { } problem)
                problems[Prefix + field.Name] = problem;
            else if (field.Kind == FieldKind.People)
                values[field.Name] = new JsonArray([.. pick.UserNames.Select(u => (JsonNode)u)]);
            else if (pick.UserNames.Count > 1)
                problems[Prefix + field.Name] = t["people.onlyOne"];
            else if (pick.UserNames.Count == 1)
                values[field.Name] = pick.UserNames[0];
        }
    }

    private static JsonObject DraftOf(IReadOnlyList<FormField> fields, JsonObject values, FormState state)
    {
        var draft = values.DeepClone().AsObject();
        foreach (var field in fields.Where(f => !f.ReadOnly))
        {
            var name = Prefix + field.Name;
            if (field.Kind == FieldKind.Table)
            {
                draft[field.Name] = new JsonArray([.. Enumerable.Range(0, state.Rows[name]).Select(i => (JsonNode)new JsonObject(field.Columns
                    .Select(c => KeyValuePair.Create(c.Name, (JsonNode?)state.TextOf($"{name}.{i}.{c.Name}", ""))).Where(c => (string?)c.Value is { Length: > 0 })))]);
            }
            else if (state.Problems.ContainsKey(name) && state.TextOf(name, "") is { Length: > 0 } text)
            {
                draft[field.Name] = text;
            }
        }

        return draft;
    }

    /// <summary>Puts values, a draft's or an earlier application's, into a form as if they had been typed.</summary>
    public static FormState Fill(IReadOnlyList<FormField> fields, JsonObject values)
    {
        var typed = new Dictionary<string, IReadOnlyList<string>>();
        var rows = new Dictionary<string, int>();
        foreach (var field in fields.Where(f => values.ContainsKey(f.Name)))
        {
            var name = Prefix + field.Name;
            if (field.Kind != FieldKind.Table)
            {
                typed[name] = TypedOf(field, values[field.Name]);
                continue;
            }

            var lines = (values[field.Name] as JsonArray ?? []).OfType<JsonObject>().Take(MostRows).ToList();
            rows[name] = lines.Count;
            for (var i = 0; i < lines.Count; i++)
            {
                foreach (var column in field.Columns)
                    typed[$"{name}.{i}.{column.Name}"] = TypedOf(column, lines[i][column.Name]);
            }
        }

        return new FormState(typed, new Dictionary<string, string>(), rows);
    }

    private static string[] TypedOf(FormField field, JsonNode? value) => (field.Kind, value) switch
    {
        (_, null) => [],
        (FieldKind.People, JsonArray several) => [string.Join('、', several.Select(SchemaForm.Word))],
        (FieldKind.Choices, JsonArray several) => [.. several.Select(SchemaForm.Word)],
        (FieldKind.Lines, JsonArray lines) when lines.All(l => l?.GetValueKind() == JsonValueKind.String) => [string.Join('\n', lines.Select(l => (string)l!))],
        (FieldKind.DateTime, JsonValue) when DateTimeOffset.TryParse(SchemaForm.Word(value), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) =>
            [Moments.Local(at).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)],
        _ => [SchemaForm.Word(value)],
    };

    private static JsonArray ReadTable(FormField table, Posted posted, Texts t, Dictionary<string, IReadOnlyList<string>> typed, Dictionary<string, string> problems, Dictionary<string, int> rows, Dictionary<string, IReadOnlyList<int>> filled)
    {
        var name = Prefix + table.Name;
        var removed = posted.Text(RemoveRow) is { Length: > 0 } gone && gone.StartsWith(table.Name + ".", StringComparison.Ordinal) && int.TryParse(gone[(table.Name.Length + 1)..], CultureInfo.InvariantCulture, out var number) ? number : -1;
        var count = int.TryParse(posted.Text(name + ".count"), NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? Math.Min(sent, MostRows) : 0;
        var array = new JsonArray();
        var kept = 0;
        var inForm = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (i == removed)
                continue;
            // Rows are read under their old numbers and kept under the new ones.
            var row = new JsonObject();
            foreach (var column in table.Columns)
            {
                var (own, problemsOfRow) = (new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, string>());
                if (ReadOne(column, $"{name}.{i}.{column.Name}", posted, t, own, problemsOfRow) is { } value)
                    row[column.Name] = value;
                foreach (var (_, texts) in own)
                    typed[$"{name}.{kept}.{column.Name}"] = texts;
                foreach (var (_, problem) in problemsOfRow)
                    problems[$"{name}.{kept}.{column.Name}"] = problem;
                if (column.Required && row[column.Name] is null && !IsUntouched(table, posted, name, i))
                    problems[$"{name}.{kept}.{column.Name}"] = t["form.missing"];
            }

            if (row.Any(m => m.Value is not null && m.Value.GetValueKind() != JsonValueKind.False))
            {
                array.Add(row);
                inForm.Add(kept);
            }

            kept++;
        }

        filled[name] = inForm;

        rows[name] = posted.Text(AddRow) == table.Name ? Math.Min(kept + 1, MostRows) : kept;
        return array;
    }

    // A row nobody wrote into does not count.
    private static bool IsUntouched(FormField table, Posted posted, string name, int row) =>
        table.Columns.All(c => posted.Text($"{name}.{row}.{c.Name}").Trim().Length == 0);

    private static JsonNode? ReadOne(FormField field, string name, Posted posted, Texts t, Dictionary<string, IReadOnlyList<string>> typed, Dictionary<string, string> problems)
    {
        var sent = posted.Form[name].OfType<string>().Select(v => v.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n")).ToList();
        typed[name] = sent;
        var text = sent.Count > 0 ? sent[0].Trim() : "";
        switch (field.Kind)
        {
            case FieldKind.Check:
                return JsonValue.Create(text is "true" or "on");
            case FieldKind.Choices:
                return new JsonArray([.. sent.Where(s => s.Length > 0).Select(s => ValueOf(field, s))]);
        }

        if (text.Length == 0)
            return null;
        JsonNode? Refuse(string problem)
        {
            problems[name] = t[problem];
            return null;
        }

        switch (field.Kind)
        {
            case FieldKind.Choice:
                return ValueOf(field, text);
            case FieldKind.Integer:
                return long.TryParse(Digits(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole) : Refuse("form.notInteger");
            case FieldKind.Number or FieldKind.Money:
                return decimal.TryParse(Digits(text), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : Refuse("form.notNumber");
            case FieldKind.Date:
                return DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : Refuse("form.notDate");
            case FieldKind.DateTime:
                return DateTime.TryParseExact(text.Replace('T', ' '), ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                    ? JsonValue.Create(new DateTimeOffset(at, ShopTime.China.GetUtcOffset(at)).ToString("O", CultureInfo.InvariantCulture)) : Refuse("form.notDateTime");
            case FieldKind.Lines when !(field.TakesJson && text[0] is '[' or '{'):
                return new JsonArray([.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonNode)line)]);
            case FieldKind.Lines:
            case FieldKind.LongText when field.TakesJson:
                try
                {
                    return JsonNode.Parse(text);
                }
                catch (JsonException)
                {
                    return Refuse("form.notJson");
                }

            default:
                return JsonValue.Create(text);
        }
    }

    /// <summary>"1,234.50" and "¥1234.5" are numbers to whoever types them.</summary>
    private static string Digits(string text) => text.Replace(",", "", StringComparison.Ordinal).Replace("，", "", StringComparison.Ordinal).TrimStart('¥', '￥').Trim();

    /// <summary>An option that is a number stays one.</summary>
    private static JsonValue ValueOf(FormField field, string text)
    {
        var option = field.Options.FirstOrDefault(o => o.Value == text);
        return option is not null && text is not "" && (char.IsAsciiDigit(text[0]) || text[0] == '-') && field.OptionsAreNumbers && decimal.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text);
    }
}
