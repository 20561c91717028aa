using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Workflows.Engine.Expressions.JavaScript.Patterns;

/// <summary>
/// Properties for \p{...}: all general categories; the scripts Han, Latin, Hiragana, Katakana, Hangul, Bopomofo, Cyrillic,
/// Greek; Any, ASCII, White_Space, Emoji, Emoji_Presentation, Extended_Pictographic, Ideographic, Unified_Ideograph.
/// </summary>
internal static class UnicodeProperties
{
    private static readonly FrozenDictionary<string, uint> Categories = CategoryNames();
    private static readonly ConcurrentDictionary<string, CharSet> Known = new(StringComparer.Ordinal);

    /// <summary>The characters with a property, as written between the braces; null when it is not known.</summary>
    public static CharSet? Find(string name)
    {
        if (Known.TryGetValue(name, out var known))
            return known;
        return Make(name) is { } made ? Known.GetOrAdd(name, made) : null;
    }

    /// <summary>Whether a character may stand in a name.</summary>
    public static bool IsIdentifierPart(int c, bool isFirst) => CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        <= UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => !isFirst,
        _ => false,
    };

    private static CharSet? Make(string name)
    {
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0)
        {
            var value = name[(equals + 1)..];
            return name[..equals] switch
            {
                "General_Category" or "gc" => Category(value),
                "Script" or "sc" => Script(value, extended: false),
                "Script_Extensions" or "scx" => Script(value, extended: true),
                _ => null,
            };
        }

        return name switch
        {
            "Any" => CharSet.None.Complement(),
            "ASCII" => CharSet.Of((0, 0x7F)),
            "ASCII_Hex_Digit" or "AHex" => CharSet.Of(('0', '9'), ('A', 'F'), ('a', 'f')),
            "Assigned" => Category("Cn")!.Complement(),
            "White_Space" or "space" => CharSet.Of((9, 13), (32, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
            "Emoji" => Read(UnicodeRanges.Emoji),
            "Emoji_Presentation" or "EPres" => Read(UnicodeRanges.EmojiPresentation),
            "Extended_Pictographic" or "ExtPict" => Read(UnicodeRanges.Pictographic),
            "Ideographic" or "Ideo" => Read(UnicodeRanges.Ideographic),
            "Unified_Ideograph" or "UIdeo" => Read(UnicodeRanges.UnifiedIdeograph),
            _ => Category(name),
        };
    }

    private static CharSet? Category(string name) => Categories.TryGetValue(name, out var categories) ? CharSet.Of(categories) : null;

    private static CharSet? Script(string name, bool extended) => name switch
    {
        "Han" or "Hani" => Read(extended ? UnicodeRanges.HanExtended : UnicodeRanges.Han),
        _ when extended => null,
        "Latin" or "Latn" => Read(UnicodeRanges.Latin),
        "Hiragana" or "Hira" => Read(UnicodeRanges.Hiragana),
        "Katakana" or "Kana" => Read(UnicodeRanges.Katakana),
        "Hangul" or "Hang" => Read(UnicodeRanges.Hangul),
        "Bopomofo" or "Bopo" => Read(UnicodeRanges.Bopomofo),
        "Cyrillic" or "Cyrl" => Read(UnicodeRanges.Cyrillic),
        "Greek" or "Grek" => Read(UnicodeRanges.Greek),
        _ => null,
    };

    private static CharSet Read(string ranges)
    {
        var read = new List<(int, int)>();
        foreach (var range in ranges.Split(' '))
        {
            var ends = range.Split('-');
            read.Add((int.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), int.Parse(ends[^1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
        }

        return CharSet.Of(read.ToArray());
    }

    private static FrozenDictionary<string, uint> CategoryNames()
    {
        // In the order of UnicodeCategory.
        string[] names =
        [
            "Lu Uppercase_Letter", "Ll Lowercase_Letter", "Lt Titlecase_Letter", "Lm Modifier_Letter", "Lo Other_Letter",
            "Mn Nonspacing_Mark", "Mc Spacing_Mark", "Me Enclosing_Mark", "Nd Decimal_Number digit", "Nl Letter_Number", "No Other_Number",
            "Zs Space_Separator", "Zl Line_Separator", "Zp Paragraph_Separator", "Cc Control cntrl", "Cf Format", "Cs Surrogate", "Co Private_Use",
            "Pc Connector_Punctuation", "Pd Dash_Punctuation", "Ps Open_Punctuation", "Pe Close_Punctuation", "Pi Initial_Punctuation",
            "Pf Final_Punctuation", "Po Other_Punctuation", "Sm Math_Symbol", "Sc Currency_Symbol", "Sk Modifier_Symbol", "So Other_Symbol", "Cn Unassigned",
        ];
        string[] groups = ["L Letter", "M Mark Combining_Mark", "N Number", "Z Separator", "C Other", "P Punctuation punct", "S Symbol"];
        var known = new Dictionary<string, uint>(StringComparer.Ordinal) { ["LC"] = 7, ["Cased_Letter"] = 7 };
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var name in names[i].Split(' '))
                known[name] = 1U << i;
        }

        foreach (var group in groups)
        {
            uint all = 0;
            for (var i = 0; i < names.Length; i++)
                all |= names[i][0] == group[0] ? 1U << i : 0;
            foreach (var name in group.Split(' '))
                known[name] = all;
        }

        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
