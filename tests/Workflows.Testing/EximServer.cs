using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Workflows.Testing;

/// <summary>
/// A real mail server for tests: Debian's exim with a configuration, certificate and mail folders of its own, on loopback.
/// Takes mail for example.com from who signs in. "busy" is answered 451, "full" 550. Without exim the calling test is skipped, in CI it fails.
/// </summary>
public sealed class EximServer : IDisposable
{
    public const string UserName = "flow";
    public const string Password = "密码 s3cret";

    private readonly PrivateProcess _process;
    private readonly string _folder;

    private EximServer(PrivateProcess process, string folder, int startTlsPort, int tlsPort) =>
        (_process, _folder, StartTlsPort, TlsPort) = (process, folder, startTlsPort, tlsPort);

    /// <summary>Name in the certificate.</summary>
    public static string Host => "localhost";

    public int StartTlsPort { get; }

    public int TlsPort { get; }

    /// <summary>PEM of the authority that signed the server's certificate.</summary>
    public string RootFile => Path.Combine(_folder, "root.pem");

    /// <param name="ways">Ways to sign in that the server offers.</param>
    public static async Task<EximServer> StartAsync(params string[] ways)
    {
        if (PrivateProcess.Find("/usr/sbin/exim4", "/usr/sbin/exim") is not { } program)
            throw Missing.Tool("exim is not installed (Debian: exim4-daemon-light)");
        if (Environment.UserName != "root")
            throw Missing.Tool("exim with a configuration of its own runs only as root");

        var folder = Directory.CreateTempSubdirectory("workflows-exim-").FullName;
        var (plain, tls) = (PrivateProcess.FreePort(), PrivateProcess.FreePort());
        WriteCertificates(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), "wang: wang\nli: li\nzhang: zhang\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "exim.conf"), Configuration(folder, plain, tls, ways.Length == 0 ? ["PLAIN", "LOGIN"] : ways));
        var process = PrivateProcess.Start(
            $"""
            mkdir -p "{folder}/spool" "{folder}/log" "{folder}/mail"
            chown -R Debian-exim "{folder}" 2> /dev/null; chmod 755 "{folder}"
            chown root "{folder}/exim.conf"; chmod 644 "{folder}/exim.conf"
            "{program}" -bdf -q1m -C "{folder}/exim.conf" > "{folder}/out" 2>&1 &
            """,
            folder);
        if (!await process.ListensAsync(plain) || !await process.ListensAsync(tls))
        {
            var said = File.Exists(Path.Combine(folder, "out")) ? await File.ReadAllTextAsync(Path.Combine(folder, "out")) : "";
            process.Dispose();
            throw Missing.Tool("exim did not start: " + said);
        }

        return new EximServer(process, folder, plain, tls);
    }

    /// <summary>The mails that lie in somebody's folder, as bytes, once there are as many as expected.</summary>
    public async Task<IReadOnlyList<byte[]>> MailsOfAsync(string user, int expected)
    {
        var box = Path.Combine(_folder, "mail", user, "new");
        for (var i = 0; i < 200 && (!Directory.Exists(box) || Directory.GetFiles(box).Length < expected); i++)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        return Directory.Exists(box) ? [.. Directory.GetFiles(box).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }

    public void Dispose() => _process.Dispose();

    private static string Configuration(string folder, int plain, int tls, string[] ways)
    {
        var text = new StringBuilder($$$"""
            spool_directory = {{{folder}}}/spool
            log_file_path = {{{folder}}}/log/%slog
            pid_file_path = {{{folder}}}/spool/exim.pid
            primary_hostname = mail.test
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {{{plain}}} : {{{tls}}}
            tls_on_connect_ports = {{{tls}}}
            tls_advertise_hosts = *
            tls_certificate = {{{folder}}}/server.pem
            tls_privatekey = {{{folder}}}/server.key
            auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
            acl_smtp_rcpt = rcpt
            smtp_accept_max = 100
            host_lookup =
            keep_environment =
            rfc1413_query_timeout = 0s

            begin acl
            rcpt:
              defer message = the mailbox is busy
                    local_parts = busy
              deny message = the mailbox is full
                   local_parts = full
              accept authenticated = *
              deny message = sign in first

            begin routers
            here:
              driver = accept
              domains = example.com
              local_parts = lsearch;{{{folder}}}/users
              transport = box

            begin transports
            box:
              driver = appendfile
              maildir_format
              create_directory
              directory = {{{folder}}}/mail/$local_part_data
              user = Debian-exim
              envelope_to_add
              return_path_add

            begin authenticators

            """);
        if (ways.Contains("PLAIN"))
            text.Append("""
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  server_prompts = :
                  server_condition = ${if and {{eq {$auth2}{USERNAME}}{eq {$auth3}{PASSWORD}}}}
                  server_set_id = $auth2

                """);
        if (ways.Contains("LOGIN"))
            text.Append("""
                login:
                  driver = plaintext
                  public_name = LOGIN
                  server_prompts = Username:: : Password::
                  server_condition = ${if and {{eq {$auth1}{USERNAME}}{eq {$auth2}{PASSWORD}}}}
                  server_set_id = $auth1

                """);
        return text.Replace("USERNAME", UserName).Replace("PASSWORD", Password).ToString();
    }

    private static void WriteCertificates(string folder)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=Test root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var root = rootRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + Host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using var server = request.Create(root, from, until, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "root.pem"), root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), server.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
    }
}
