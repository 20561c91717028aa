using System.Security.Claims;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>The person behind a request, with the rights they have at this moment.</summary>
internal sealed record Actor(string Name, string DisplayName, IReadOnlyList<string> Roles)
{
    /// <summary>Claim type of a role.</summary>
    private const string RoleClaim = "role";

    private const string NameClaim = "user";
    private const string DisplayClaim = "display";

    /// <summary>How tasks name their candidates: the user name and "role:" with each role.</summary>
    public IReadOnlyList<string> Identities { get; } = [Name, .. Roles.Select(r => "role:" + r)];

    public bool MayOperate => Roles.Any(Rights.Operators.Contains);

    public bool MayEditDefinitions => Roles.Any(Rights.DefinitionEditors.Contains);

    public bool MayPublishEvents => MayOperate || Roles.Any(Rights.EventPublishers.Contains);

    public bool MayImportShopData => MayOperate || Roles.Any(Rights.ShopImporters.Contains);

    public static ClaimsPrincipal PrincipalOf(Person person, string scheme) => new(new ClaimsIdentity(
        [new(NameClaim, person.UserName), new(DisplayClaim, person.DisplayName), .. person.Roles.Select(r => new Claim(RoleClaim, r))],
        scheme, NameClaim, RoleClaim));

    public static string? NameOf(ClaimsPrincipal principal) => principal.FindFirstValue(NameClaim);

    public static ValueTask<Actor?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context.User));

    public static Actor? Of(ClaimsPrincipal principal) => NameOf(principal) is { } name
        ? new Actor(name, principal.FindFirstValue(DisplayClaim) ?? name, [.. principal.FindAll(RoleClaim).Select(c => c.Value)])
        : null;
}
