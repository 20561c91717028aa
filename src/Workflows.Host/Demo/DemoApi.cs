using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>The HTTP API as the demo people use it; signs each in when first needed.</summary>
internal sealed class DemoApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    private readonly Dictionary<string, string> _tokens = [];

    public Task<JsonNode> GetAsync(string user, string path, CancellationToken cancellationToken) => SendAsync(user, HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode> PostAsync(string user, string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(user, HttpMethod.Post, path, body, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> SendAsync(string user, HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await SignInAsync(user, cancellationToken));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new DemoFailedException($"{user} {method} {path}: {(int)response.StatusCode} {text}");
    }

    private async Task<string> SignInAsync(string user, CancellationToken cancellationToken)
    {
        if (_tokens.TryGetValue(user, out var known))
            return known;
        using var response = await _client.PostAsJsonAsync("/api/v1/tokens", new { userName = user, password = DemoOrganisation.Password }, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DemoFailedException($"{user} 无法登录：{await response.Content.ReadAsStringAsync(cancellationToken)}");
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        return _tokens[user] = (string)answer["accessToken"]!;
    }
}
