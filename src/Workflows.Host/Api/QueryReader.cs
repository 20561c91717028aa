using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Workflows.Engine.Store;

namespace Workflows.Host.Api;

/// <summary>Reads query parameters strictly: an unknown, repeated or impossible one is refused by name.</summary>
internal sealed class QueryReader
{
    private readonly IQueryCollection _query;

    public QueryReader(HttpRequest request, params ReadOnlySpan<string> known)
    {
        _query = request.Query;
        var problem = Refusals.BadQuery;
        foreach (var (name, values) in _query)
        {
            if (!known.Contains(name))
                problem = problem.At(name, "unknown-parameter", "不认识的查询参数", "unknown query parameter");
            else if (values.Count > 1)
                problem = problem.At(name, "repeated", "参数重复", "given more than once");
            else if (values.ToString().Contains('\0', StringComparison.Ordinal))
                problem = problem.At(name, "nul-character", "含有 NUL 字符", "contains a NUL character");
        }

        Problem = problem.Errors.Count > 0 ? problem : null;
    }

    /// <summary>Set as soon as one parameter was refused.</summary>
    public Problem? Problem { get; private set; }

    public string? Text(string name) => _query[name].ToString() is { Length: > 0 } text ? text : null;

    public int Limit(int usual = 20, int most = 200)
    {
        if (Text("limit") is not { } text)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most)
            return limit;
        Refuse("limit", "out-of-range", $"须为 1 到 {most}", $"must be 1 to {most}");
        return usual;
    }

    public int? Number(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Refuse(name, "not-a-number", "须为整数", "must be a whole number");
        return null;
    }

    public T? Enum<T>(string name)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
            return null;
        if (System.Enum.TryParse<T>(text, ignoreCase: true, out var value) && System.Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]))
            return value;
        var choices = string.Join(", ", System.Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]));
        Refuse(name, "unknown-value", $"可选：{choices}", $"one of: {choices}");
        return null;
    }

    public bool? Flag(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (bool.TryParse(text, out var flag))
            return flag;
        Refuse(name, "unknown-value", "须为 true 或 false", "must be true or false");
        return null;
    }

    /// <summary>The beginning of a day of the shop.</summary>
    public DateTimeOffset? Day(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (ShopDay.Read(text) is { } day)
            return ShopCalendar.BeginOf(day);
        Refuse(name, "not-a-date", "须为日期，例如 2026-11-28", "must be a date such as 2026-11-28");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Choice(string name, IReadOnlyList<string> choices) =>
        Text(name) is not { } text ? null : choices.Contains(text) ? text : Refuse(name, "unknown-value", $"可选：{string.Join("、", choices)}", $"one of: {string.Join(", ", choices)}");

    /// <summary>The place after which the page begins, out of an opaque cursor.</summary>
    public string? Cursor(string name = "after")
    {
        if (Text(name) is not { } text)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)) is { } place && place.StartsWith("c1:", StringComparison.Ordinal) && !place.Contains('\0', StringComparison.Ordinal) ? place[3..] : Refuse(name, "bad-cursor", "游标无效", "not a cursor of this API");
        }
        catch (FormatException)
        {
            return Refuse(name, "bad-cursor", "游标无效", "not a cursor of this API");
        }
    }

    /// <summary>The place an opaque cursor means; null when it is none of ours.</summary>
    public static string? PlaceOf(string cursor)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) is { } place && place.StartsWith("c1:", StringComparison.Ordinal) ? place[3..] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Makes a cursor opaque.</summary>
    public static string? CursorOf(string? place) => place is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes("c1:" + place));

    private string? Refuse(string name, string code, string zh, string en)
    {
        Problem = (Problem ?? Refusals.BadQuery).At(name, code, zh, en);
        return null;
    }
}

/// <summary>A page of a list.</summary>
/// <param name="Items">In the order of the list.</param>
/// <param name="Next">Cursor of the next page; null when this is the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
