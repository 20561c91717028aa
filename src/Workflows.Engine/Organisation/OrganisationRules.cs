using System.Text.RegularExpressions;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>What may stand in the organisation. Every answer is the reason in Chinese; null means that it may.</summary>
public static partial class OrganisationRules
{
    public const int LongestName = 100;

    // A line longer than this is a circle.
    private const int LongestLine = 64;

    /// <summary>A key names a user, role, group, department, post or contact. No colon: "role:x" must never be somebody's name.</summary>
    public static string? CheckKey(string? key) =>
        key is { Length: > 0 and <= 64 } && KeyForm().IsMatch(key) ? null : "只能用字母、数字、汉字和 . _ - @，1 到 64 个字";

    public static string? CheckText(string? text, bool required)
    {
        if (string.IsNullOrWhiteSpace(text))
            return required ? "此项必填" : null;
        if (text.Length > LongestName)
            return $"最多 {LongestName} 字";
        return text.Any(char.IsControl) ? "含有控制字符" : null;
    }

    public static string? CheckEmail(string? email) =>
        email is null || (email.Length <= 200 && EmailForm().IsMatch(email)) ? null : "邮箱格式不对";

    public static string? CheckMobile(string? mobile) =>
        mobile is null || MobileForm().IsMatch(mobile) ? null : "手机号格式不对";

    /// <summary>Checks a person by themselves: the fields, not whom they name.</summary>
    public static IEnumerable<(string Field, string Reason)> Check(Person person)
    {
        foreach (var (field, reason) in new[]
        {
            ("userName", CheckKey(person.UserName)),
            ("displayName", CheckText(person.DisplayName, required: true)),
            ("nickname", CheckText(person.Nickname, required: false)),
            ("initials", CheckText(person.Initials, required: false)),
            ("email", CheckEmail(person.Email)),
            ("mobile", CheckMobile(person.Mobile)),
            ("roles", person.Roles.Select(CheckKey).FirstOrDefault(r => r is not null)),
            ("manager", person.Manager == person.UserName ? "上级不能是本人" : null),
        })
        {
            if (reason is not null)
                yield return (field, reason);
        }
    }

    /// <summary>True when following the reporting line upward from a person comes back to them.</summary>
    public static bool IsInCircle(string userName, Func<string, string?> managerOf) => ComesBack(userName, managerOf);

    /// <summary>True when following the tree upward from a department comes back to it.</summary>
    public static bool IsInCircle(Department department, IEnumerable<Department> others)
    {
        var parents = others.Where(d => d.Id != department.Id).ToDictionary(d => d.Id, d => d.Parent);
        parents[department.Id] = department.Parent;
        return ComesBack(department.Id, id => parents.GetValueOrDefault(id));
    }

    private static bool ComesBack(string from, Func<string, string?> above)
    {
        var at = above(from);
        for (var i = 0; at is not null && i < LongestLine; i++, at = above(at))
        {
            if (at == from)
                return true;
        }

        return at is not null;
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}._@-]+\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"^[^\s@<>""',;:\\]+@[^\s@<>""',;:\\]+\.[^\s@<>""',;:\\]+\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex EmailForm();

    [GeneratedRegex(@"^\+?[0-9 -]{5,24}\z", RegexOptions.CultureInvariant, 100)]
    private static partial Regex MobileForm();
}
