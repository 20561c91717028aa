using System.Data.Common;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Organisation;

/// <summary>How the organisation's records lie in their tables.</summary>
internal static class OrganisationRows
{
    /// <summary>A role key or group id as it may be stored: one word, because the sign-in reads a person's roles as words of one text.</summary>
    public static string Key(string role) =>
        role.Length > 0 && !role.Any(char.IsWhiteSpace) ? role : throw new ArgumentException($"\"{role}\" is not a key: one word without spaces.");

    public static SqlArgs Args(Person person) => new()
    {
        ["user_name"] = person.UserName,
        ["display_name"] = person.DisplayName,
        ["manager"] = person.Manager,
        ["email"] = person.Email,
        ["mobile"] = person.Mobile,
        ["is_active"] = person.IsActive,
        ["department"] = person.Department,
        ["post"] = person.Post,
        ["nickname"] = person.Nickname,
        ["initials"] = person.Initials,
    };

    public static Person ReadPerson(DbDataReader row, IReadOnlyList<string> roles) =>
        new(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), row.TextOrNull(4), roles, row.GetBoolean(5))
        {
            Department = row.TextOrNull(6),
            Post = row.TextOrNull(7),
            Nickname = row.TextOrNull(8),
            Initials = row.TextOrNull(9),
        };

    public static SqlArgs Args(Department department) => new()
    {
        ["id"] = Key(department.Id),
        ["name"] = department.Name,
        ["parent"] = department.Parent,
        ["head"] = department.Head,
        ["position"] = department.Position,
    };

    public static Department ReadDepartment(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), row.GetInt32(4));

    public static SqlArgs Args(Post post) => new() { ["id"] = Key(post.Id), ["name"] = post.Name, ["department"] = post.Department };

    public static Post ReadPost(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.TextOrNull(2));

    public static SqlArgs Args(ExternalContact contact) => new()
    {
        ["id"] = Key(contact.Id),
        ["name"] = contact.Name,
        ["company"] = contact.Company,
        ["kind"] = contact.Kind,
        ["email"] = contact.Email,
        ["mobile"] = contact.Mobile,
        ["note"] = contact.Note,
        ["is_active"] = contact.IsActive,
    };

    public static ExternalContact ReadContact(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetString(3), row.TextOrNull(4), row.TextOrNull(5), row.TextOrNull(6), row.GetBoolean(7));

    public static SqlArgs Args(Delegation delegation) => new()
    {
        ["id"] = delegation.Id,
        ["from_user"] = delegation.From,
        ["to_user"] = delegation.To,
        ["definition_id"] = delegation.DefinitionId,
        ["starts_at"] = delegation.StartsAt,
        ["ends_at"] = delegation.EndsAt,
        ["reason"] = delegation.Reason,
        ["created_by"] = delegation.CreatedBy,
        ["created_at"] = delegation.CreatedAt,
    };

    public static Delegation ReadDelegation(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.Instant(4), row.Instant(5), row.TextOrNull(6), row.GetString(7), row.Instant(8), row.InstantOrNull(9));

    public static SqlArgs Args(OrganisationAudit audit) => new()
    {
        ["id"] = audit.Id,
        ["at"] = audit.At,
        ["by_user"] = audit.By,
        ["kind"] = audit.Kind,
        ["subject"] = audit.Subject,
        ["detail"] = JsonText.Write(audit.Detail),
    };

    public static OrganisationAudit ReadAudit(DbDataReader row) =>
        new(row.GetString(0), row.Instant(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Json(5));
}
