using Workflows.Engine.Store;

namespace Workflows.Host.Shop;

/// <summary>
/// The gate before complainants, wherever the shop keeps them. Of the shop in our own database, what is revealed and its record are one transaction; of a connected
/// one the record is written first, once the complaint is known to exist, and nothing is shown that has none.
/// </summary>
internal static class ComplaintGate
{
    public static async Task<Complaint?> RevealComplaintAsync(this IStorePlatform shop, ICustomerRegister register, string id, string by, string reason, CancellationToken cancellationToken)
    {
        if (ReferenceEquals(shop, register))
            return await register.RevealComplaintAsync(id, by, reason, cancellationToken);
        if (await shop.FindComplaintAsync(id, cancellationToken) is not { } complaint)
            return null;
        await register.NoteRevealAsync(Disclosure.OfComplaint, id, by, reason, cancellationToken);
        return complaint;
    }
}
