using Workflows.Activities.Store.Connector;

namespace Workflows.Host.Shop;

/// <summary>Asking a shop that may be away, where a page has something to show without its answer. Everywhere else the boundary of requests answers 503.</summary>
internal static class ShopAway
{
    public static async Task<(T Answer, bool IsAway)> AskAsync<T>(Func<Task<T>> ask, T otherwise)
    {
        try
        {
            return (await ask(), false);
        }
        catch (StoreAwayException)
        {
            return (otherwise, true);
        }
    }
}
