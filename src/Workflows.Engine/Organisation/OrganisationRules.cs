using System.Globalization;
using System.Text.RegularExpressions;
using Workflows.Engine.Fields;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>What may stand in the organisation. Every answer is the reason why not; null means that it may.</summary>
public static partial class OrganisationRules
{
    public const int LongestName = 100;

    // A line longer than this is a circle.
    private const int LongestLine = 64;

    /// <summary>A key names a user, role, group, department, post or contact. No colon: "role:x" must never be somebody's name.</summary>
    public static FieldReason? CheckKey(string? key) =>
        key is { Length: > 0 and <= 64 } && KeyForm().IsMatch(key) ? null
            : new("bad-key", "只能用字母、数字、汉字和 . _ - @，1 到 64 个字", "1 to 64 letters, digits, Chinese characters and . _ - @, nothing else");

    public static FieldReason? CheckText(string? text, bool required)
    {
        if (string.IsNullOrWhiteSpace(text))
            return required ? FieldReason.Missing : null;
        if (text.Length > LongestName)
            return FieldReason.TooLong(LongestName.ToString(CultureInfo.InvariantCulture));
        return text.Any(char.IsControl) ? new("control-character", "含有换行或其他控制字符，请删除", "contains a line break or another control character; remove it") : null;
    }

    public static FieldReason? CheckEmail(string? email) =>
        email is null || (email.Length <= 200 && EmailForm().IsMatch(email)) ? null
            : new("bad-email", "邮箱格式不对，应如 name@example.com，最多 200 个字", "not a mail address; write it like name@example.com, at most 200 characters");

    public static FieldReason? CheckMobile(string? mobile) =>
        mobile is null || MobileForm().IsMatch(mobile) ? null
            : new("bad-mobile", "手机号格式不对，应为 5 到 24 位数字，可以带 + 、空格和 -，如 13812345678", "not a telephone number; 5 to 24 digits, blanks and -, with + in front where needed, like 13812345678");

    /// <summary>Checks a person by themselves: the fields, not whom they name.</summary>
    public static IEnumerable<(string Field, FieldReason Reason)> Check(Person person)
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
            ("manager", person.Manager == person.UserName ? new("oneself", "上级不能是本人", "nobody is their own manager") : null),
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
