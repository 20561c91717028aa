using System.ComponentModel.DataAnnotations;

namespace Workflows.Host.Security;

/// <summary>When cookies are marked Secure.</summary>
internal enum SecureCookies
{
    /// <summary>On requests that came over https.</summary>
    Auto,

    /// <summary>Always; for a host behind a proxy that ends TLS.</summary>
    Always,
}

/// <summary>Settings of signing in: section "Workflows:SignIn".</summary>
internal sealed class SignInOptions
{
    public const string Section = "Workflows:SignIn";

    /// <summary>A browser's session ends when it was not used for this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A browser's session ends after this, used or not.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "90.00:00:00")]
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>So many wrong passwords in a row lock a name, on every host.</summary>
    [Range(3, 1000)]
    public int LockoutAfter { get; set; } = 20;

    /// <summary>How long a locked name stays locked, and how long failures are remembered.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan Lockout { get; set; } = TimeSpan.FromMinutes(15);

    public SecureCookies SecureCookies { get; set; } = SecureCookies.Auto;
}
