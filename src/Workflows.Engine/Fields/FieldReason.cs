namespace Workflows.Engine.Fields;

/// <summary>Why a field of a form, of the organisation or of a request is refused: what is wrong and what is expected, in words people understand.</summary>
/// <param name="Code">Stable word for programs.</param>
/// <param name="Zh">For people, in Chinese.</param>
/// <param name="En">The same in English.</param>
public sealed record FieldReason(string Code, string Zh, string En)
{
    public static FieldReason Missing { get; } = new("missing", "此项必填", "this must be filled in");

    public static FieldReason WrongType(string zh, string en) => new("wrong-type", $"填写的类型不对，应为{zh}", $"this must be {en}");

    public static FieldReason TooShort(string least) => new("too-short", $"至少 {least} 个字", $"at least {least} characters");

    public static FieldReason TooLong(string most) => new("too-long", $"最多 {most} 个字", $"at most {most} characters");

    public static FieldReason UnknownPerson(string name) => new("unknown-person", $"没有在职人员“{name}”", $"there is no active person {name}");

    /// <summary>In the language asked for.</summary>
    public string In(bool chinese) => chinese ? Zh : En;
}
