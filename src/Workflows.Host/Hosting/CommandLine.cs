using System.Globalization;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Definitions;
using Workflows.Host.Demo;
using Workflows.Host.Messages;
using Workflows.Host.Shop;
using Workflows.Persistence;
using Workflows.Persistence.Migrations;

namespace Workflows.Host.Hosting;

/// <summary>What the program does besides serving.</summary>
internal static class CommandLine
{
    private const int ErrorsShown = 20;

    /// <summary>On SQLite no host runs beside a command, and the next may be started days later.</summary>
    private static readonly TimeSpan KeptForHosts = TimeSpan.FromDays(7);

    private const string Help = """
        流程平台 (Workflows)

          dotnet run --project src/Workflows.Host                        启动服务 http://localhost:5080
          dotnet run --project src/Workflows.Host -- import KIND FILE    导入店铺数据 (CSV, 可为 gzip)
          dotnet run --project src/Workflows.Host -- demo [NAME] [--url URL]  演示一个业务：活动删除（默认）、trial、clearance、complaint、emergency
          dotnet run --project src/Workflows.Host -- demo --list         列出全部演示
          dotnet run --project src/Workflows.Host -- people add-admin USER [--name NAME]
                                                                          创建第一个管理员，密码从标准输入读取，留空则生成 (first administrator)
          dotnet run --project src/Workflows.Host -- definitions validate [FOLDER]            检查流程文件（默认 definitions）
          dotnet run --project src/Workflows.Host -- definitions export FOLDER [--published]  导出全部流程为 Elsa JSON
          dotnet run --project src/Workflows.Host -- definitions import FOLDER [--publish]    导入文件夹中的流程为草稿
          dotnet run --project src/Workflows.Host -- check-mail TO       检查邮件设置：连接、登录并发送一封测试邮件
          dotnet run --project src/Workflows.Host -- check-sms TO        检查短信设置：发送一条测试短信
          dotnet run --project src/Workflows.Host -- help                本说明

        设置 (settings): Workflows:DataDirectory, Workflows:Database:Provider (Sqlite | Postgres), Workflows:Database:ConnectionString,
        Workflows:Http:AllowedHosts; ASPNETCORE_URLS, ASPNETCORE_ENVIRONMENT (Development | Production)
        """;

    /// <summary>The command the arguments name; null when they only carry settings.</summary>
    public static Func<Task<int>>? Find(string[] args) => args switch
    {
        ["import", var kind, var file, .. var settings] => () => ImportAsync(kind, file, settings),
        ["people", .. var rest] => () => PeopleCommand.RunAsync(rest, Console.In, Console.Out, Console.Error, CancellationToken.None),
        ["demo", .. var settings] => () => DemoCommand.RunAsync(settings, Console.Out, CancellationToken.None),
        ["definitions", "validate", .. var folder] when folder.Length <= 1 => () => DefinitionCommand.ValidateAsync(folder.Length == 1 ? folder[0] : "definitions", Console.Out, CancellationToken.None),
        ["definitions", "export", var folder, "--published", .. var settings] => () => DefinitionCommand.ExportAsync(folder, true, settings, Console.Out, CancellationToken.None),
        ["definitions", "export", var folder, .. var settings] => () => DefinitionCommand.ExportAsync(folder, false, settings, Console.Out, CancellationToken.None),
        ["definitions", "import", var folder, "--publish", .. var settings] => () => DefinitionCommand.ImportAsync(folder, true, settings, Console.Out, CancellationToken.None),
        ["definitions", "import", var folder, .. var settings] => () => DefinitionCommand.ImportAsync(folder, false, settings, Console.Out, CancellationToken.None),
        ["check-mail", var to, .. var settings] => () => CheckMessages.MailAsync(to, settings, Console.Out),
        ["check-sms", var to, .. var settings] => () => CheckMessages.SmsAsync(to, settings, Console.Out),
        ["help" or "--help" or "-h", ..] => () => PrintAsync(Help, 0),
        [var unknown, ..] when !unknown.StartsWith('-') => () => PrintAsync($"不认识的命令或参数不全 (unknown or incomplete command): {unknown}{Environment.NewLine}{Help}", 2),
        _ => null,
    };

    private static async Task<int> PrintAsync(string text, int code)
    {
        await (code == 0 ? Console.Out : Console.Error).WriteLineAsync(text);
        return code;
    }

    private static async Task<int> ImportAsync(string kind, string file, string[] settings)
    {
        if (!File.Exists(file))
            return await PrintAsync($"没有这个文件 (no such file): {file}", 2);

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        // Only the database is needed. On PostgreSQL the import may run beside serving hosts; a SQLite file belongs to one
        // program, and then the file goes through the host (POST /api/v1/store/import).
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWorkflowPersistence(builder.Configuration);
        await using var services = builder.Services.BuildServiceProvider();
        try
        {
            await services.GetRequiredService<Migrator>().MigrateAsync(stop.Token);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Data.Common.DbException)
        {
            return await PrintAsync($"无法打开数据库 (the database cannot be opened): {e.Message}", 1);
        }

        await services.GetRequiredService<DatabaseClock>().RefreshAsync(stop.Token);

        await using var input = File.OpenRead(file);
        var began = TimeProvider.System.GetTimestamp();
        var outcome = await services.GetRequiredService<StoreImporter>().ImportAsync(kind, Path.GetFileName(file), input, Progress, stop.Token);
        Console.WriteLine();
        if (OrdersImported.EventOf(outcome, $"{Guid.NewGuid():N}", "program:import") is { } imported)
            await services.GetRequiredService<IEventStore>().AddAsync(EventHub.ToStore(imported, services.GetRequiredService<DatabaseClock>().GetUtcNow(), KeptForHosts), CancellationToken.None);
        return outcome switch
        {
            ImportOutcome.Finished { Report: var report } => Print(report, TimeProvider.System.GetElapsedTime(began)),
            ImportOutcome.Refused refused => await PrintAsync($"未导入 (not imported): {refused.Reason}", 1),
            _ => throw new InvalidOperationException("Unknown outcome of an import."),
        };

        void Progress(ImportProgress p)
        {
            var share = input.Length > 0 ? (double)input.Position / input.Length : 1;
            var line = string.Create(CultureInfo.InvariantCulture, $"已读 {p.Rows:N0} 行，保存 {p.Saved:N0}，拒绝 {p.Rejected:N0} ({share:P0})");
            Console.Write(Console.IsOutputRedirected ? line + Environment.NewLine : "\r" + line + "   ");
        }
    }

    /// <summary>Rejected rows are normal in real exports: they are named, and do not make the import fail unless nothing else was in the file.</summary>
    private static int Print(ImportReport report, TimeSpan took)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"完成：共 {report.Rows:N0} 行，新增或更新 {report.Saved:N0}，已有 {report.Known:N0}，拒绝 {report.Rejected:N0}，用时 {took.TotalSeconds:F1} 秒"));
        foreach (var (reason, number) in report.Reasons.OrderByDescending(r => r.Value))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  拒绝原因 {reason}: {number:N0} 行"));
        foreach (var error in report.Errors.Take(ErrorsShown))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    第 {error.Line} 行: {error.Reason}"));
        if (report.Rejected > ErrorsShown)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    …另有 {report.Rejected - ErrorsShown:N0} 行"));
        return report.Rows > 0 && report.Rejected == report.Rows ? 1 : 0;
    }
}
