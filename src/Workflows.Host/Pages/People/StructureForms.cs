using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>Departments, posts, groups and outside contacts as lists and forms. The rules are the API's.</summary>
internal static class StructureForms
{
    public static readonly string[] Kinds = ["departments", "posts", "groups", "contacts"];

    public static IReadOnlyList<ListLine> Lines(string kind, OrganisationSnapshot now, Texts t)
    {
        var data = now.Data;
        string Href(string id) => $"/people/{kind}/edit?id={Uri.EscapeDataString(id)}";
        return kind switch
        {
            "departments" =>
            [
                .. data.Departments.OrderBy(d => PathOf(d, data), StringComparer.Ordinal).Select(d => new ListLine(
                    string.Concat(Enumerable.Repeat("　", Depth(d, data))) + d.Name, d.Head is { } head ? t.With("department.headIs", now.DisplayName(head)) : null, t.With("people.count", now.People.Count(p => p.Department == d.Id)), Href(d.Id))),
            ],
            "posts" => [.. data.Posts.Select(p => new ListLine(p.Name, now.FindDepartment(p.Department)?.Name, t.With("people.count", now.People.Count(x => x.Post == p.Id)), Href(p.Id)))],
            "groups" => [.. data.Groups.Select(g => new ListLine(g.Name, string.Join("、", g.Members.Select(now.DisplayName)), t.With("people.count", g.Members.Count), Href(g.Id)))],
            _ => [.. data.Contacts.Select(c => new ListLine(c.Name, string.Join(" · ", new[] { c.Company, t.Or("contact." + c.Kind, c.Kind), c.Email, Masks.Mobile(c.Mobile) }.Where(x => !string.IsNullOrEmpty(x))), c.IsActive ? null : t["people.left"], Href(c.Id), IsQuiet: !c.IsActive))],
        };
    }

    public static IReadOnlyList<FormField> Fields(string kind, bool isNew, OrganisationSnapshot now, Texts t)
    {
        var departments = new FormField("department", t["profile.department"], FieldKind.Choice, false) { Options = Departments(now, null) };
        IEnumerable<FormField> own = kind switch
        {
            "departments" =>
            [
                new("parent", t["department.parent"], FieldKind.Choice, false) { Options = Departments(now, null) },
                new("head", t["department.head"], FieldKind.Person, false),
                new("position", t["department.position"], FieldKind.Integer, false) { Help = t["department.position.help"] },
            ],
            "posts" => [departments],
            "groups" => [new("members", t["group.members"], FieldKind.People, false)],
            _ =>
            [
                new("kind", t["contact.kind"], FieldKind.Text, true) { Help = t["contact.kind.help"] },
                new("company", t["contact.company"], FieldKind.Text, false),
                new("email", t["profile.email"], FieldKind.Text, false),
                new("mobile", t["profile.mobile"], FieldKind.Text, false),
                new("note", t["contact.note"], FieldKind.Text, false),
                new("isActive", t["contact.active"], FieldKind.Check, false) { Initial = "true" },
            ],
        };
        return
        [
            new("id", t["people.key"], FieldKind.Text, isNew) { ReadOnly = !isNew, Help = isNew ? t["people.key.help"] : null },
            new("name", t["people.name"], FieldKind.Text, true) { MaxLength = OrganisationRules.LongestName },
            .. own,
        ];
    }

    /// <summary>What is so now, for the form; null when there is no such thing.</summary>
    public static JsonObject? Values(string kind, string id, OrganisationSnapshot now) => kind switch
    {
        "departments" => now.FindDepartment(id) is { } d ? new() { ["id"] = id, ["name"] = d.Name, ["parent"] = d.Parent, ["head"] = Written(d.Head, now), ["position"] = d.Position } : null,
        "posts" => now.FindPost(id) is { } p ? new() { ["id"] = id, ["name"] = p.Name, ["department"] = p.Department } : null,
        "groups" => now.FindGroup(id) is { } g ? new() { ["id"] = id, ["name"] = g.Name, ["members"] = PeopleReader.Written(g.Members.Where(m => now.Find(m) is not null), now) } : null,
        _ => now.Data.Contacts.FirstOrDefault(c => c.Id == id) is { } c
            ? new() { ["id"] = id, ["name"] = c.Name, ["kind"] = c.Kind, ["company"] = c.Company, ["email"] = c.Email, ["mobile"] = c.Mobile, ["note"] = c.Note, ["isActive"] = c.IsActive } : null,
    };

    public static Task<IResult> SaveAsync(string kind, string id, JsonObject values, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        string? Text(string name) => (string?)values[name];
        var name = Text("name") ?? "";
        return kind switch
        {
            "departments" => StructureEndpoints.SaveDepartmentAsync(id, new SaveDepartment(name, Text("parent"), Text("head"), (int)Math.Clamp((long?)values["position"] ?? 0, int.MinValue, int.MaxValue)), actor, changes, cancellationToken),
            "posts" => StructureEndpoints.SavePostAsync(id, new SavePost(name, Text("department")), actor, changes, cancellationToken),
            "groups" => StructureEndpoints.SaveGroupAsync(id, new SaveGroup(name, [.. (values["members"] as JsonArray ?? []).Select(m => (string)m!)]), actor, changes, cancellationToken),
            _ => StructureEndpoints.SaveContactAsync(
                id, new SaveContact(name, Text("kind") ?? "", Text("company"), Text("email"), Text("mobile"), Text("note"), (bool?)values["isActive"] ?? false), actor, changes, cancellationToken),
        };
    }

    public static Task<IResult> DeleteAsync(string kind, string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) => kind switch
    {
        "departments" => StructureEndpoints.DeleteDepartmentAsync(id, actor, changes, cancellationToken),
        "posts" => StructureEndpoints.DeletePostAsync(id, actor, changes, cancellationToken),
        "groups" => StructureEndpoints.DeleteGroupAsync(id, actor, changes, cancellationToken),
        _ => StructureEndpoints.DeleteContactAsync(id, actor, changes, cancellationToken),
    };

    /// <summary>The tree as choices, each indented by its depth.</summary>
    public static IReadOnlyList<FormOption> Departments(OrganisationSnapshot now, string? none) =>
    [
        .. none is null ? [] : new[] { new FormOption("", none) },
        .. now.Data.Departments.OrderBy(d => PathOf(d, now.Data), StringComparer.Ordinal).Select(d => new FormOption(d.Id, string.Concat(Enumerable.Repeat("　", Depth(d, now.Data))) + d.Name)),
    ];

    private static string? Written(string? user, OrganisationSnapshot now) => user is null ? null : PeopleReader.Written([user], now);

    private static int Depth(Department department, OrganisationData data) => Above(department, data).Count() - 1;

    private static string PathOf(Department department, OrganisationData data) =>
        string.Join('/', Above(department, data).Reverse().Select(d => d.Position.ToString("0000000000", CultureInfo.InvariantCulture) + d.Id));

    private static IEnumerable<Department> Above(Department department, OrganisationData data)
    {
        var at = department;
        for (var i = 0; at is not null && i < 32; i++, at = data.Departments.FirstOrDefault(d => d.Id == at.Parent))
            yield return at;
    }
}

/// <summary>What is shown of a number to whoever need not call it.</summary>
internal static class Masks
{
    /// <summary>138****1234</summary>
    public static string? Mobile(string? mobile) => mobile is { Length: >= 8 } ? $"{mobile[..3]}****{mobile[^4..]}" : mobile is null ? null : "****";
}
