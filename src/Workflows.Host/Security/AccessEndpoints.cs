using System.Text.Json.Nodes;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Organisation;

namespace Workflows.Host.Security;

/// <summary>Rights by process, and keys of programs; for administrators.</summary>
internal static class AccessEndpoints
{
    private const int MostDays = 730;
    private const int MostIdentities = 200;

    /// <summary>Rights to set: a list replaces what the definition says, null goes back to it, what is left out stays.</summary>
    internal sealed record SaveRights(JsonObject Rights);

    /// <param name="Identities">Who holds it now.</param>
    /// <param name="IsSet">True when it was set by hand, false when the definition (or the plain rule) says so.</param>
    internal sealed record RightView(ProcessRight Right, IReadOnlyList<string> Identities, bool IsSet);

    internal sealed record RightsView(string DefinitionId, IReadOnlyList<RightView> Rights);

    internal sealed record MakeKey(string Name, string UserName, IReadOnlyList<string> Scopes, int Days = 365);

    /// <param name="Secret">Shown this once; only its hash is kept.</param>
    internal sealed record MadeKey(ApiKey Key, string Secret);

    public static void MapAccess(this IEndpointRouteBuilder api)
    {
        var rights = api.MapGroup("/definitions/{id}/rights").RequireAuthorization(Rights.Administer).WithTags("rights");
        rights.MapGet("", ReadRightsAsync).Produces<RightsView>().WithSummary("流程权限 (rights of a process)");
        rights.MapPut("", SaveRightsAsync).Accepts<SaveRights>("application/json").Produces<RightsView>().WithSummary("设置流程权限 (set rights)");
        var keys = api.MapGroup("/keys").RequireAuthorization(Rights.Administer).WithTags("rights");
        keys.MapGet("", async (IAccessStore store, CancellationToken token) => Results.Json(new Page<ApiKey>(await store.ListKeysAsync(token), null), ApiJson.Options))
            .Produces<Page<ApiKey>>().WithSummary("程序密钥 (keys of programs)");
        keys.MapPost("", MakeKeyAsync).WithMetadata(new AnswerNotKept()).Accepts<MakeKey>("application/json").Produces<MadeKey>(201).WithSummary("新建密钥，只显示一次 (make a key)");
        keys.MapDelete("/{id}", RevokeKeyAsync).Produces(204).WithSummary("吊销密钥 (revoke)");
    }

    private static async Task<IResult> ReadRightsAsync(string id, IAccessStore store, ProcessRights rights, CancellationToken cancellationToken)
    {
        var rules = await rights.CurrentAsync(cancellationToken);
        return rules.Definitions.Contains(id) ? Results.Json(View(id, rules, await store.ListGrantsAsync(cancellationToken)), ApiJson.Options) : Refusals.NotFound;
    }

    private static async Task<IResult> SaveRightsAsync(
        string id, Strict<SaveRights> body, Actor actor, IAccessStore store, ProcessRights rights, OrganisationChanges changes, OrganisationCache organisation, CancellationToken cancellationToken)
    {
        if (!(await rights.CurrentAsync(cancellationToken)).Definitions.Contains(id))
            return Refusals.NotFound;
        var problem = Refusals.BadBody;
        var wanted = new Dictionary<ProcessRight, IReadOnlyList<string>?>();
        foreach (var (name, value) in body.Value.Rights)
        {
            if (!Enum.TryParse<ProcessRight>(name, ignoreCase: true, out var right) || !Enum.IsDefined(right) || char.IsAsciiDigit(name[0]))
            {
                problem = problem.At($"$.rights.{name}", "unknown-right", $"可选：{string.Join("、", Enum.GetNames<ProcessRight>())}", $"no such right; one of: {string.Join(", ", Enum.GetNames<ProcessRight>())}");
                continue;
            }

            var identities = (value as JsonArray)?.Select(i => i is JsonValue v && v.TryGetValue(out string? text) ? text : "").Distinct().ToList();
            if (value is not (null or JsonArray) || identities?.Count > MostIdentities)
                problem = problem.At($"$.rights.{name}", "wrong-type", $"须为最多 {MostIdentities} 项的列表或 null", $"a list of at most {MostIdentities}, or null");
            foreach (var unknown in (identities ?? []).Where(i => !IsKnown(i, organisation.Current)))
                problem = problem.At($"$.rights.{name}", "unknown-identity", $"不认识“{unknown}”：须为用户名、role:角色、group:小组 或 *", $"{unknown} is unknown: a user name, role:key, group:id or *");
            wanted[right] = identities;
        }

        if (problem.Errors.Count > 0)
            return problem;
        await store.SaveGrantsAsync(id, wanted, changes.Audit(actor, "rights", id, body.Value.Rights.DeepClone()), cancellationToken);
        return StoredAnswer.Of(View(id, await rights.CurrentAsync(cancellationToken), await store.ListGrantsAsync(cancellationToken)));
    }

