using System.Globalization;
using Workflows.Host.Hosting;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>Shop data brought in by the command line.</summary>
public sealed class ImportCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_brought_in_while_no_host_runs_are_watched_by_the_next_one()
    {
        var database = await HostDatabase.CreateSeededAsync(DatabaseKind.Sqlite);
        var file = Path.Combine(database.Folder, "orders.csv");
        var paid = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(file, $"OrderNo,Customer,PlacedAt,PaidAt,State,Amount\nSO-1,C-1,{paid},{paid},paid,59\n", Token);

        Assert.Equal(0, await CommandLine.Find(["import", "orders", file, "--Workflows:DataDirectory", database.Folder])!());

        await using var host = await HostUnderTest.StartOnAsync(database);
        using var admin = await host.AsAsync("super_admin");
        await Condition.FoundAsync(
            async () => (await admin.SendAsync(HttpMethod.Get, "/api/v1/instances?definitionId=fulfilment_monitoring")).Body!["items"]!.AsArray().FirstOrDefault(),
            "nobody watches the order",
            Token);
    }
}
