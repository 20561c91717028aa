namespace Workflows.Host.Channels.Sms;

/// <summary>Numbers as gateways want them.</summary>
internal static class PhoneNumbers
{
    private const string China = "+86";

    /// <summary>E.164: a plus and 8 to 15 digits. A number without a country is one of mainland China, and then a mobile.</summary>
    public static bool TryNormalise(string? text, out string number)
    {
        number = "";
        if (text is null || text.Length > 32 || text.Any(c => !char.IsAsciiDigit(c) && c is not ('+' or ' ' or '-' or '(' or ')')))
            return false;
        var plus = text.TrimStart().StartsWith('+');
        var digits = new string([.. text.Where(char.IsAsciiDigit)]);
        if (!plus && digits.StartsWith("00", StringComparison.Ordinal))
            (plus, digits) = (true, digits[2..]);
        if (!plus && digits.Length == 13 && digits.StartsWith("86", StringComparison.Ordinal))
            digits = digits[2..];
        number = plus ? "+" + digits : China + digits;
        return number.StartsWith(China, StringComparison.Ordinal)
            ? number.Length == 14 && number[3] == '1' && number[4] is >= '3' and <= '9'
            : digits.Length is >= 8 and <= 15 && digits[0] != '0';
    }

    /// <summary>Without the country for mainland China, as its own gateways want it.</summary>
    public static string National(string number) => number.StartsWith(China, StringComparison.Ordinal) ? number[China.Length..] : number.TrimStart('+');
}