    private static async Task<IResult> MakeKeyAsync(
        Strict<MakeKey> body, Actor actor, IAccessStore store, OrganisationCache organisation, OrganisationChanges changes, TimeProvider clock, CancellationToken cancellationToken)
    {
        var sent = body.Value;
        var problem = Refusals.BadBody;
        if (OrganisationRules.CheckText(sent.Name, required: true) is { } bad)
            problem = problem.At("$.name", bad);
        if (sent.Scopes.Count == 0 || sent.Scopes.Any(s => !KeyScopes.All.Contains(s)))
            problem = problem.At("$.scopes", "unknown-scope", $"可选：{string.Join("、", KeyScopes.All)}", $"one or more of: {string.Join(", ", KeyScopes.All)}");
        if (sent.Days is < 1 or > MostDays)
            problem = problem.At("$.days", "out-of-range", $"1 到 {MostDays} 天", $"1 to {MostDays} days");
        await organisation.RefreshAsync(cancellationToken);
        if (organisation.Current.Find(sent.UserName) is null)
            problem = problem.At("$.userName", "unknown-person", "没有此在职人员或程序账号", "no such active person or account");
        if (problem.Errors.Count > 0)
            return problem;

        var (token, hash) = AccessToken.Create();
        var now = clock.GetUtcNow();
        var key = new ApiKey(changes.NewId(), sent.Name.Trim(), sent.UserName, [.. sent.Scopes.Distinct()], actor.Name, now, now + TimeSpan.FromDays(sent.Days), null, null);
        await store.AddKeyAsync(key, hash, changes.Audit(actor, "key", sent.UserName, new JsonObject { ["id"] = key.Id, ["name"] = key.Name, ["scopes"] = string.Join(' ', key.Scopes) }), cancellationToken);
        return StoredAnswer.Of(new MadeKey(key, AccessToken.KeyPrefix + token), 201);
    }

    private static async Task<IResult> RevokeKeyAsync(string id, Actor actor, IAccessStore store, OrganisationChanges changes, CancellationToken cancellationToken) =>
        await store.RevokeKeyAsync(id, changes.Audit(actor, "key-revoked", id), cancellationToken) ? new StoredAnswer(204) : Refusals.NotFound;

    private static RightsView View(string id, ProcessRules rules, IReadOnlyList<ProcessGrant> grants) => new(
        id, [.. Enum.GetValues<ProcessRight>().Select(r => new RightView(r, [.. (rules.Of(id, r) ?? []).Order(StringComparer.Ordinal)], grants.Any(g => g.DefinitionId == id && g.Right == r)))]);

    private static bool IsKnown(string identity, OrganisationSnapshot organisation) =>
        identity == ProcessRules.Everybody
        || (identity.StartsWith("role:", StringComparison.Ordinal) && OrganisationRules.CheckKey(identity["role:".Length..]) is null)
        || (identity.StartsWith("group:", StringComparison.Ordinal) && organisation.FindGroup(identity["group:".Length..]) is not null)
        || organisation.Find(identity) is not null;
}
