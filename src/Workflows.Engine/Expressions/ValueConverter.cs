using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Xml;

namespace Workflows.Engine.Expressions;

/// <summary>
/// Turns JSON data into the CLR types of activity inputs and back, as Elsa does for literals: text becomes a number, a
/// flag, a time span ("1.02:00:00" or ISO 8601 "P1D"), an instant or a list where the target asks for it.
/// </summary>
public static class ValueConverter
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Converts to <paramref name="type"/>. Throws <see cref="ExpressionError"/> that names value and type when it cannot.</summary>
    public static object? To(JsonNode? value, Type type)
    {
        if (typeof(JsonNode).IsAssignableFrom(type))
            return value is null || type.IsInstanceOfType(value) ? value : throw Misfit(value, type);

        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null)
            return type.IsValueType && target == type ? Activator.CreateInstance(type) : null;

        try
        {
            return value is JsonValue scalar ? FromScalar(scalar, target) : FromStructure(value, target);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or OverflowException or ArgumentException or NotSupportedException)
        {
            throw Misfit(value, target);
        }
    }

    /// <summary>Converts a CLR value to JSON data; JSON nodes pass through.</summary>
    public static JsonNode? ToJson(object? value) => value switch
    {
        null => null,
        JsonNode node => node,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        TimeSpan span => JsonValue.Create(span.ToString("c", CultureInfo.InvariantCulture)),
        DateTimeOffset instant => JsonValue.Create(instant.ToString("O", CultureInfo.InvariantCulture)),
        DateTime instant => JsonValue.Create(instant.ToString("O", CultureInfo.InvariantCulture)),
        Guid id => JsonValue.Create(id.ToString()),
        Uri address => JsonValue.Create(address.ToString()),
        Enum name => JsonValue.Create(name.ToString()),
        _ => JsonSerializer.SerializeToNode(value, value.GetType(), Options),
    };

    /// <summary>Text of a scalar as a person would write it; JSON of anything else.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue scalar when scalar.TryGetValue(out string? text) => text,
        _ => value.ToJsonString(),
    };

    private static object? FromScalar(JsonValue value, Type target)
    {
        if (target == typeof(string))
            return Text(value);
        if (target == typeof(object))
            return value;

        var text = Text(value)!.Trim();
        if (target == typeof(bool))
            return bool.Parse(text);
        if (text.Length == 0)
            return target.IsValueType ? Activator.CreateInstance(target) : null;
        if (target == typeof(int))
            return int.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (target == typeof(long))
            return long.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (target == typeof(double))
            return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) ? number : throw new FormatException();
        if (target == typeof(decimal))
            return decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (target == typeof(TimeSpan))
            return text.StartsWith('P') ? XmlConvert.ToTimeSpan(text) : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        if (target == typeof(DateTimeOffset))
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (target == typeof(DateTime))
            return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        if (target == typeof(DateOnly))
            return DateOnly.Parse(text, CultureInfo.InvariantCulture);
        if (target == typeof(Guid))
            return Guid.Parse(text);
        if (target == typeof(Uri))
            return new Uri(text, UriKind.RelativeOrAbsolute);
        if (target == typeof(byte[]))
            return Convert.FromBase64String(text);
        if (target.IsEnum)
            return Enum.Parse(target, text, ignoreCase: true) is var member && (Enum.IsDefined(target, member) || target.IsDefined(typeof(FlagsAttribute), false)) ? member : throw new FormatException();
        if (target.IsAssignableFrom(typeof(string[])))
            return text.StartsWith('[') ? FromStructure(JsonNode.Parse(text)!, target) : new[] { text };

        return FromStructure(JsonNode.Parse(text)!, target);
    }

    private static object? FromStructure(JsonNode value, Type target) =>
        target == typeof(string) ? value.ToJsonString()
        : target == typeof(object) ? value
        : target == typeof(string[]) && value is JsonArray list && Texts(list) is { } texts ? texts
        : target.IsPrimitive || target.IsEnum || target == typeof(TimeSpan) || target == typeof(DateTimeOffset) ? throw new FormatException()
        : value.Deserialize(target, Options);

    /// <summary>The most common structure by far, without the detour through text; null when it is not all texts.</summary>
    private static string[]? Texts(JsonArray list)
    {
        var texts = new string[list.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            if (list[i] is not JsonValue item || !item.TryGetValue(out texts[i]!))
                return null;
        }

        return texts;
    }

    private static ExpressionError Misfit(JsonNode value, Type type)
    {
        var text = value.ToJsonString();
        return new ExpressionError($"“{(text.Length > 60 ? text[..60] + "…" : text)}”不是有效的 {type.Name} 值 (not a valid {type.Name})");
    }
}
