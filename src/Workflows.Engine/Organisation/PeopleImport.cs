using Workflows.Engine.Fields;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;

namespace Workflows.Engine.Organisation;

/// <summary>What an import does with one line, or with a person the file does not name.</summary>
public enum ImportAct
{
    Added,
    Changed,

    /// <summary>Not in the file: becomes inactive.</summary>
    Deactivated,

    /// <summary>Left out, with the reason.</summary>
    Refused,
}

/// <summary>A field that changes, as people read it.</summary>
public sealed record FieldChange(string Field, string? Before, string? After);

/// <param name="Line">Line of the file, from 1; null for somebody the file does not name.</param>
public sealed record ImportStep(ImportAct Act, long? Line, string UserName, string DisplayName, FieldReason? Reason, IReadOnlyList<FieldChange> Changes);

/// <summary>What an import of people would do; made from the file and the organisation as it is, without touching anything.</summary>
/// <param name="Fault">Why the file as a whole is not taken; null when it is.</param>
/// <param name="Unchanged">Lines that say what is so already.</param>
/// <param name="People">The people to save.</param>
public sealed record ImportPlan(FieldReason? Fault, IReadOnlyList<ImportStep> Steps, int Unchanged, IReadOnlyList<Person> People);

/// <summary>
/// Plans an import of people from CSV. Columns may have Chinese or English names and any order; a column that is missing leaves
/// what it would set alone. Repeating an import changes nothing.
/// </summary>
public static class PeopleImport
{
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["用户名"] = "userName",
        ["工号"] = "userName",
        ["账号"] = "userName",
        ["user_name"] = "userName",
        ["userName"] = "userName",
        ["姓名"] = "displayName",
        ["display_name"] = "displayName",
        ["name"] = "displayName",
        ["displayName"] = "displayName",
        ["花名"] = "nickname",
        ["nickname"] = "nickname",
        ["拼音首字母"] = "initials",
        ["拼音"] = "initials",
        ["initials"] = "initials",
        ["部门"] = "department",
        ["department"] = "department",
        ["岗位"] = "post",
        ["职位"] = "post",
        ["post"] = "post",
        ["上级"] = "manager",
        ["直属上级"] = "manager",
        ["manager"] = "manager",
        ["角色"] = "roles",
        ["roles"] = "roles",
        ["邮箱"] = "email",
        ["email"] = "email",
        ["手机"] = "mobile",
        ["手机号"] = "mobile",
        ["mobile"] = "mobile",
        ["在职"] = "isActive",
        ["状态"] = "isActive",
        ["active"] = "isActive",
        ["isActive"] = "isActive",
    };

    private static readonly FieldReason Oneself = new("oneself", "不能停用自己", "you cannot disable yourself");

    private static readonly char[] BetweenRoles = [';', '；', '、', ',', '，', '|', ' '];

    /// <param name="records">The file, header first.</param>
    /// <param name="now">The organisation as it is.</param>
    /// <param name="deactivateMissing">True when the file is the whole staff: who is not in it becomes inactive.</param>
    /// <param name="by">Who imports; nobody deactivates themselves.</param>
    public static ImportPlan Plan(IReadOnlyList<CsvRecord> records, OrganisationData now, bool deactivateMissing, string by)
    {
        if (records.Count == 0 || records[0].Fields is not { } header)
            return new ImportPlan(new("not-a-table", "文件是空的或不是 CSV", "the file is empty or is not CSV"), [], 0, []);
        var columns = header.Select(h => Columns.GetValueOrDefault(h.Trim().TrimStart('\uFEFF'))).ToArray();
        if (header.Where((_, i) => columns[i] is null).ToList() is { Count: > 0 } unknown)
            return new ImportPlan(new("unknown-column", $"不认识的列：{string.Join("、", unknown)}", $"unknown columns: {string.Join(", ", unknown)}"), [], 0, []);
        if (columns.Distinct().Count() < columns.Length)
            return new ImportPlan(new("repeated-column", "有重复的列", "a column stands there twice"), [], 0, []);
        if (!columns.Contains("userName") || !columns.Contains("displayName"))
            return new ImportPlan(new("missing-column", "缺少“用户名”或“姓名”列", "the column userName or displayName is missing"), [], 0, []);

        var known = now.People.ToDictionary(p => p.UserName);
        var lines = new List<Line>();
        var seen = new HashSet<string>();
        foreach (var record in records.Skip(1))
        {
            var line = Read(record, columns!, known, now);
            if (line.Reason is null && !seen.Add(line.Person.UserName))
                line = line with { Reason = new("repeated", "文件中此人重复", "this person stands in the file twice") };
            if (line.Reason is null && line.Person.UserName == by && !line.Person.IsActive)
                line = line with { Reason = Oneself };
            if (line.Reason is null && line.Person.UserName == by && known.TryGetValue(by, out var self) && Roles(self) != Roles(line.Person))
                line = line with { Reason = new("oneself", "不能修改自己的角色", "you cannot change your own roles") };
            lines.Add(line);
        }

        RefuseBadManagers(lines, known);
        var steps = lines.Select(l => Step(l, known)).OfType<ImportStep>().ToList();
        var people = lines.Where(l => l.Reason is null && Changes(known.GetValueOrDefault(l.Person.UserName), l.Person).Count > 0).Select(l => l.Person).ToList();
        var unchanged = lines.Count(l => l.Reason is null) - people.Count;
        // A line that was refused still names its person: being misspelt is no reason to be dismissed.
        var named = lines.Select(l => l.Person.UserName).ToHashSet();
        foreach (var gone in deactivateMissing ? now.People.Where(p => p.IsActive && !named.Contains(p.UserName)) : [])
        {
            if (gone.UserName == by)
            {
                steps.Add(new ImportStep(ImportAct.Refused, null, gone.UserName, gone.DisplayName, Oneself, []));
                continue;
            }

            people.Add(gone with { IsActive = false });
            steps.Add(new ImportStep(ImportAct.Deactivated, null, gone.UserName, gone.DisplayName, Duties(gone, now), [new FieldChange("isActive", "是", "否")]));
        }

        return new ImportPlan(null, steps, unchanged, people);
    }

    private static Line Read(CsvRecord record, string[] columns, Dictionary<string, Person> known, OrganisationData now)
    {
        Person Nobody(string user = "") => new(user, "", null, null, null, []);
        if (record.Fields is not { } fields)
            return new Line(record.Line, Nobody(), record.Fault is { } broken ? new("bad-line", broken, "this line is not CSV: a quotation mark is open or stands in the middle of a cell, or a cell is too long") : null);
        if (fields.Length != columns.Length)
            return new Line(record.Line, Nobody(), new("bad-line", $"应有 {columns.Length} 列，实有 {fields.Length} 列", $"{columns.Length} columns expected, {fields.Length} found"));
        var given = columns.Zip(fields).ToDictionary(x => x.First, x => Plain(x.Second.Trim()) is { Length: > 0 } text ? text : null);
        var person = known.GetValueOrDefault(given["userName"] ?? "") ?? Nobody(given["userName"] ?? "");
        FieldReason? reason = null;
        foreach (var (column, text) in given)
        {
            switch (column)
            {
                case "displayName":
                    person = person with { DisplayName = text ?? "" };
                    break;
                case "nickname":
                    person = person with { Nickname = text };
                    break;
                case "initials":
                    person = person with { Initials = text?.ToLowerInvariant() };
                    break;
                case "manager":
                    person = person with { Manager = text };
                    break;
                case "email":
                    person = person with { Email = text };
                    break;
                case "mobile":
                    person = person with { Mobile = text };
                    break;
                case "roles":
                    person = person with { Roles = [.. (text ?? "").Split(BetweenRoles, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Order(StringComparer.Ordinal)] };
                    break;
                case "department":
                    var department = text is null ? null : now.Departments.FirstOrDefault(d => d.Id == text) ?? (now.Departments.Where(d => d.Name == text).ToList() is [var only] ? only : null);
                    reason ??= text is not null && department is null ? new("unknown-department", $"没有部门“{text}”", $"there is no department {text}") : null;
                    person = person with { Department = department?.Id };
                    break;
                case "post":
                    var post = text is null ? null : now.Posts.FirstOrDefault(p => p.Id == text) ?? (now.Posts.Where(p => p.Name == text).ToList() is [var one] ? one : null);
                    reason ??= text is not null && post is null ? new("unknown-post", $"没有岗位“{text}”", $"there is no post {text}") : null;
                    person = person with { Post = post?.Id };
                    break;
                case "isActive":
                    bool? active = text switch
                    {
                        null or "是" or "在职" or "1" or "true" or "TRUE" or "yes" => true,
                        "否" or "离职" or "停用" or "0" or "false" or "FALSE" or "no" => false,
                        _ => null,
                    };
                    reason ??= active is null ? new("not-a-choice", $"“在职”应为是或否，而不是“{text}”", $"the column isActive is yes or no, not {text}") : null;
                    person = person with { IsActive = active ?? person.IsActive };
                    break;
            }
        }

        return new Line(record.Line, person, reason ?? OrganisationRules.Check(person).Select(f => f.Reason with { Zh = $"{f.Field}：{f.Reason.Zh}", En = $"{f.Field}: {f.Reason.En}" }).FirstOrDefault());
    }

    /// <summary>Exports put an apostrophe before what a spreadsheet would take for a formula.</summary>
    private static string Plain(string cell) => cell.Length > 1 && cell[0] == '\'' && "=+-@＝＋－＠'".Contains(cell[1], StringComparison.Ordinal) ? cell[1..] : cell;

    /// <summary>A manager must be there, and no line may report to itself; refusing one line can take the manager from another, so it is looked at until nothing changes.</summary>
    private static void RefuseBadManagers(List<Line> lines, Dictionary<string, Person> known)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            var after = new Dictionary<string, Person>(known);
            foreach (var line in lines.Where(l => l.Reason is null))
                after[line.Person.UserName] = line.Person;
            for (var i = 0; i < lines.Count; i++)
            {
                if (lines[i] is not { Reason: null, Person: { Manager: { } manager, IsActive: true } person })
                    continue;
                FieldReason? reason = after.GetValueOrDefault(manager) is not { IsActive: true } ? new("unknown-person", $"没有在职的上级“{manager}”", $"there is no active manager {manager}")
                    : OrganisationRules.IsInCircle(person.UserName, name => after.GetValueOrDefault(name)?.Manager) ? new("circle", "上下级关系循环", "the reporting line would be a circle")
                    : null;
                // What is so already is not this file's fault.
                if (reason is null || (known.GetValueOrDefault(person.UserName) is { } before && before.Manager == manager && before.IsActive))
                    continue;
                lines[i] = lines[i] with { Reason = reason };
                changed = true;
            }
        }
    }

    private static ImportStep? Step(Line line, Dictionary<string, Person> known)
    {
        if (line.Reason is { } reason)
            return new ImportStep(ImportAct.Refused, line.Number, line.Person.UserName, line.Person.DisplayName, reason, []);
        var before = known.GetValueOrDefault(line.Person.UserName);
        var changes = Changes(before, line.Person);
        return changes.Count == 0 ? null : new ImportStep(before is null ? ImportAct.Added : ImportAct.Changed, line.Number, line.Person.UserName, line.Person.DisplayName, null, changes);
    }

    private static List<FieldChange> Changes(Person? before, Person after)
    {
        (string Field, string? Before, string? After)[] fields =
        [
            ("displayName", before?.DisplayName, after.DisplayName),
            ("nickname", before?.Nickname, after.Nickname),
            ("initials", before?.Initials, after.Initials),
            ("department", before?.Department, after.Department),
            ("post", before?.Post, after.Post),
            ("manager", before?.Manager, after.Manager),
            ("roles", before is null ? null : Roles(before), Roles(after)),
            ("email", before?.Email, after.Email),
            ("mobile", before?.Mobile, after.Mobile),
            ("isActive", before is null ? null : YesNo(before.IsActive), YesNo(after.IsActive)),
        ];
        return [.. fields.Where(f => (f.Before ?? "") != (f.After ?? "")).Select(f => new FieldChange(f.Field, f.Before, f.After))];
    }

    private static string Roles(Person person) => string.Join(' ', person.Roles.Distinct().Order(StringComparer.Ordinal));

    private static string YesNo(bool value) => value ? "是" : "否";

    /// <summary>What would be left without a person; such people are better handed over.</summary>
    private static FieldReason? Duties(Person person, OrganisationData now)
    {
        var reports = now.People.Count(p => p.IsActive && p.Manager == person.UserName);
        var heads = now.Departments.Where(d => d.Head == person.UserName).Select(d => d.Name).ToList();
        if (heads.Count == 0 && reports == 0)
            return null;
        string Duty(string between, string head, string manager) => string.Join(between, new[] { heads.Count > 0 ? head : null, reports > 0 ? manager : null }.Where(d => d is not null));
        return new(
            "has-duties",
            $"此人仍是{Duty("，", $"{string.Join("、", heads)}的负责人", $"{reports} 人的上级")}，建议改用交接",
            $"still {Duty(" and ", $"head of {string.Join(", ", heads)}", $"manager of {reports}")}; better hand over");
    }

    private sealed record Line(long Number, Person Person, FieldReason? Reason);
}
