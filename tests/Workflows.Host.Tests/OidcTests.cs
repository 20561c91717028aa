using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

/// <summary>Signing in through an identity provider: a small one that hands out what each test wants.</summary>
public sealed class OidcTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_the_provider_vouches_for_is_signed_in_and_taken_where_they_wanted()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var host = await issuer.HostAsync();

        var (status, location, cookie) = await SignInAsync(host, issuer);

        Assert.Equal((302, "/api/v1/tasks?view=todo"), (status, location));
        Assert.Equal(200, await GetAsync(host, "/api/v1/tasks", cookie!));
        // The code and its verifier belong together: PKCE is really asked for.
        Assert.True(issuer.VerifierMatched);
    }

    [Fact]
    public async Task A_token_that_is_not_for_this_sign_in_is_refused()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var host = await issuer.HostAsync();
        foreach (var fault in (string[])["other-key", "other-audience", "other-issuer", "expired", "other-nonce", "unsigned", "symmetric", "altered", "unknown-person"])
        {
            issuer.Fault = fault;

            var (status, location, cookie) = await SignInAsync(host, issuer);

            Assert.Equal((fault, 302, "/signin?error=oidc"), (fault, status, location));
            Assert.True(cookie is null, fault);
        }
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_in_the_browser_that_asked()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var host = await issuer.HostAsync();
        var (address, binding) = await BeginAsync(host);
        var answer = issuer.Authorize(address);

        Assert.Equal("/signin?error=oidc", (await SendAsync(host, answer, null)).Location);
        Assert.NotNull((await SendAsync(host, answer, binding)).Cookie);
        Assert.Equal("/signin?error=oidc", (await SendAsync(host, answer, binding)).Location);
    }

    [Fact]
    public async Task Without_a_provider_there_is_nothing_there()
    {
        await using var host = await HostUnderTest.StartAsync();

        Assert.Equal(404, (await SendAsync(host, "/signin/oidc", null)).Status);
        Assert.Equal(404, (await SendAsync(host, "/signin/oidc/callback?state=a&code=b", null)).Status);
    }

    [Theory]
    [InlineData("http://login.example", "secret")]
    [InlineData("https://login.example", "")]
    public async Task Production_refuses_a_provider_without_tls_or_secret(string authority, string secret)
    {
        await using var database = await HostDatabase.CreateAsync(DatabaseKind.Sqlite);

        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => HostUnderTest.StartAppAsync(
            database, "Production", ("Workflows:SignIn:Oidc:Authority", authority), ("Workflows:SignIn:Oidc:ClientId", "shop"), ("Workflows:SignIn:Oidc:ClientSecret", secret), ("Workflows:SignIn:Oidc:RequireHttps", "false")));
    }

    private static async Task<(int Status, string? Location, string? Cookie)> SignInAsync(HostUnderTest host, Issuer issuer)
    {
        var (address, binding) = await BeginAsync(host);
        return await SendAsync(host, issuer.Authorize(address), binding);
    }

    private static async Task<(string Address, string Binding)> BeginAsync(HostUnderTest host)
    {
        var begun = await SendAsync(host, "/signin/oidc?returnUrl=" + Uri.EscapeDataString("/api/v1/tasks?view=todo"), null, "workflows_oidc");
        return (begun.Location!, begun.Cookie!);
    }

    private static async Task<(int Status, string? Location, string? Cookie)> SendAsync(HostUnderTest host, string address, string? cookie, string wanted = "workflows_session")
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await client.SendAsync(request, Token);
        var set = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.FirstOrDefault(c => c.StartsWith(wanted + "=", StringComparison.Ordinal)) : null;
        return ((int)response.StatusCode, response.Headers.Location?.OriginalString, set?.Split(';')[0]);
    }

    private static async Task<int> GetAsync(HostUnderTest host, string address, string cookie) => (await SendAsync(host, address, cookie)).Status;

    private sealed class Issuer : IAsyncDisposable
    {
        private readonly RSA _rsa = RSA.Create(2048);
        private readonly RSA _other = RSA.Create(2048);
        private WebApplication _app = null!;
        private Dictionary<string, string> _asked = [];

        public string Address { get; private set; } = "";

        public string? Fault { get; set; }

        public bool VerifierMatched { get; private set; }

        public static async Task<Issuer> StartAsync()
        {
            var issuer = new Issuer();
            var builder = WebApplication.CreateBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.MapGet("/.well-known/openid-configuration", () => new JsonObject
            {
                ["issuer"] = issuer.Address,
                ["authorization_endpoint"] = issuer.Address + "/authorize",
                ["token_endpoint"] = issuer.Address + "/token",
                ["jwks_uri"] = issuer.Address + "/keys",
            });
            app.MapGet("/keys", () =>
            {
                var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(issuer._rsa.ExportParameters(false)) { KeyId = "k1" });
                return new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "k1", ["use"] = "sig", ["n"] = key.N, ["e"] = key.E }) };
            });
            app.MapPost("/token", async (HttpRequest request) =>
            {
                var form = await request.ReadFormAsync();
                var challenge = Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
                issuer.VerifierMatched = challenge == issuer._asked["code_challenge"] && form["client_secret"] == "secret" && form["redirect_uri"] == issuer._asked["redirect_uri"];
                return new JsonObject { ["id_token"] = issuer.IdToken() };
            });
            await app.StartAsync(Token);
            issuer._app = app;
            issuer.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return issuer;
        }

        public Task<HostUnderTest> HostAsync() => HostUnderTest.StartAsync(
            DatabaseKind.Sqlite, "Development", ("Workflows:SignIn:Oidc:Authority", Address), ("Workflows:SignIn:Oidc:ClientId", "shop"), ("Workflows:SignIn:Oidc:ClientSecret", "secret"), ("Workflows:SignIn:Oidc:RequireHttps", "false"));

        /// <summary>What the browser is sent back with.</summary>
        public string Authorize(string address)
        {
            Assert.StartsWith(Address + "/authorize?", address, StringComparison.Ordinal);
            _asked = QueryHelpers.ParseQuery(new Uri(address).Query).ToDictionary(q => q.Key, q => q.Value.ToString());
            return $"/signin/oidc/callback?code=c&state={_asked["state"]}";
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _rsa.Dispose();
            _other.Dispose();
        }

        private string IdToken()
        {
            var key = new RsaSecurityKey(Fault == "other-key" ? _other : _rsa) { KeyId = "k1" };
            var signing = Fault switch
            {
                "unsigned" => null,
                "symmetric" => new SigningCredentials(new SymmetricSecurityKey(System.Text.Encoding.UTF8.GetBytes(new string('s', 64))) { KeyId = "k1" }, SecurityAlgorithms.HmacSha256),
                _ => new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
            };
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
            {
                Issuer = Fault == "other-issuer" ? "https://elsewhere.example" : Address,
                Audience = Fault == "other-audience" ? "other" : "shop",
                IssuedAt = now.AddMinutes(-30),
                NotBefore = now.AddMinutes(-30),
                Expires = Fault == "expired" ? now.AddMinutes(-10) : now.AddMinutes(5),
                SigningCredentials = signing,
                Subject = new ClaimsIdentity(
                [
                    new("sub", "1"), new("nonce", Fault == "other-nonce" ? "x" : _asked["nonce"]), new("preferred_username", Fault == "unknown-person" ? "nobody" : "finance"),
                ]),
            });
            if (Fault != "altered")
                return token;
            var parts = token.Split('.');
            var body = Base64UrlEncoder.Decode(parts[1]).Replace("finance", "super_admin", StringComparison.Ordinal);
            return $"{parts[0]}.{Base64UrlEncoder.Encode(body)}.{parts[2]}";
        }
    }
}
