using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Host.Organisation;

/// <summary>A colleague as everybody sees them.</summary>
internal sealed record PersonLine(string UserName, string DisplayName, string? Nickname, string? Department, string? DepartmentName, string? Post, string? PostName, bool IsActive)
{
    public static PersonLine Of(Person p, OrganisationSnapshot o) =>
        new(p.UserName, p.DisplayName, p.Nickname, p.Department, o.FindDepartment(p.Department)?.Name, p.Post, o.FindPost(p.Post)?.Name, p.IsActive);
}

/// <summary>A person with everything that administrators, and the person, may see.</summary>
internal sealed record PersonDetail(
    string UserName, string DisplayName, string? Nickname, string? Initials, string? Department, string? Post, string? Manager, string? Email, string? Mobile,
    IReadOnlyList<string> Roles, IReadOnlyList<string> Groups, bool IsActive)
{
    public static PersonDetail Of(Person p, OrganisationData data) => new(
        p.UserName, p.DisplayName, p.Nickname, p.Initials, p.Department, p.Post, p.Manager, p.Email, p.Mobile, p.Roles,
        [.. data.Groups.Where(g => g.Members.Contains(p.UserName)).Select(g => g.Id)], p.IsActive);
}

/// <summary>A person as an administrator writes them.</summary>
internal sealed record SavePerson(
    string DisplayName, string? Nickname = null, string? Initials = null, string? Department = null, string? Post = null, string? Manager = null, string? Email = null, string? Mobile = null,
    IReadOnlyList<string>? Roles = null, bool IsActive = true);

internal sealed record SavePassword(string Password, string? Current = null);

internal sealed record SaveDepartment(string Name, string? Parent = null, string? Head = null, int Position = 0);

internal sealed record SavePost(string Name, string? Department = null);

internal sealed record SaveGroup(string Name, IReadOnlyList<string> Members);

internal sealed record SaveContact(string Name, string Kind, string? Company = null, string? Email = null, string? Mobile = null, string? Note = null, bool IsActive = true);

/// <param name="From">Whose work is handed on; the caller when left out. Only administrators name somebody else.</param>
internal sealed record SaveDelegation(string To, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? From = null, string? DefinitionId = null, string? Reason = null);

/// <param name="To">User name of the successor.</param>
/// <param name="Deactivate">The leaver may not sign in any more.</param>
internal sealed record SaveHandover(string To, string? Reason = null, bool Deactivate = true);

internal sealed record AuditView(string Id, DateTimeOffset At, string By, string Kind, string Subject, JsonNode? Detail);
