namespace Workflows.Persistence.Databases;

/// <summary>Amounts and figures as both databases keep them in columns called _e4: whole ten-thousandths.</summary>
internal static class TenThousandths
{
    private const decimal Scale = 10_000m;

    /// <summary>To the nearest; what has at most four decimals is kept as it is.</summary>
    public static long Of(decimal amount) => (long)decimal.Round(amount * Scale);

    public static long? Of(decimal? amount) => amount is { } value ? Of(value) : null;

    public static decimal ToDecimal(long stored) => stored / Scale;
}
