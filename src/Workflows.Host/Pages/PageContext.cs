using Workflows.Engine.Organisation;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages;

/// <summary>What every page knows of its request. Public, as everything a Razor component takes must be.</summary>
public sealed record PageContext
{
    public required Texts T { get; init; }

    /// <summary>Null on the pages before sign-in.</summary>
    public Badge? Me { get; init; }

    public required string Csrf { get; init; }

    public required string Path { get; init; }

    /// <summary>Path with query, to come back to.</summary>
    public required string Here { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>May change people, duties and rights.</summary>
    public bool MayAdminister { get; init; }

    /// <summary>May see which steps have nobody.</summary>
    public bool MaySeeCheck { get; init; }

    /// <summary>May see the thresholds of metrics.</summary>
    public bool MaySeeThresholds { get; init; }

    /// <summary>May read the record of changes.</summary>
    public bool MayAudit { get; init; }

    public Counts Counts { get; init; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>True for those who design, see or mend processes: their menu has the designer.</summary>
    public bool SeesDesigner { get; init; }

    /// <summary>True for operators, who have pages of their own.</summary>
    public bool MayOperate { get; init; }

    /// <summary>True for those who change definitions and message templates.</summary>
    public bool MayDesign { get; init; }

    /// <summary>Pages of the shop that this person may open.</summary>
    public IReadOnlyList<(string Name, string Href)> Shop { get; init; } = [];

    /// <summary>What the last act did, said once on the next page.</summary>
    public string? Flash { get; init; }

    /// <summary>Part of the addresses of styles and scripts, so that a new build is loaded anew.</summary>
    public required string Build { get; init; }
}

/// <summary>A person as pages show them.</summary>
public sealed record Badge(string UserName, string Name, string? Department)
{
    private const int Colours = 8;

    /// <summary>The last character of a Chinese name, the first of others, as approval tools here do.</summary>
    public string Initial => Name.Length == 0 ? "?"
        : char.IsAscii(Name[0]) ? char.ToUpperInvariant(Name[0]).ToString()
        : Name.EnumerateRunes().First().ToString();

    /// <summary>The same person always has the same colour.</summary>
    public int Colour => (int)(UserName.Aggregate(17u, (sum, c) => (sum * 31) + c) % Colours);

    internal static Badge Of(string userName, OrganisationSnapshot people) =>
        new(userName, people.DisplayName(userName), people.DepartmentOf(userName)?.Name);
}

/// <summary>The numbers on menu, tabs and title; one call makes them all.</summary>
public sealed record Counts(int Todo, int Claimable, int Running, int Overdue, int DueSoon, int Notices, int Copies)
{
    public const int Cap = 1000;

    /// <summary>As a badge shows it.</summary>
    public static string Of(int number) => number > 99 ? "99+" : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
