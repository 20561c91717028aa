using Microsoft.Extensions.Options;
using Workflows.Engine.Definitions;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Demo;

namespace Workflows.Host.Hosting;

/// <summary>Fills an empty database: definitions always, people and shop for a demonstration. Repeating it changes nothing.</summary>
internal sealed class Seeder(
    IOrganisationStore organisation,
    DemoShop shop,
    DefinitionSeeder definitions,
    EngineClock clock,
    IHostEnvironment environment,
    IOptions<WorkflowHostOptions> options,
    ILogger<Seeder> logger)
{
    /// <summary>True when the organisation was empty and has been made.</summary>
    public async Task<bool> SeedDemoAsync(CancellationToken cancellationToken)
    {
        var isFirst = await DemoOrganisation.SeedAsync(organisation, clock.GetUtcNow(), cancellationToken);
        await shop.SeedAsync(clock.GetUtcNow(), cancellationToken);
        return isFirst;
    }

    public async Task SeedDefinitionsAsync(CancellationToken cancellationToken)
    {
        if (FindDirectory() is not { } directory)
        {
            Log.NoDefinitions(logger, options.Value.DefinitionsDirectory);
            return;
        }

        foreach (var result in await definitions.SeedAsync(directory, cancellationToken))
        {
            if (result.State == SeedState.Failed)
                Log.DefinitionNotSeeded(logger, result.File, result.Detail ?? "");
            else if (result.State is SeedState.Published or SeedState.Drafted)
                Log.DefinitionSeeded(logger, result.File, result.State.ToString());
        }
    }

    /// <summary>Looked for beside the program, in the content root and in its parents, so that it is found from a clone and from a published folder.</summary>
    private string? FindDirectory()
    {
        var wanted = options.Value.DefinitionsDirectory;
        if (Path.IsPathRooted(wanted))
            return Directory.Exists(wanted) ? wanted : null;
        for (var root = new DirectoryInfo(environment.ContentRootPath); root is not null; root = root.Parent)
        {
            if (Directory.Exists(Path.Combine(root.FullName, wanted)))
                return Path.Combine(root.FullName, wanted);
            // A clone ends here; what lies above it is not ours.
            if (File.Exists(Path.Combine(root.FullName, "Workflows.sln")))
                break;
        }

        var beside = Path.Combine(AppContext.BaseDirectory, wanted);
        return Directory.Exists(beside) ? beside : null;
    }
}
