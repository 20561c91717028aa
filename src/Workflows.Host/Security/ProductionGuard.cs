using Workflows.Engine.Storage;
using Workflows.Host.Demo;

namespace Workflows.Host.Security;

/// <summary>Refuses to start in Production with what is only fit for trying out: demo logins, a database that may lose acknowledged work.</summary>
internal sealed class ProductionGuard(IOrganisationStore organisation)
{
    /// <summary>Why this host must not serve; empty when it may.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(IEnumerable<string> databaseFaults, CancellationToken cancellationToken)
    {
        var faults = databaseFaults.ToList();
        var demo = await FindDemoLoginsAsync(cancellationToken);
        if (demo.Count > 0)
            faults.Add($"演示账号仍使用演示密码，生产环境拒绝启动 (demo logins are present: {string.Join(", ", demo.Take(5))}{(demo.Count > 5 ? ", ..." : "")}). Use another database or change their passwords.");
        return faults;
    }

    private async Task<IReadOnlyList<string>> FindDemoLoginsAsync(CancellationToken cancellationToken)
    {
        var names = DemoOrganisation.People.Select(p => p.UserName).ToHashSet(StringComparer.Ordinal);
        var verdicts = new Dictionary<string, bool>();
        var found = new List<string>();
        foreach (var person in (await organisation.ListAsync(cancellationToken)).Where(p => p.IsActive && names.Contains(p.UserName)))
        {
            if (await organisation.FindPasswordHashAsync(person.UserName, cancellationToken) is not { } hash)
                continue;
            // The seeder gives all demo people one hash, which needs to be checked only once.
            if (!verdicts.TryGetValue(hash, out var isDemo))
                verdicts[hash] = isDemo = Passwords.Matches(hash, DemoOrganisation.Password);
            if (isDemo)
                found.Add(person.UserName);
        }

        return found;
    }
}

/// <summary>The host must not start; the message says why.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
