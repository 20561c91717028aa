using System.Security.Claims;
using Workflows.Engine.Storage;
using Workflows.Host.Api;

namespace Workflows.Host.Security;

/// <summary>The person behind a request, with the rights they have at this moment.</summary>
internal sealed record Actor(string Name, string DisplayName, IReadOnlyList<string> Roles)
{
    /// <summary>Claim type of a role.</summary>
    private const string RoleClaim = "role";

    private const string NameClaim = "user";
    private const string DisplayClaim = "display";
    private const string GroupClaim = "group";

    /// <summary>Claim type of a scope; only keys of programs carry any.</summary>
    public const string ScopeClaim = "scope";

    /// <summary>Ids of the groups the person is in.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>How tasks name their candidates: the user name, "role:" with each role and "group:" with each group.</summary>
    public IReadOnlyList<string> Identities => _identities ??= [Name, .. Roles.Select(r => "role:" + r), .. Groups.Select(g => "group:" + g)];

    private IReadOnlyList<string>? _identities;

    /// <summary>The rules of the processes; null where nobody asked for them, and then only what holds for all processes counts.</summary>
    public ProcessRules? Processes { get; init; }

    /// <summary>Operates every process.</summary>
    public bool MayOperate => Roles.Any(Rights.Operators.Contains);

    public bool MayEditDefinitions => Roles.Any(Rights.DefinitionEditors.Contains);

    public bool MayPublishEvents => MayOperate || Roles.Any(Rights.EventPublishers.Contains);

    public bool MayImportShopData => MayOperate || Roles.Any(Rights.ShopImporters.Contains);

    public bool MaySeeCosts => MayAdminister || MayAudit || Roles.Any(Rights.CostReaders.Contains);

    public bool MaySeeOrders => MaySeeComplaints || Roles.Any(Rights.OrderReaders.Contains);

    public bool MaySeeComplaints => MayAdminister || MayAudit || Roles.Any(Rights.ComplaintReaders.Contains);

    public bool MaySeeBlacklist => MaySeeComplaints || MaySeeCustomers;

    public bool MaySeeBudgets => MayAdminister || MayAudit || Roles.Any(Rights.BudgetReaders.Contains);

    public bool MaySeeCustomers => MayRevealCustomers || MayEraseCustomers || MayAudit || Roles.Any(Rights.CustomerReaders.Contains);

    public bool MayRevealCustomers => Roles.Any(Rights.CustomerRevealers.Contains);

    public bool MayEraseCustomers => MayAdminister || Roles.Any(Rights.CustomerErasers.Contains);

    /// <summary>Changes people, duties, rights and keys.</summary>
    public bool MayAdminister => Roles.Any(Rights.Administrators.Contains);

    /// <summary>Changes calendars, ladders and rotas, which hold for all processes.</summary>
    public bool MayEditTimeRules => MayEditDefinitions || MayAdminister;

    /// <summary>Sees the thresholds of metrics and how they stand.</summary>
    public bool MaySeeThresholds => MaySeeCheck || Roles.Any(Rights.ThresholdReaders.Contains);

    /// <summary>Sees every process, changes none.</summary>
    public bool MayAudit => Roles.Any(Rights.Auditors.Contains);

    /// <summary>Sees which steps nobody would do, and looks again.</summary>
    public bool MaySeeCheck => MayAdminister || MayEditDefinitions || MayOperate || MayAudit;

    public bool MayStart(string definitionId) => Has(definitionId, ProcessRight.Start);

    public bool MayHandle(string definitionId) => Has(definitionId, ProcessRight.Handle);

    public bool MayDesign(string definitionId) => MayEditDefinitions || Has(definitionId, ProcessRight.Design);

    public bool MayOperateOn(string definitionId) => MayOperate || Has(definitionId, ProcessRight.Operate);

    /// <summary>
    /// Sees every instance of the process, others' too. Whoever is named as this process's designer does, because nobody mends what they cannot look at; the general
    /// right to edit definitions alone does not open what people wrote in their applications.
    /// </summary>
    public bool MayView(string definitionId) =>
        MayOperate || MayAudit || Has(definitionId, ProcessRight.View) || Has(definitionId, ProcessRight.Design) || Has(definitionId, ProcessRight.Operate) || Has(definitionId, ProcessRight.Audit);

    /// <summary>Reads the definition as it is written.</summary>
    public bool MayReadDefinition(string definitionId) => MayDesign(definitionId) || MayView(definitionId);

    /// <summary>Knows that the process exists.</summary>
    public bool MayKnow(string definitionId) => MayStart(definitionId) || MayReadDefinition(definitionId);

    /// <summary>Definitions whose instances this person sees although they are others'; null for all.</summary>
    public IReadOnlyList<string>? ViewedDefinitions => MayOperate || MayAudit ? null : [.. (Processes?.Definitions ?? []).Where(MayView)];

    /// <summary>Definitions whose tasks this person may not do, whatever the tasks say.</summary>
    public IReadOnlyList<string> BarredDefinitions => [.. (Processes?.Definitions ?? []).Where(d => !MayHandle(d))];

    public static ClaimsPrincipal PrincipalOf(Person person, string scheme, IReadOnlyList<string>? scopes = null) => new(new ClaimsIdentity(
        [
            new(NameClaim, person.UserName), new(DisplayClaim, person.DisplayName),
            .. person.Roles.Select(r => new Claim(RoleClaim, r)), .. person.Groups.Select(g => new Claim(GroupClaim, g)),
            .. (scopes ?? []).Select(s => new Claim(ScopeClaim, s)),
        ],
        scheme, NameClaim, RoleClaim));

    public static string? NameOf(ClaimsPrincipal principal) => principal.FindFirstValue(NameClaim);

    /// <summary>The person behind the request, with the rules of the processes as they are now.</summary>
    public static async ValueTask<Actor?> BindAsync(HttpContext context) =>
        Of(context.User) is { } actor
            ? actor with { Processes = await context.RequestServices.GetRequiredService<ProcessRights>().AsOfAsync(ReadAhead.StampOf(context), context.RequestAborted) }
            : null;

    /// <summary>The same without the rules of the processes: good for naming the person, and for what holds for all processes.</summary>
    public static Actor? Of(ClaimsPrincipal principal) => NameOf(principal) is { } name
        ? new Actor(name, principal.FindFirstValue(DisplayClaim) ?? name, [.. principal.FindAll(RoleClaim).Select(c => c.Value)])
        {
            Groups = [.. principal.FindAll(GroupClaim).Select(c => c.Value)],
        }
        : null;

    private bool Has(string definitionId, ProcessRight right) => Processes?.Allows(Identities, definitionId, right) == true;
}
