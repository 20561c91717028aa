using Microsoft.Extensions.Options;
using Workflows.Engine.Messages;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Channels.Sms;

namespace Workflows.Host.Messages;

/// <summary>Checks the settings from a command line: needs no database and no running host, and never prints a password or key.</summary>
internal static class CheckMessages
{
    public static async Task<int> MailAsync(string to, string[] settings, TextWriter output)
    {
        var options = Read<SmtpOptions>(settings, SmtpOptions.Section);
        if (!await IsUsableAsync(options.IsConfigured, options.FindFaults(), SmtpOptions.Section, output))
            return 2;
        if (!MailAddresses.TryNormalise(to, out var address))
            return await SayAsync(output, $"不是邮箱地址 (not a mail address): {to}", 2);
        var transport = new SmtpTransport(Options.Create(options));
        await output.WriteLineAsync($"{options.Host}:{options.Port} {options.Security}");
        if (await transport.CheckAsync(CancellationToken.None) is var connected and not SendOutcome.Accepted)
            return await SayAsync(output, $"连接或登录失败 (connecting or signing in failed): {TestMessage.ErrorOf(connected)}", 1);
        await output.WriteLineAsync("连接和登录成功 (connected and signed in)");
        return await TellAsync(await new MailGateway(transport, Options.Create(options)).SendAsync(Test(MessageChannels.Email, address), CancellationToken.None), output);
    }

    public static async Task<int> SmsAsync(string to, string[] settings, TextWriter output)
    {
        var options = Read<SmsOptions>(settings, SmsOptions.Section);
        if (!await IsUsableAsync(options.Provider != SmsProviderKind.None, options.FindFaults(), SmsOptions.Section, output))
            return 2;
        if (!PhoneNumbers.TryNormalise(to, out var number) || !options.AllowedPrefixes.Any(p => number.StartsWith(p, StringComparison.Ordinal)))
            return await SayAsync(output, "手机号无效或不在允许的地区 (not a number, or outside AllowedPrefixes)", 2);
        using var gateway = new SmsGateway(Options.Create(options), TimeProvider.System);
        await output.WriteLineAsync($"{options.Provider}");
        return await TellAsync(await gateway.SendAsync(Test(MessageChannels.Sms, number), CancellationToken.None), output);
    }

    private static Delivery Test(string channel, string address) => new()
    {
        Key = $"test-{Guid.NewGuid():N}",
        Cause = "test",
        InstanceId = "",
        Channel = channel,
        Gateway = GatewayList.NameOf(channel),
        Address = address,
        Subject = "测试消息 Test",
        Body = "这是一条测试消息。收到它，说明设置正确。This is a test message.",
        Content = new() { ["values"] = new System.Text.Json.Nodes.JsonObject { ["title"] = "测试消息", ["code"] = "000000" } },
    };

    private static T Read<T>(string[] settings, string section)
        where T : new()
    {
        var options = new T();
        WebApplication.CreateBuilder(settings).Configuration.GetSection(section).Bind(options);
        return options;
    }

    private static async Task<bool> IsUsableAsync(bool isConfigured, IEnumerable<string> faults, string section, TextWriter output)
    {
        if (!isConfigured)
            await output.WriteLineAsync($"没有配置 {section}，消息只在 /ops/outbox 可读 (not configured; messages are captured)");
        foreach (var fault in faults)
            await output.WriteLineAsync($"{section}: {fault}");
        return isConfigured && !faults.Any();
    }

    private static Task<int> TellAsync(SendOutcome outcome, TextWriter output) => outcome switch
    {
        SendOutcome.Accepted => SayAsync(output, "网关已接收测试消息 (the gateway took the test message)", 0),
        SendOutcome.Doubtful doubtful => SayAsync(output, $"没有收到应答，消息可能已发出 (no answer; it may have been taken): {doubtful.Error}", 1),
        _ => SayAsync(output, $"未发出 (not sent): {TestMessage.ErrorOf(outcome)}", 1),
    };

    private static async Task<int> SayAsync(TextWriter output, string text, int code)
    {
        await output.WriteLineAsync(text);
        return code;
    }
}
