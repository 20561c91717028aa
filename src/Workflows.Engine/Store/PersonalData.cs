using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workflows.Engine.Store;

/// <summary>How names, numbers and addresses of customers are shown to those who gave no reason.</summary>
public static partial class PersonalData
{
    private const int FewestDigitsOfANumber = 7;

    /// <summary>张**: the first character alone, whatever the length, so that the length tells nothing.</summary>
    public static string? MaskName(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim().EnumerateRunes().First() + "**";

    /// <summary>138****5678; whatever is too short to be a number shows nothing of itself.</summary>
    public static string? MaskNumber(string? number)
    {
        if (string.IsNullOrWhiteSpace(number))
            return null;
        var digits = NationalOf(number);
        return digits.Length >= 8 ? $"{digits[..3]}****{digits[^4..]}" : "****";
    }

    /// <summary>l***@example.com</summary>
    public static string? MaskEmail(string? email) => string.IsNullOrWhiteSpace(email) ? null
        : email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? email.EnumerateRunes().First() + "***" + email[at..] : "***";

    /// <summary>
    /// A field that holds a customer's number, name or telephone number, as people type it. A number of the shop stays, for it says nothing about anybody;
    /// whatever is not plainly one is masked.
    /// </summary>
    public static string? MaskCustomer(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (text.Contains('@', StringComparison.Ordinal))
            return MaskEmail(text);
        if (DigitsOf(text) is not null)
            return MaskNumber(text);
        return IsOfTheShop(text) ? text : MaskName(text);
    }

    /// <summary>The digits of a telephone number without those of the country; null when the text is something else.</summary>
    public static string? DigitsOf(string text) =>
        text.Count(char.IsAsciiDigit) >= FewestDigitsOfANumber && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or ' ' or '(' or ')') ? NationalOf(text) : null;

    /// <summary>Whether a text is plainly a number of the shop's own, such as that of a customer or an order.</summary>
    public static bool IsOfTheShop(string text) =>
        text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !MobileInside().IsMatch(text);

    private static string NationalOf(string number)
    {
        var digits = new string([.. number.Where(char.IsAsciiDigit)]);
        return digits.Length > 11 && digits.StartsWith("86", StringComparison.Ordinal) ? digits[2..] : digits;
    }

    [GeneratedRegex(@"1[3-9]\d{9}")]
    private static partial Regex MobileInside();

    /// <summary>Masks the named members of an instance's data, whatever they hold.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> Mask(IReadOnlyDictionary<string, JsonNode?> values, IReadOnlySet<string> names) => names.Count == 0
        ? values
        : values.ToDictionary(v => v.Key, v => names.Contains(v.Key) ? MaskValue(v.Value) : v.Value);

    /// <summary>The same row of a promotion's data, with name and number masked.</summary>
    public static StoreRow Mask(StoreRow row)
    {
        if (row.Part != StoreRow.Participants)
            return row;
        var participant = row.ToParticipant("");
        return StoreRow.Of(participant with { Name = MaskName(participant.Name), Mobile = MaskNumber(participant.Mobile) });
    }

    /// <summary>Something that is somebody's own, masked; a list or an object shows nothing of itself.</summary>
    public static JsonNode? MaskValue(JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when text.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => MaskCustomer(text.ToString()),
        _ => "****",
    };
}
