using System.Text.Json.Nodes;
using Workflows.Engine.Storage;

namespace Workflows.Engine.Organisation;

/// <summary>
/// Everything but tasks that goes from somebody who leaves to their successor: roles, departments headed, people led, groups and
/// delegations. Pure; the tasks are moved by the runtime.
/// </summary>
public sealed record HandoverPlan
{
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Ids of the departments whose head changes.</summary>
    public required IReadOnlyList<string> Departments { get; init; }

    /// <summary>User names of the people who get the successor as manager.</summary>
    public required IReadOnlyList<string> Reports { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Delegations that end: those the leaver gave, and those that made the leaver a deputy.</summary>
    public required IReadOnlyList<Delegation> DelegationsEnded { get; init; }

    /// <summary>In place of those that made the leaver a deputy.</summary>
    public required IReadOnlyList<Delegation> DelegationsAdded { get; init; }

    /// <summary>The change that does it all at once.</summary>
    public required OrganisationChange Change { get; init; }

    /// <param name="data">The organisation as it is.</param>
    /// <param name="leaver">Who leaves; may have left already.</param>
    /// <param name="successor">Who takes over; must be active and somebody else.</param>
    /// <param name="deactivate">True when the leaver may not sign in any more.</param>
    /// <param name="audit">The line of the record; what moved is added to it.</param>
    /// <param name="newId">Makes ids.</param>
    public static HandoverPlan Make(OrganisationData data, Person leaver, Person successor, bool deactivate, OrganisationAudit audit, Func<string> newId)
    {
        var (from, to) = (leaver.UserName, successor.UserName);
        var roles = leaver.Roles.Except(successor.Roles).ToList();
        var reports = data.People.Where(p => p.Manager == from && p.UserName != to).ToList();
        var departments = data.Departments.Where(d => d.Head == from).ToList();
        var groups = data.Groups.Where(g => g.Members.Contains(from)).ToList();
        var ended = data.Delegations.Where(d => d.From == from || d.To == from).ToList();
        var added = ended.Where(d => d.To == from && d.From != to).Select(d => d with { Id = newId(), To = to, CreatedBy = audit.By, CreatedAt = audit.At }).ToList();

        // A successor who reported to the leaver reports to the leaver's manager, so that no line becomes a circle.
        var promoted = successor with
        {
            Roles = [.. successor.Roles.Union(leaver.Roles).Order(StringComparer.Ordinal)],
            Manager = successor.Manager == from ? leaver.Manager == to ? null : leaver.Manager : successor.Manager,
        };
        var people = reports.Select(p => p with { Manager = to })
            .Append(promoted)
            .Append(leaver with { Roles = [], IsActive = !deactivate && leaver.IsActive })
            .ToDictionary(p => p.UserName);
        // The leaver's own manager may be the successor; then nothing of the line above changes. Any other circle is cut at the successor.
        if (OrganisationRules.IsInCircle(to, name => (people.GetValueOrDefault(name) ?? data.People.FirstOrDefault(p => p.UserName == name))?.Manager))
            people[to] = people[to] with { Manager = leaver.Manager == to || leaver.Manager is null ? null : leaver.Manager };

        var plan = new JsonObject
        {
            ["to"] = to,
            ["roles"] = Names(roles),
            ["departments"] = Names(departments.Select(d => d.Id)),
            ["reports"] = Names(reports.Select(p => p.UserName)),
            ["groups"] = Names(groups.Select(g => g.Id)),
            ["delegationsEnded"] = Names(ended.Select(d => d.Id)),
            ["delegationsAdded"] = Names(added.Select(d => d.Id)),
            ["deactivated"] = deactivate,
        };
        foreach (var (name, value) in audit.Detail as JsonObject ?? [])
            plan[name] = value?.DeepClone();
        return new HandoverPlan
        {
            Roles = roles,
            Departments = [.. departments.Select(d => d.Id)],
            Reports = [.. reports.Select(p => p.UserName)],
            Groups = [.. groups.Select(g => g.Id)],
            DelegationsEnded = ended,
            DelegationsAdded = added,
            Change = new OrganisationChange
            {
                People = [.. people.Values],
                Departments = [.. departments.Select(d => d with { Head = to })],
                Groups = [.. groups.Select(g => g with { Members = [.. g.Members.Where(m => m != from).Append(to).Distinct()] })],
                DelegationsAdded = added,
                DelegationsEnded = [.. ended.Select(d => d.Id)],
                ExpectedStamp = data.Stamp,
                Audit = audit with { Detail = plan },
            },
        };
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(n => (JsonNode)n)]);
}
