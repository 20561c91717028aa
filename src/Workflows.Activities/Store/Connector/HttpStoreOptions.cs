using System.ComponentModel.DataAnnotations;

namespace Workflows.Activities.Store.Connector;

/// <summary>A shop that is reached over HTTP: section "Workflows:Store". Without <see cref="Address"/> the shop is the one in our own database.</summary>
public sealed class HttpStoreOptions
{
    public const string Section = "Workflows:Store";

    private const int ShortestKey = 16;

    /// <summary>Address below which the shop offers "operations" and "queries".</summary>
    public string? Address { get; set; }

    /// <summary>Secret shared with the shop; signs every request. Better kept in <see cref="KeyFile"/>.</summary>
    public string? Key { get; set; }

    /// <summary>A file whose content is the secret, such as a mounted one.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Longest wait for an answer; afterwards nothing is known about the operation.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public bool IsConfigured => !string.IsNullOrWhiteSpace(Address);

    /// <summary>The secret, from the file when one is named.</summary>
    public string ReadKey() => (string.IsNullOrWhiteSpace(KeyFile) ? Key ?? "" : File.ReadAllText(KeyFile)).Trim();

    /// <summary>What is wrong with the settings together; never shows the key.</summary>
    /// <param name="mustBeSecret">Outside of development nothing travels in the clear.</param>
    public IEnumerable<string> FindFaults(bool mustBeSecret)
    {
        if (!IsConfigured)
            yield break;
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return "Address 须为 http(s) 地址 (must be an http or https address)";
        else if (mustBeSecret && address.Scheme != "https")
            yield return "Address 须为 https 地址 (must be an https address)";
        if (!string.IsNullOrWhiteSpace(KeyFile) && !File.Exists(KeyFile))
            yield return "KeyFile 指的文件不存在 (the file does not exist)";
        else if (ReadKey().Length < ShortestKey)
            yield return $"Key 至少 {ShortestKey} 个字符 (at least {ShortestKey} characters)";
    }
}
