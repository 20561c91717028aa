using System.Text.Json;
using Workflows.Activities;
using Workflows.Engine.Clocks;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.Liquid;
using Workflows.Engine.Hosting;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Persistence;
using Workflows.Persistence.Migrations;

namespace Workflows.Host.Definitions;

/// <summary>
/// Definitions as files, from the command line: check a folder, write all definitions into one, take one in. Files are Elsa JSON, one per
/// process, in a folder per business area. On SQLite the host must not run beside export and import: the file belongs to one program.
/// </summary>
internal static class DefinitionCommand
{
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    /// <summary>Checks every file as publication would; 1 when one has a fault. Needs no database.</summary>
    public static async Task<int> ValidateAsync(string folder, TextWriter output, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            return await NoFolderAsync(folder, output);
        var read = new List<(string File, DefinitionDocument Document)>();
        var faults = 0;
        foreach (var file in Files(folder))
        {
            switch (DefinitionReader.Read(await File.ReadAllBytesAsync(file, cancellationToken)))
            {
                case ReadResult.Read good:
                    read.Add((file, good.Document));
                    break;
                case ReadResult.Refused refused:
                    faults += refused.Problems.Count;
                    await output.WriteLineAsync($"✗ {Path.GetRelativePath(folder, file)}");
                    foreach (var problem in refused.Problems)
                        await output.WriteLineAsync($"    {problem.Path}: {problem.Zh} ({problem.En})");
                    break;
            }
        }

        var catalogue = ActivityRegistration.Catalogue();
        var languages = new ExpressionLanguages([new JavaScriptLanguage(ShopTime.China), new LiquidLanguage(ShopTime.China)]);
        foreach (var (file, document) in read)
        {
            var graph = GraphCompiler.Compile(document, catalogue, languages, reference => read.Select(r => r.Document).FirstOrDefault(d => d.DefinitionId == reference.DefinitionId || d.VersionId == reference.VersionId));
            var found = DefinitionValidator.Validate(graph, times: TimeRules.Shipped).Faults.Select(WithoutDatabase).ToList();
            faults += found.Count(f => f.Severity == FaultSeverity.Fault);
            await output.WriteLineAsync($"{(found.Any(f => f.Severity == FaultSeverity.Fault) ? "✗" : "✓")} {Path.GetRelativePath(folder, file)}  {document.DefinitionId} {document.Name}");
            foreach (var fault in found)
                await output.WriteLineAsync($"    {(fault.Severity == FaultSeverity.Fault ? "错误" : "提醒")} {fault}");
        }

        await output.WriteLineAsync($"{read.Count} 个流程，{faults} 处错误 ({read.Count} definitions, {faults} faults)");
        return faults == 0 ? 0 : 1;
    }

    /// <summary>A calendar, ladder or rota that does not ship may be one's own, which only the database knows: a hint here, a fault at publication.</summary>
    private static DefinitionFault WithoutDatabase(DefinitionFault fault) => fault.Code is "unknown-calendar" or "unknown-ladder" or "unknown-rota"
        ? fault with { Severity = FaultSeverity.Warning, Zh = fault.Zh + "（这里只核对自带的，自建的在发布时核对）", En = fault.En + " (only those that ship are known here; one's own are checked at publication)" }
        : fault;

    /// <summary>Writes the latest version of every definition, or the one in service, as <c>area/id.json</c>.</summary>
    public static Task<int> ExportAsync(string folder, bool published, string[] settings, TextWriter output, CancellationToken cancellationToken) => WithStoreAsync(settings, output, async services =>
    {
        var all = await services.GetRequiredService<IDefinitionStore>().ListAsync(published ? VersionKind.Published : VersionKind.Latest, null, cancellationToken);
        foreach (var stored in all)
        {
            var json = DefinitionService.Present(stored);
            var area = json["customProperties"]?["category"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out string? key) && IsName(key) ? key : "other";
            var file = Path.Combine(folder, area, (IsName(stored.DefinitionId) ? stored.DefinitionId : Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(stored.DefinitionId))) + ".json");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, json.ToJsonString(Writing) + "\n", cancellationToken);
            await output.WriteLineAsync($"{Path.GetRelativePath(folder, file)}  第 {stored.Version} 版");
        }

