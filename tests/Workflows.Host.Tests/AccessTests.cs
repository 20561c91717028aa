using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Workflows.Host.Tests;

public sealed class AccessTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly HashSet<string> Open =
    [
        "POST /api/v1/tokens", "GET /favicon.ico", "GET /health/live", "GET /health/ready", "GET /signin", "POST /signin", "GET /signin/oidc", "GET /signin/oidc/callback", "POST /language", "GET /assets/{name}", "GET /hooks/sms/{secret}", "POST /hooks/sms/{secret}", "GET /openapi/{documentName}.json", "* /workflows/{**path}",
    ];

    [Fact]
    public async Task Every_route_but_the_named_ones_asks_for_a_sign_in()
    {
        var host = await shared.GetAsync();
        using var anonymous = host.Anonymous();
        var found = new HashSet<string>();
        foreach (var endpoint in host.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"];
            foreach (var method in methods.Where(m => m != "HEAD"))
            {
                var route = $"{method} {endpoint.RoutePattern.RawText}";
                if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                {
                    found.Add(route);
                    continue;
                }

                var address = string.Concat(endpoint.RoutePattern.PathSegments.Select(s => "/" + string.Concat(s.Parts.Select(Part))));
                var answer = await anonymous.SendAsync(new HttpMethod(method == "*" ? "GET" : method), address);
                Assert.True(answer.Status == 401, $"{route} answered {answer.Status}");
                Assert.Equal("sign-in-needed", (string?)answer.Body?["code"]);
            }
        }

        Assert.Equal(Open.Order(), found.Order());

        static string Part(RoutePatternPart part) => part is RoutePatternLiteralPart literal ? literal.Content : "1";
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_get_the_same_answer()
    {
        var host = await shared.GetAsync();
        using var anonymous = host.Anonymous();

        var wrong = await anonymous.PostAsync("/api/v1/tokens", new { userName = "finance", password = "no" });
        var unknown = await anonymous.PostAsync("/api/v1/tokens", new { userName = "nobody", password = "no" });

        Assert.Equal(401, wrong.Status);
        Assert.Equal(401, unknown.Status);
        Assert.Equal(wrong.Body!.ToJsonString(), unknown.Body!.ToJsonString());
    }

    [Fact]
    public async Task After_ten_failures_the_next_try_must_wait()
    {
        var host = await shared.GetAsync();
        using var anonymous = host.Anonymous();
        for (var i = 0; i < 10; i++)
            Assert.Equal(401, (await anonymous.PostAsync("/api/v1/tokens", new { userName = "internal_auditor", password = "no" })).Status);

        var answer = await anonymous.PostAsync("/api/v1/tokens", new { userName = "internal_auditor", password = "demo" });

        Assert.Equal(429, answer.Status);
        Assert.NotNull(answer.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_forged_or_mangled_token_signs_nobody_in()
    {
        var host = await shared.GetAsync();
        foreach (var token in new[] { "", "x", new string('A', 43), new string('A', 4000), "中文" })
        {
            using var client = host.Anonymous();
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + Uri.EscapeDataString(token));
            Assert.Equal(401, (await client.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Status);
        }
    }

    [Fact]
    public async Task Somebody_without_the_role_may_not_change_definitions_nor_read_effects()
    {
        var host = await shared.GetAsync();
        using var owner = await host.AsAsync("activity_owner");

        Assert.Equal(403, (await owner.PostAsync("/api/v1/definitions", Flows.Approval("forbidden"))).Status);
        Assert.Equal(403, (await owner.SendAsync(HttpMethod.Get, "/api/v1/ops/effects")).Status);
        Assert.Equal(403, (await owner.SendAsync(HttpMethod.Get, "/metrics")).Status);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        var host = await shared.GetAsync();
        using var anonymous = host.Anonymous();
        foreach (var address in new[] { "/", "/health/live", "/api/v1/tasks", "/nowhere", "/workflows/nowhere" })
        {
            var response = (await anonymous.SendAsync(HttpMethod.Get, address)).Response;
            Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(response.Headers.Contains("Server"));
        }
    }
}

/// <summary>One host for all tests of a class.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private readonly SemaphoreSlim _making = new(1);
    private HostUnderTest? _host;

    public async Task<HostUnderTest> GetAsync()
    {
        await _making.WaitAsync();
        try
        {
            return _host ??= await HostUnderTest.StartAsync();
        }
        finally
        {
            _making.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _making.Dispose();
        GC.SuppressFinalize(this);
    }
}
