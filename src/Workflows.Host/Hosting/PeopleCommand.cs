using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Security;
using Workflows.Persistence;
using Workflows.Persistence.Migrations;

namespace Workflows.Host.Hosting;

/// <summary>
/// Makes the first administrator of an installation that has none: <c>people add-admin USER [--name NAME]</c>. The password comes from standard input, or, with an
/// empty input, is made and printed this once.
/// </summary>
/// <remarks>
/// What can go wrong: a second run, or somebody who may run programs on the server, takes over an installation that is in use; a password
/// stands in the list of processes or in the shell's history. So it refuses as soon as an active administrator who can sign in exists (that one
/// makes others, and the record says so), refuses a user name that is somebody's already, takes no password as an argument, and refuses a
/// weak one. On SQLite the file belongs to the running host, and the command finds it locked: it is for before the first start.
/// </remarks>
internal static class PeopleCommand
{
    private const string Role = "super_admin";
    private const string Kind = "first-admin";
    private const string Usage = "用法 (usage): people add-admin USER [--name NAME]，密码从标准输入读取，留空则生成并只显示一次 (password from standard input; empty: made and shown once)";

    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var (user, name, settings) = args switch
        {
            ["add-admin", var u, "--name", var n, .. var rest] => (u, n, rest),
            ["add-admin", var u, .. var rest] => (u, u, rest),
            _ => ("", "", []),
        };
        if (user.Length == 0 || user.StartsWith('-'))
            return await SayAsync(errors, Usage, 2);
        if ((OrganisationRules.CheckKey(user) ?? OrganisationRules.CheckText(name, required: true)) is { } bad)
            return await SayAsync(errors, $"用户名或姓名有误：{bad.Zh} (user name or name: {bad.En})", 2);

        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddWorkflowPersistence(builder.Configuration);
        builder.Services.AddSingleton<Passwords>();
        await using var services = builder.Services.BuildServiceProvider();
        try
        {
            await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Data.Common.DbException or IOException)
        {
            return await SayAsync(errors, $"无法打开数据库 (the database cannot be opened; a running host keeps a SQLite file to itself): {e.Message}", 1);
        }

        var organisation = services.GetRequiredService<IOrganisationStore>();
        var people = await organisation.ListAsync(cancellationToken);
        // Without a password they may sign in through an identity provider. Only the very one that a run of this command left half made is taken up again.
        var half = people.FirstOrDefault(p => p.UserName == user && p.IsActive && p.Roles.SequenceEqual([Role]));
        var isHalfMade = half is not null && await organisation.FindPasswordHashAsync(user, cancellationToken) is null && (await organisation.ListAuditAsync(user, null, 1, cancellationToken)).Any(a => a.Kind == Kind);
        if (people.FirstOrDefault(p => p.IsActive && p.Roles.Contains(Role) && !(isHalfMade && p.UserName == user)) is { } admin)
            return await SayAsync(errors, $"已有管理员 {admin.UserName}，请由其在“组织管理”中添加其他人 (an administrator exists already; they add others)", 1);
        if (!isHalfMade && people.Any(p => p.UserName == user))
            return await SayAsync(errors, $"用户名 {user} 已被使用 (the user name is taken)", 1);
        var given = (await input.ReadLineAsync(cancellationToken))?.TrimEnd('\r', '\n') ?? "";
        var password = given.Length > 0 ? given : AccessToken.Create().Token;
        if (Passwords.Weakness(password, user) is { } weak)
            return await SayAsync(errors, $"密码不够安全：{weak.Errors[0].Zh} (the password is too weak)", 1);

        var data = await organisation.ReadAsync(null, cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var change = new OrganisationChange
        {
            People = [new Person(user, name, null, null, null, [Role])],
            ExpectedStamp = data.Stamp,
            Audit = new OrganisationAudit(Guid.CreateVersion7(now).ToString("N"), now, "program:command-line", Kind, user, new JsonObject { ["host"] = Environment.MachineName }),
        };
        // Should the program die in between, there is an administrator without a password, and a repeat sets it.
        if (!await organisation.ApplyAsync(change, cancellationToken))
            return await SayAsync(errors, "组织数据刚被修改，请重试 (the organisation was changed meanwhile; try again)", 1);
        await services.GetRequiredService<Passwords>().SetAsync(user, password, cancellationToken);
        return await SayAsync(output, given.Length > 0 ? $"已创建管理员 {user} (administrator created)" : $"已创建管理员 {user}，初始密码（只显示这一次，请登录后修改）(administrator created; password, shown this once):{Environment.NewLine}{password}", 0);
    }

    private static async Task<int> SayAsync(TextWriter to, string text, int code)
    {
        await to.WriteLineAsync(text);
        return code;
    }
}
