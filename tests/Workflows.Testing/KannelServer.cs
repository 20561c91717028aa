namespace Workflows.Testing;

/// <summary>
/// A real SMS gateway for tests: Debian's kannel with its fake SMS centre, on loopback. Without it the calling test is
/// skipped, in CI it fails.
/// </summary>
public sealed class KannelServer : IDisposable
{
    public const string UserName = "flow";
    public const string Password = "flowpw";

    private readonly PrivateProcess _process;
    private readonly string _folder;

    private KannelServer(PrivateProcess process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    /// <summary>Where messages are handed in.</summary>
    public int Port { get; }

    public static async Task<KannelServer> StartAsync()
    {
        if (PrivateProcess.Find("/usr/sbin/bearerbox") is null || PrivateProcess.Find("/usr/lib/kannel/test/fakesmsc") is null)
            throw Missing.Tool("kannel and its fake SMS centre are not installed (Debian: kannel, kannel-extras)");
        var folder = Directory.CreateTempSubdirectory("workflows-kannel-").FullName;
        var (admin, box, centre, port) = (PrivateProcess.FreePort(), PrivateProcess.FreePort(), PrivateProcess.FreePort(), PrivateProcess.FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "kannel.conf"), $"""
            group = core
            admin-port = {admin}
            admin-interface = 127.0.0.1
            admin-password = {Guid.NewGuid():N}
            admin-deny-ip = "*.*.*.*"
            admin-allow-ip = "127.0.0.1"
            smsbox-port = {box}
            smsbox-interface = 127.0.0.1
            box-deny-ip = "*.*.*.*"
            box-allow-ip = "127.0.0.1"

            group = smsc
            smsc = fake
            smsc-id = fake
            port = {centre}
            connect-allow-ip = 127.0.0.1

            group = smsbox
            bearerbox-host = 127.0.0.1
            sendsms-interface = 127.0.0.1
            sendsms-port = {port}
            global-sender = 106900

            group = sendsms-user
            username = {UserName}
            password = {Password}
            user-allow-ip = "127.0.0.1"
            max-messages = 5
            concatenation = true

            group = sms-service
            keyword = default
            max-messages = 0
            text = "ok"

            """);
        // One after the other: each finds the one before it listening.
        var process = PrivateProcess.Start(
            $$"""
            waitfor() { for i in $(seq 100); do (exec 3<> /dev/tcp/127.0.0.1/$1) 2> /dev/null && return; sleep 0.1; done; }
            bearerbox -v 4 "{{folder}}/kannel.conf" > "{{folder}}/bearerbox.out" 2>&1 &
            waitfor {{box}}
            smsbox -v 4 "{{folder}}/kannel.conf" > "{{folder}}/smsbox.out" 2>&1 &
            /usr/lib/kannel/test/fakesmsc -H 127.0.0.1 -r {{centre}} -i 100000 "100 200 text hello" > "{{folder}}/centre.out" 2>&1 &
            """,
            folder);
        var server = new KannelServer(process, folder, port);
        if (await process.ListensAsync(port) && await server.SaysAsync(text => text.Contains("sent message 1", StringComparison.Ordinal)) is not null)
            return server;
        process.Dispose();
        throw Missing.Tool("kannel did not start");
    }

    /// <summary>What the fake centre wrote, once it fits; null when it does not in time.</summary>
    public async Task<string?> SaysAsync(Func<string, bool> fits)
    {
        for (var i = 0; i < 200; i++)
        {
            var text = File.Exists(Path.Combine(_folder, "centre.out")) ? await ReadAsync() : "";
            if (fits(text))
                return text;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return null;
    }

    public void Dispose() => _process.Dispose();

    private async Task<string> ReadAsync()
    {
        await using var file = new FileStream(Path.Combine(_folder, "centre.out"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }
}
