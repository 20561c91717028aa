using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>Who acts for a person who was asked.</summary>
/// <param name="Acts">The person who gets the work.</param>
/// <param name="Chain">From the person it was meant for to the one who acts; one entry when nobody stands in.</param>
/// <param name="Note">What was remarkable about finding them, in Chinese; null when nothing was.</param>
public sealed record Deputising(Person Acts, IReadOnlyList<Person> Chain, string? Note)
{
    public bool IsDeputised => Chain.Count > 1;

    /// <summary>The people stood in for, nearest to the original first; empty when nobody stands in.</summary>
    public IReadOnlyList<string> OnBehalfOf => [.. Chain.Take(Chain.Count - 1).Select(p => p.UserName)];

    /// <summary>"李四 代 王五", as timelines and tasks tell it; the plain name when nobody stands in.</summary>
    public string Told => string.Join(" 代 ", Chain.Reverse().Select(p => p.DisplayName));
}

/// <summary>
/// Finds who acts for somebody on leave. Pure: a burst asks it of its snapshot and its own instant.
/// </summary>
/// <remarks>
/// What can go wrong: deputies who are on leave themselves and name one another in a circle; a deputy who is the applicant, or
/// who decided before, and so would decide under a second hat; a deputy who left. The rules: at most three deputies in a row, the
/// third keeps the work; a circle means that everybody in it is away, so it stays with the person asked; whoever is excluded is
/// neither a deputy nor a link of the chain, so it stays with the person asked; somebody asked who is excluded themselves is
/// passed over for the nearest manager who is not. Only what is assigned to one person is deputised: a queue has other people in it.
/// </remarks>
public static class Deputies
{
    public const int MostInARow = 3;

    // A reporting line longer than this is a circle.
    private const int LongestLine = 32;

    /// <param name="organisation">As it is now.</param>
    /// <param name="asked">User name of the person the work is meant for.</param>
    /// <param name="definitionId">Process the work belongs to.</param>
    /// <param name="at">Business time.</param>
    /// <param name="excluded">User names who must not do it.</param>
    /// <returns>Null when the person asked is not active, or is excluded and has nobody above who is not.</returns>
    public static Deputising? Find(OrganisationSnapshot organisation, string asked, string definitionId, DateTimeOffset at, IReadOnlyCollection<string> excluded)
    {
        if (organisation.Find(asked) is not { } first)
            return null;
        string? note = null;
        if (excluded.Contains(first.UserName))
        {
            if (FindAbove(organisation, first, excluded) is not { } above)
                return null;
            note = $"{first.DisplayName}不能办理此件，由其上级{above.DisplayName}办理";
            first = above;
        }

        var chain = new List<Person> { first };
        while (Current(organisation, chain[^1], definitionId, at) is { } delegation)
        {
            if (chain.Count > MostInARow)
                return new Deputising(chain[^1], chain, Join(note, $"代理最多 {MostInARow} 级，由{chain[^1].DisplayName}办理"));
            if (organisation.Find(delegation.To) is not { } deputy)
                return new Deputising(chain[^1], chain, Join(note, $"代理人{organisation.DisplayName(delegation.To)}已离职，由{chain[^1].DisplayName}办理"));
            if (chain.Any(p => p.UserName == deputy.UserName))
                return new Deputising(first, [first], Join(note, $"代理关系循环，仍由{first.DisplayName}办理"));
            if (excluded.Contains(deputy.UserName))
                return new Deputising(first, [first], Join(note, $"代理人{deputy.DisplayName}不能办理此件，仍由{first.DisplayName}办理"));
            chain.Add(deputy);
        }

        return new Deputising(chain[^1], chain, note);
    }

    /// <summary>The delegation of a person that holds: the one for this process before the one for all, the one given last before earlier ones.</summary>
    public static Delegation? Current(OrganisationSnapshot organisation, Person person, string definitionId, DateTimeOffset at) => organisation.DelegationsOf(person.UserName)
        .Where(d => d.Holds(at) && (d.DefinitionId is null || d.DefinitionId == definitionId))
        .OrderBy(d => d.DefinitionId is null).ThenByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    private static Person? FindAbove(OrganisationSnapshot organisation, Person from, IReadOnlyCollection<string> excluded)
    {
        var at = organisation.ManagerOf(from.UserName);
        for (var i = 0; at is not null && i < LongestLine; i++, at = organisation.ManagerOf(at.UserName))
        {
            if (!excluded.Contains(at.UserName))
                return at;
        }

        return null;
    }

    private static string Join(string? first, string then) => first is null ? then : $"{first}；{then}";
}