        await output.WriteLineAsync($"已导出 {all.Count} 个流程 ({all.Count} definitions written)");
        return 0;
    });

    /// <summary>
    /// Takes every file in as a draft of its definition; with <paramref name="publish"/> publishes it, which governed ones refuse. What is equal to the latest version is left
    /// alone. 1 when a file was refused; the others are taken all the same.
    /// </summary>
    public static async Task<int> ImportAsync(string folder, bool publish, string[] settings, TextWriter output, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            return await NoFolderAsync(folder, output);
        return await WithStoreAsync(settings, output, async services =>
        {
            var definitions = services.GetRequiredService<DefinitionService>();
            var store = services.GetRequiredService<IDefinitionStore>();
            var refused = 0;
            foreach (var file in Files(folder))
            {
                var name = Path.GetRelativePath(folder, file);
                var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
                if (DefinitionReader.Read(bytes) is not ReadResult.Read read)
                {
                    refused++;
                    await output.WriteLineAsync($"✗ {name}: {string.Join("; ", ((ReadResult.Refused)DefinitionReader.Read(bytes)).Problems.Select(p => $"{p.Path} {p.Zh} ({p.En})"))}");
                    continue;
                }

                var id = read.Document.DefinitionId.Length > 0 ? read.Document.DefinitionId : Path.GetFileNameWithoutExtension(file);
                var latest = await store.FindAsync(id, VersionKind.Latest, cancellationToken);
                if (latest is not null && Content(DefinitionReader.ReadStored(latest.Document)) == Content(read.Document) && (!publish || latest.IsPublished))
                {
                    await output.WriteLineAsync($"= {name}: 无变化 (unchanged)");
                    continue;
                }

                var outcome = await definitions.SaveAsync(read.Document, new SaveOptions { DefinitionId = id, ExpectedVersionId = latest?.VersionId, Publish = publish, By = "program:command-line" }, cancellationToken);
                if (outcome is not DefinitionOutcome.Saved)
                    refused++;
                await output.WriteLineAsync(outcome switch
                {
                    DefinitionOutcome.Saved saved => $"✓ {name}: 第 {saved.Definition.Version} 版，{(saved.Definition.IsPublished ? "已发布 (published)" : "草稿 (draft)")}",
                    DefinitionOutcome.Invalid invalid => $"✗ {name}: {string.Join("; ", invalid.Faults.Where(f => f.Severity == FaultSeverity.Fault))}",
                    DefinitionOutcome.Refused because => $"✗ {name}: {because.Zh} ({because.En})",
                    _ => $"✗ {name}: 刚被他人修改 (changed by somebody else just now)",
                });
            }

            return refused == 0 ? 0 : 1;
        });
    }

    private static async Task<int> WithStoreAsync(string[] settings, TextWriter output, Func<IServiceProvider, Task<int>> work)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWorkflowPersistence(builder.Configuration);
        builder.Services.AddWorkflowActivities();
        builder.Services.AddWorkflowEngine(runLoops: false);
        await using var services = builder.Services.BuildServiceProvider();
        try
        {
            await services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Data.Common.DbException)
        {
            await output.WriteLineAsync($"无法打开数据库 (the database cannot be opened): {e.Message}");
            return 1;
        }

        await services.GetRequiredService<DatabaseClock>().RefreshAsync(CancellationToken.None);
        return await work(services);
    }

    /// <summary>What a version says, without how it stands.</summary>
    private static string Content(DefinitionDocument document) => document.With(
        ("id", null), ("version", null), ("createdAt", null), ("isLatest", null), ("isPublished", null), ("publishedAt", null), ("toolVersion", null), ("$schema", null), ("tenantId", null), ("isReadonly", null), ("isSystem", null), ("definitionId", null)).Write();

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static bool IsName(string? text) => text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static async Task<int> NoFolderAsync(string folder, TextWriter output)
    {
        await output.WriteLineAsync($"没有这个文件夹 (no such folder): {folder}");
        return 2;
    }
}
