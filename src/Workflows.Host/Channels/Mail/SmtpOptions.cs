using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Workflows.Host.Channels.Mail;

/// <summary>How the connection to the mail server is kept private.</summary>
internal enum SmtpSecurity
{
    /// <summary>Begins in the clear and changes to TLS before anything of worth is said (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>No encryption: for a server on the same machine or a mail catcher. A password is then refused.</summary>
    None,
}

/// <summary>The mail server: section "Workflows:Mail". Without <see cref="Host"/> mails are captured and not sent.</summary>
internal sealed class SmtpOptions
{
    public const string Section = "Workflows:Mail";

    public string? Host { get; set; }

    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>Address that mails come from, and that bounces go to.</summary>
    public string From { get; set; } = "";

    public string FromName { get; set; } = "流程平台";

    /// <summary>A PEM file of the authority that signed the server's certificate; empty uses those the machine trusts.</summary>
    public string? TrustedRoot { get; set; }

    /// <summary>Name this host gives itself in EHLO; empty uses the machine's.</summary>
    public string? HelloName { get; set; }

    /// <summary>Longest wait for one answer of the server.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most connections at once.</summary>
    [Range(1, 100)]
    public int Places { get; set; } = 4;

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Host);

    /// <summary>What is wrong with the settings together.</summary>
    public IEnumerable<string> FindFaults()
    {
        if (!IsConfigured)
            yield break;
        if (!MailAddresses.TryNormalise(From, out _))
            yield return "From 不是邮箱地址 (From is not a mail address)";
        if (Security == SmtpSecurity.None && !string.IsNullOrEmpty(UserName))
            yield return "Security=None 时不得设置 UserName，密码会明文传输 (no password without TLS)";
        if (string.IsNullOrEmpty(UserName) != string.IsNullOrEmpty(Password))
            yield return "UserName 与 Password 须同时设置 (user name and password belong together)";
        if (TrustedRoot is { Length: > 0 } root && !File.Exists(root))
            yield return $"找不到 TrustedRoot 文件 (no such file): {root}";
    }

    internal string Hello()
    {
        var name = string.IsNullOrWhiteSpace(HelloName) ? Dns.GetHostName() : HelloName;
        return name.Length is > 0 and < 200 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? name : "localhost";
    }
}
