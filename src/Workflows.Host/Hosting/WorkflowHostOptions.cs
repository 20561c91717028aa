using System.ComponentModel.DataAnnotations;

namespace Workflows.Host.Hosting;

/// <summary>Settings of the host itself: section "Workflows:Host".</summary>
internal sealed class WorkflowHostOptions
{
    public const string Section = "Workflows:Host";

    /// <summary>Folder of the definition files that are published at first start; relative to the content root or one of its parents.</summary>
    [Required]
    public string DefinitionsDirectory { get; set; } = "definitions";

    /// <summary>Makes the demo organisation and the demo shop at first start. Development only; elsewhere it is refused.</summary>
    public bool? SeedDemo { get; set; }

    /// <summary>Prints the demo logins on the console when they were made.</summary>
    public bool PrintLogins { get; set; } = true;

    /// <summary>How long a caller of an HTTP endpoint of a definition waits for its answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HttpReplyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
