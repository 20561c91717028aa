using System.Text.Json.Nodes;
using Workflows.Engine.Runtime;
using Workflows.Engine.Store;

namespace Workflows.Host.Shop;

/// <summary>What processes hear of an import of orders, whichever way it came.</summary>
internal static class OrdersImported
{
    /// <summary>
    /// Tells processes that orders came in, so that those under way are watched and late ones found. Also when all were known: the host may have died
    /// between saving them and this, and searching again begins nothing twice.
    /// </summary>
    /// <param name="import">Number of the import: told of once, however often it is finished.</param>
    public static async Task TellAsync(ImportOutcome outcome, string import, EventHub events, string by, CancellationToken cancellationToken)
    {
        if (EventOf(outcome, import, by) is { } imported)
            await events.PublishAsync(imported, cancellationToken);
    }

    /// <summary>The event of an import that brought orders; null for any other.</summary>
    public static PublishedEvent? EventOf(ImportOutcome outcome, string import, string by) => outcome is ImportOutcome.Finished { Report: { Kind: "orders" } report } && report.Rows > report.Rejected
        ? new PublishedEvent("orders-imported:" + import, "orders.imported", new JsonObject { ["saved"] = report.Saved }) { By = by }
        : null;
}
