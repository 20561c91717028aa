using System.Text;

namespace Workflows.Engine.Definitions;

/// <summary>Writes places in a JSON document for people and programs to find them.</summary>
public static class JsonPath
{
    public static string Of(string parent, string member) => Append(new StringBuilder(parent), member).ToString();

    public static string Of(string parent, int index) => $"{parent}[{index}]";

    public static StringBuilder Append(StringBuilder path, object? step) => step switch
    {
        null => path,
        int index => path.Append('[').Append(index).Append(']'),
        string member when IsPlain(member) => path.Append('.').Append(member),
        var member => path.Append("['").Append(Short(member.ToString()!)).Append("']"),
    };

    private static bool IsPlain(string member) => member.Length is > 0 and <= 60 && member.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    private static string Short(string member) => member.Length > 60 ? member[..60] + "…" : member;
}
