using System.Collections.Frozen;
using Microsoft.AspNetCore.Authorization;

namespace Workflows.Host.Security;

/// <summary>Which roles may do what. Everything else needs only a sign-in, and is narrowed by whose object it is.</summary>
internal static class Rights
{
    /// <summary>Policy: see and mend every instance, read effects.</summary>
    public const string Operate = "operate";

    /// <summary>Policy: import, change, publish and retract definitions.</summary>
    public const string EditDefinitions = "edit-definitions";

    /// <summary>Policy: bring in shop data.</summary>
    public const string ImportShopData = "import-shop-data";

    /// <summary>Policy: read orders, with masked numbers.</summary>
    public const string SeeOrders = "see-orders";

    /// <summary>Policy: see whom the blacklist keeps from what, with masked names.</summary>
    public const string SeeBlacklist = "see-blacklist";

    /// <summary>Policy: see budgets and what they were used for.</summary>
    public const string SeeBudgets = "see-budgets";

    /// <summary>Policy: read complaints, with masked numbers.</summary>
    public const string SeeComplaints = "see-complaints";

    /// <summary>Policy: read customers, masked.</summary>
    public const string SeeCustomers = "see-customers";

    /// <summary>Policy: see a customer's name and number whole, for a reason that is kept.</summary>
    public const string RevealCustomers = "reveal-customers";

    /// <summary>Policy: erase what is personal about a customer.</summary>
    public const string EraseCustomers = "erase-customers";

    /// <summary>Programs that report what happened outside; their role lets them publish events to whoever waits.</summary>
    public static readonly FrozenSet<string> EventPublishers = FrozenSet.Create("event_publisher");

    public static readonly FrozenSet<string> Operators = FrozenSet.Create("super_admin", "tech_director", "tech_support", "ops_director");

    public static readonly FrozenSet<string> DefinitionEditors = FrozenSet.Create("workflow_manager", "super_admin");

    /// <summary>Policy: change people, duties, rights and keys.</summary>
    public const string Administer = "administer";

    /// <summary>Policy: see which steps nobody would do, and look again.</summary>
    public const string SeeCheck = "see-check";

    /// <summary>Policy: change calendars, ladders and rotas.</summary>
    public const string EditTimeRules = "edit-time-rules";

    /// <summary>Policy: see thresholds of metrics and how they stand.</summary>
    public const string SeeThresholds = "see-thresholds";

    /// <summary>Managers whose areas the metrics are about.</summary>
    public static readonly FrozenSet<string> ThresholdReaders = FrozenSet.Create(
        "store_ops_manager", "cs_manager", "product_ops_manager", "traffic_ops_manager", "campaign_ops_manager", "data_analyst", "ops_director", "executive");

    public static readonly FrozenSet<string> Administrators = FrozenSet.Create("super_admin");

    /// <summary>See every process and its record, change none.</summary>
    public static readonly FrozenSet<string> Auditors = FrozenSet.Create("internal_auditor");

    public static readonly FrozenSet<string> ShopImporters = FrozenSet.Create("data_analyst", "activity_owner", "platform_admin");

    /// <summary>Those whose work complaints are (catalogue 5.4, 5.5).</summary>
    public static readonly FrozenSet<string> ComplaintReaders = FrozenSet.Create(
        "cs_agent", "dedicated_cs_agent", "after_sales_team", "cs_duty_team", "backup_cs_team", "cs_manager", "ops_director", "executive");

    /// <summary>Those who look after customers without talking to them; they see them masked.</summary>
    public static readonly FrozenSet<string> CustomerReaders = FrozenSet.Create("user_ops_manager", "data_analyst", "compliance_officer");

    /// <summary>Those who have to call or write to a customer.</summary>
    public static readonly FrozenSet<string> CustomerRevealers = FrozenSet.Create("cs_agent", "dedicated_cs_agent", "after_sales_team", "cs_duty_team", "backup_cs_team", "cs_manager");

    /// <summary>Those who answer for what the law asks.</summary>
    public static readonly FrozenSet<string> CustomerErasers = FrozenSet.Create("compliance_officer");

    /// <summary>Those whose work orders are besides (catalogue 3.1 to 3.5).</summary>
    public static readonly FrozenSet<string> OrderReaders = FrozenSet.Create("supply_chain_manager", "supply_chain_dept", "order_reviewer", "platform_admin");

    /// <summary>Those who price and buy: they see what a product costs the shop.</summary>
    public static readonly FrozenSet<string> CostReaders = FrozenSet.Create("product_ops_manager", "supply_chain_manager", "finance", "ops_director", "executive");

    /// <summary>Those who plan, spend and control money (catalogue 4.9).</summary>
    public static readonly FrozenSet<string> BudgetReaders = FrozenSet.Create(
        "finance", "executive", "ops_director", "store_ops_manager", "user_ops_manager", "product_ops_manager", "traffic_ops_manager", "campaign_ops_manager", "supply_chain_manager");

    /// <summary>Deny by default: an endpoint that says nothing needs a sign-in.</summary>
    public static void Configure(AuthorizationOptions options)
    {
        options.FallbackPolicy = options.DefaultPolicy;
        options.AddPolicy(Operate, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayOperate == true));
        options.AddPolicy(EditDefinitions, p => p.RequireAuthenticatedUser().AddRequirements(new DesignRequirement()));
        options.AddPolicy(Administer, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayAdminister == true));
        options.AddPolicy(SeeCheck, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeCheck == true));
        options.AddPolicy(EditTimeRules, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayEditTimeRules == true));
        options.AddPolicy(SeeThresholds, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeThresholds == true));
        options.AddPolicy(SeeComplaints, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeComplaints == true));
        options.AddPolicy(SeeCustomers, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeCustomers == true));
        options.AddPolicy(RevealCustomers, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayRevealCustomers == true));
        options.AddPolicy(EraseCustomers, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayEraseCustomers == true));
        options.AddPolicy(SeeOrders, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeOrders == true));
        options.AddPolicy(SeeBlacklist, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeBlacklist == true));
        options.AddPolicy(SeeBudgets, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MaySeeBudgets == true));
        options.AddPolicy(ImportShopData, p => p.RequireAuthenticatedUser().RequireAssertion(c => Actor.Of(c.User)?.MayImportShopData == true));
    }
}
