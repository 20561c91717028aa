namespace Workflows.Persistence.Databases;

/// <summary>
/// Named values of a statement. Instants become microseconds and enums their numbers; a string array serves
/// "= any(@name)".
/// </summary>
public sealed class SqlArgs : Dictionary<string, object?>
{
    public SqlArgs()
        : base(StringComparer.Ordinal)
    {
    }

    public static readonly SqlArgs None = [];

    internal static object? Normalise(object? value) => value switch
    {
        DateTimeOffset instant => Instants.ToMicros(instant),
        Enum number => Convert.ToInt32(number, null),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        TimeSpan span => Instants.ToMicros(span),
        IReadOnlyList<string> texts and not string[] => texts.ToArray(),
        _ => value,
    };
}
