using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Workflows.Host.Demo;

/// <summary>The HTTP API as the demo people use it; signs each in when first needed.</summary>
internal sealed class DemoApi(Uri address) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    private readonly Dictionary<string, string> _tokens = [];

    public Task<JsonNode> GetAsync(string user, string path, CancellationToken cancellationToken) => SendAsync(user, HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode> PostAsync(string user, string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(user, HttpMethod.Post, path, () => JsonContent.Create(body), cancellationToken);

    /// <summary>Brings shop data in.</summary>
    public Task<JsonNode> ImportAsync(string user, string kind, string csv, CancellationToken cancellationToken) =>
        SendAsync(user, HttpMethod.Post, $"/api/v1/store/import/{kind}", () => new StringContent(csv, Encoding.UTF8, "text/csv"), cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> SendAsync(string user, HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        while (true)
        {
            var isFresh = !_tokens.ContainsKey(user);
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await SignInAsync(user, cancellationToken));
            if (content is not null)
            {
                request.Content = content();
                request.Headers.Add("Idempotency-Key", key);
            }

            using var response = await _client.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized && !isFresh)
            {
                // Days have passed in the story, and sign-ins do not last that long.
                _tokens.Remove(user);
                continue;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonNode.Parse(text)!
                : throw new DemoFailedException($"{user} {method} {path}: {(int)response.StatusCode} {text}");
        }
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
