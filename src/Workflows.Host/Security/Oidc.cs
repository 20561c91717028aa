using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;

namespace Workflows.Host.Security;

/// <summary>Settings of signing in through an identity provider: section "Workflows:SignIn:Oidc". Off without an authority.</summary>
internal sealed class OidcOptions
{
    public const string Section = "Workflows:SignIn:Oidc";

    /// <summary>Address of the provider; its discovery document lies below.</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>Claim of the id token that holds the user name of a person here.</summary>
    [Required]
    public string UserNameClaim { get; set; } = "preferred_username";

    [Required]
    public string Scopes { get; set; } = "openid profile";

    /// <summary>What the button on the sign-in page says.</summary>
    [Required]
    public string DisplayName { get; set; } = "企业账号登录";

    /// <summary>Address of this host as browsers know it, for the way back; null takes it from the request.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>False allows a provider without TLS, in Development only.</summary>
    public bool RequireHttps { get; set; } = true;

    public bool IsEnabled => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>What is missing or unsafe; empty when it is off or complete.</summary>
    public IEnumerable<string> FindFaults(bool isProduction)
    {
        if (!IsEnabled)
            yield break;
        if (string.IsNullOrWhiteSpace(ClientId))
            yield return $"{Section}:ClientId 未设置 (is missing)";
        if (string.IsNullOrWhiteSpace(ClientSecret))
            yield return $"{Section}:ClientSecret 未设置 (is missing)";
        if ((isProduction || RequireHttps) && !Authority!.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            yield return $"{Section}:Authority 必须是 https 地址 (must be an https address)";
    }
}

/// <summary>How a sign-in through the provider ended.</summary>
internal abstract record OidcOutcome
{
    private OidcOutcome()
    {
    }

    public sealed record Accepted(string UserName, string ReturnUrl) : OidcOutcome;

    /// <summary>Refused; <paramref name="Reason"/> is for the log.</summary>
    public sealed record Refused(string Reason) : OidcOutcome;
}

/// <summary>
/// OpenID Connect by the code flow: discovery, PKCE, nonce, and an id token whose signature, issuer, audience and time are checked.
/// </summary>
/// <remarks>
/// What can go wrong: an answer that belongs to another browser's sign-in (login forgery), one that is used twice, a token made for
/// another program or by another provider, one that was altered. The rules: what was sent out is kept in the database under a hash
/// of the state and of a cookie that only this browser has, for ten minutes, and is taken out by its first use; so any host may take
/// the answer. The token must be signed, by a key of the provider, with an asymmetric algorithm. The person must exist here already.
/// </remarks>
internal sealed class Oidc : IDisposable
{
    public const string CallbackPath = "/signin/oidc/callback";
    private const string Binding = "workflows_oidc";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384];

    private readonly OidcOptions _options;
    private readonly ISignInStore _store;
    private readonly OrganisationCache _organisation;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1024 * 1024 };
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _provider;

    public Oidc(IOptions<OidcOptions> options, ISignInStore store, OrganisationCache organisation, TimeProvider clock)
    {
        (_options, _store, _organisation, _clock) = (options.Value, store, organisation, clock);
        if (_options.IsEnabled)
        {
            _provider = new ConfigurationManager<OpenIdConnectConfiguration>(
                _options.Authority!.TrimEnd('/') + "/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever(_http) { RequireHttps = _options.RequireHttps });
        }
    }

    /// <summary>True when the sign-in page should offer it.</summary>
    public bool IsEnabled => _provider is not null;

    public string DisplayName => _options.DisplayName;

    /// <summary>The provider's address to send the browser to; the cookie that binds the answer to this browser is set.</summary>
    public async Task<string> BeginAsync(HttpContext http, string? returnUrl, CancellationToken cancellationToken)
    {
        var provider = await _provider!.GetConfigurationAsync(cancellationToken);
        var (state, nonce, verifier, binding) = (Random(), Random(), Random(), Random());
        await _store.AddStateAsync(new SignInState(HashOf(state, binding), nonce, verifier, SignInService.LocalUrl(returnUrl)), _clock.GetUtcNow() + Lifetime, cancellationToken);
        http.Response.Cookies.Append(Binding, binding, BindingCookie(http));
        return QueryHelpers.AddQueryString(provider.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _options.ClientId,
            ["redirect_uri"] = RedirectUri(http),
            ["scope"] = _options.Scopes,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>Takes the provider's answer.</summary>
    public async Task<OidcOutcome> EndAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var (state, code, binding) = (http.Request.Query["state"].ToString(), http.Request.Query["code"].ToString(), http.Request.Cookies[Binding]);
        http.Response.Cookies.Delete(Binding, BindingCookie(http));
        if (state.Length is 0 or > 200 || binding is null || await _store.TakeStateAsync(HashOf(state, binding), _clock.GetUtcNow(), cancellationToken) is not { } sent)
            return new OidcOutcome.Refused("the answer belongs to no sign-in of this browser");
        if (code.Length is 0 or > 4_000)
            return new OidcOutcome.Refused("the provider sent no code");
        try
        {
            var provider = await _provider!.GetConfigurationAsync(cancellationToken);
            if (await RedeemAsync(http, provider, code, sent.CodeVerifier, cancellationToken) is not { } token)
                return new OidcOutcome.Refused("the provider gave no id token");
            var verdict = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, Rules(provider));
            if (!verdict.IsValid)
            {
                // The provider may have changed its keys: the next try reads them anew.
                _provider.RequestRefresh();
                return new OidcOutcome.Refused($"the id token is not valid: {verdict.Exception?.GetType().Name}");
            }

            if (!verdict.Claims.TryGetValue("nonce", out var nonce) || !string.Equals(nonce as string, sent.Nonce, StringComparison.Ordinal))
                return new OidcOutcome.Refused("the id token answers another request");
            await _organisation.RefreshAsync(cancellationToken);
            return verdict.Claims.TryGetValue(_options.UserNameClaim, out var claim) && _organisation.Current.Find(claim as string) is { } person
                ? new OidcOutcome.Accepted(person.UserName, sent.ReturnUrl)
                : new OidcOutcome.Refused("the provider's person is nobody here");
        }
        // The provider is out of reach or answers nonsense: a refusal, not a fault of this host.
        catch (Exception error) when (error is HttpRequestException or InvalidOperationException or System.Text.Json.JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new OidcOutcome.Refused($"the provider did not answer as expected: {error.GetType().Name}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string?> RedeemAsync(HttpContext http, OpenIdConnectConfiguration provider, string code, string verifier, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri(http),
            ["client_id"] = _options.ClientId!,
            ["client_secret"] = _options.ClientSecret!,
            ["code_verifier"] = verifier,
        });
        using var answer = await _http.PostAsync(new Uri(provider.TokenEndpoint), form, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            return null;
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))?["id_token"]?.ToString();
    }

    private TokenValidationParameters Rules(OpenIdConnectConfiguration provider) => new()
    {
        ValidIssuer = provider.Issuer,
        ValidAudience = _options.ClientId,
        IssuerSigningKeys = provider.SigningKeys,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ClockSkew = TimeSpan.FromMinutes(2),
    };

    private string RedirectUri(HttpContext http) =>
        (_options.PublicUrl?.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}") + CallbackPath;

    private static CookieOptions BindingCookie(HttpContext http) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/signin/oidc", MaxAge = Lifetime, IsEssential = true };

    private static string HashOf(string state, string binding) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{state}\n{binding}")));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
