using Workflows.Engine.Organisation;

namespace Workflows.Host.Organisation;

/// <summary>A manager's people: everybody whose reporting line leads up to them, near or far. Those who left are among them while their tasks wait.</summary>
internal static class Team
{
    private const int Most = 2_000;

    // A line longer than this is a circle, which is a fault of the data and must not hang a request.
    private const int LongestLine = 64;

    public static IReadOnlyList<string> Of(string manager, OrganisationSnapshot people)
    {
        var above = people.Data.People.ToDictionary(p => p.UserName, p => p.Manager);
        return [.. above.Keys.Where(IsBelow).Take(Most)];

        bool IsBelow(string name)
        {
            var at = name == manager ? null : above[name];
            for (var i = 0; at is not null && i < LongestLine; i++, at = above.GetValueOrDefault(at))
            {
                if (at == manager)
                    return true;
            }

            return false;
        }
    }
}
