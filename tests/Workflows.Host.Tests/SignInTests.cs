using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;
using Workflows.Host.Security;

namespace Workflows.Host.Tests;

public sealed class SignInTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_cookie_signs_in_until_it_is_signed_out()
    {
        var host = await shared.GetAsync();
        var browser = await Browser.SignInAsync(host, "finance");

        Assert.Equal(200, (await browser.GetAsync("/api/v1/tasks")).Status);
        Assert.Equal(302, (await browser.PostFormAsync("/signout")).Status);
        Assert.Equal(401, (await browser.GetAsync("/api/v1/tasks")).Status);
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        var host = await shared.GetAsync();
        var plain = await Browser.SignInAsync(host, "finance");
        var secure = await Browser.SignInAsync(host, "finance", https: true);

        Assert.Contains("httponly", plain.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", plain.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", plain.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("__Host-", secure.SetCookie, StringComparison.Ordinal);
        Assert.Contains("secure", secure.SetCookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_the_browser_brought()
    {
        var host = await shared.GetAsync();
        var first = await Browser.SignInAsync(host, "finance");
        var second = await Browser.SignInAsync(host, "supervisor", bringing: first);

        Assert.NotEqual(first.Cookie, second.Cookie);
        Assert.Equal(401, (await first.GetAsync("/api/v1/tasks")).Status);
        Assert.Equal(200, (await second.GetAsync("/api/v1/tasks")).Status);
    }

    [Fact]
    public async Task A_write_with_a_cookie_needs_the_token_of_our_page()
    {
        var host = await shared.GetAsync();
        var browser = await Browser.SignInAsync(host, "activity_owner");
        var other = await Browser.SignInAsync(host, "activity_owner");
        var body = new { definitionId = "nothing" };

        Assert.Equal(403, (await browser.PostAsync("/api/v1/instances", body, csrf: "")).Status);
        Assert.Equal(403, (await browser.PostAsync("/api/v1/instances", body, csrf: other.Csrf)).Status);
        Assert.Equal(403, (await browser.PostAsync("/api/v1/instances", body, origin: "https://evil.example")).Status);
        Assert.Equal(403, (await browser.PostAsync("/api/v1/instances", body, fetchSite: "cross-site")).Status);
        Assert.Equal(404, (await browser.PostAsync("/api/v1/instances", body)).Status);
    }

    [Fact]
    public async Task A_sign_in_form_of_another_site_is_refused()
    {
        var host = await shared.GetAsync();
        var http = new DefaultHttpContext { Request = { Method = "POST", Scheme = "http", Host = new HostString("shop.example") } };
        http.Request.Headers.Origin = "https://evil.example";

        Assert.IsType<SignInOutcome.Refused>(await host.Service<SignInService>().TryAsync(http, "finance", "demo", Token));
    }

    [Fact]
    public async Task Addresses_of_definitions_take_no_session()
    {
        var host = await shared.GetAsync();
        await Flows.PublishAsync(host, Flows.Sequence("endpoint-guarded", """
            {"id":"in","type":"Elsa.HttpEndpoint","version":1,"customProperties":{"canStartWorkflow":true},
             "path":{"typeName":"String","expression":{"type":"Literal","value":"guarded"}},
             "supportedMethods":{"typeName":"String[]","expression":{"type":"Object","value":"[\"GET\"]"}},
             "authorize":{"typeName":"Boolean","expression":{"type":"Literal","value":true}}}
            """));
        var browser = await Browser.SignInAsync(host, "activity_owner");

        Assert.Equal(401, (await browser.GetAsync("/workflows/guarded")).Status);
    }

    [Fact]
    public async Task Somebody_without_a_session_is_sent_to_the_sign_in_page_only_from_pages()
    {
        var host = await shared.GetAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Add("Accept", "text/html");

        using var program = await client.GetAsync("/api/v1/tasks", Token);

        Assert.Equal(401, (int)program.StatusCode);
    }

    [Theory]
    [InlineData("/tasks/1?x=2", "/tasks/1?x=2")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nb", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Only_addresses_of_this_host_are_gone_to_after_signing_in(string? wanted, string gone) => Assert.Equal(gone, SignInService.LocalUrl(wanted));

    [Fact]
    public async Task A_hash_made_with_older_settings_is_made_anew()
    {
        var host = await shared.GetAsync();
        var organisation = host.Service<IOrganisationStore>();
        var old = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV2 })).HashPassword("", "demo");
        await organisation.SetPasswordHashAsync("content_creator", old, Token);

        using var client = await host.AsAsync("content_creator");
        var now = await organisation.FindPasswordHashAsync("content_creator", Token);

        Assert.NotEqual(old, now);
        Assert.Equal(PasswordVerificationResult.Success, new PasswordHasher<string>().VerifyHashedPassword("", now!, "demo"));
    }
}

/// <summary>A browser as far as signing in goes: it keeps the cookie and knows the token of its pages.</summary>
internal sealed record Browser(HostUnderTest Host, string SetCookie)
{
    public string Cookie => SetCookie.Split(';')[0];

    public string Csrf => new Csrf(Cookie[(Cookie.IndexOf('=', StringComparison.Ordinal) + 1)..]).Token;

    public static async Task<Browser> SignInAsync(HostUnderTest host, string user, bool https = false, Browser? bringing = null)
    {
        var http = new DefaultHttpContext { Request = { Scheme = https ? "https" : "http", Host = new HostString("shop.example") } };
        if (bringing is not null)
            http.Request.Headers.Cookie = bringing.Cookie;
        Assert.IsType<SignInOutcome.Accepted>(await host.Service<SignInService>().TryAsync(http, user, "demo", TestContext.Current.CancellationToken));
        return new Browser(host, http.Response.Headers.SetCookie.ToString());
    }

    public Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    public Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> PostFormAsync(string address) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("_csrf", Csrf)]) });

    public Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> PostAsync(string address, object body, string? csrf = null, string? origin = null, string? fetchSite = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-CSRF-Token", csrf ?? Csrf);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (fetchSite is not null)
            request.Headers.Add("Sec-Fetch-Site", fetchSite);
        return SendAsync(request);
    }

    private async Task<(int Status, System.Text.Json.Nodes.JsonNode? Body)> SendAsync(HttpRequestMessage request)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Host.Address };
        request.Headers.Add("Cookie", Cookie);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.StartsWith('{') ? System.Text.Json.Nodes.JsonNode.Parse(text) : null);
    }
}
