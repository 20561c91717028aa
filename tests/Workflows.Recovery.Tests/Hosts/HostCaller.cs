using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workflows.Recovery.Tests.Support;

namespace Workflows.Recovery.Tests.Hosts;

/// <summary>
/// The HTTP API as a stubborn caller uses it: when the host dies under a request, a new one is started, without a fault, and
/// asked the same again under the same key. A host that lives and answers 500 is not forgiven.
/// </summary>
/// <param name="place">Where.</param>
/// <param name="fault">Fault of the first host.</param>
/// <param name="settings">Settings of every host.</param>
internal sealed class HostCaller(Place place, string? fault, IReadOnlyDictionary<string, string>? settings = null) : IAsyncDisposable
{
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string> _tokens = [];
    private HostProcess? _host;
    private int _generation;

    /// <summary>How the hosts died, in order: exit codes.</summary>
    public List<int> Deaths { get; } = [];

    public async Task<JsonNode> GetAsync(string user, string path, CancellationToken cancellationToken) =>
        await AskAsync(user, path, null, null, cancellationToken);

    public async Task<JsonNode> PostAsync(string user, string path, string key, JsonObject body, CancellationToken cancellationToken, (string Name, string Value)? header = null) =>
        await AskAsync(user, path, key, body, cancellationToken, header);

    /// <summary>Asks once, without a key; null when the host died of it, or before.</summary>
    public async Task<JsonNode?> TryPostAsync(string user, string path, JsonObject body, CancellationToken cancellationToken) =>
        await TryAsync(path, await TokenAsync(user, cancellationToken), null, JsonContent.Create(body), cancellationToken);

    /// <summary>Opens a page once, or sends it a form; false when the host died of it, or before.</summary>
    public async Task<bool> TryPageAsync(string user, string path, HttpContent? form, CancellationToken cancellationToken) =>
        await TryAsync(path, await TokenAsync(user, cancellationToken), null, form, cancellationToken) is not null;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }

    private async Task<JsonNode> AskAsync(string user, string path, string? key, JsonObject? body, CancellationToken cancellationToken, (string Name, string Value)? header = null)
    {
        while (true)
        {
            if (await TryAsync(path, await TokenAsync(user, cancellationToken), key, body is null ? null : JsonContent.Create(body), cancellationToken, header) is { } answer)
                return answer;
        }
    }

    private async Task<string> TokenAsync(string user, CancellationToken cancellationToken)
    {
        while (!_tokens.ContainsKey(user))
        {
            if (await TryAsync("/api/v1/tokens", null, null, JsonContent.Create(new JsonObject { ["userName"] = user, ["password"] = "demo" }), cancellationToken) is { } answer)
                _tokens[user] = (string)answer["accessToken"]!;
        }

        return _tokens[user];
    }

    /// <summary>What was answered, a page as its text; null when the host died of it, or before.</summary>
    private async Task<JsonNode?> TryAsync(string path, string? token, string? key, HttpContent? body, CancellationToken cancellationToken, (string Name, string Value)? header = null)
    {
        _host ??= await HostProcess.StartAsync(place, _generation++ == 0 ? fault : null, cancellationToken, settings);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (header is var (name, value))
            request.Headers.Add(name, value);
        string trouble;
        try
        {
            using var response = await _host.Client.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            // A page sent on after a form is done with it.
            if (response.IsSuccessStatusCode || response.Headers.Location is not null)
                return response.Content.Headers.ContentType?.MediaType == "application/json" ? JsonNode.Parse(text)! : JsonValue.Create(text);
            trouble = $"{(int)response.StatusCode} {text}";
        }
        catch (HttpRequestException broken)
        {
            trouble = broken.Message;
        }

        if (!await _host.HasDiedAsync(ToDie, cancellationToken))
            throw new InvalidOperationException($"{path} for {key}: {trouble}\n{_host.Said}");
        Deaths.Add(_host.ExitCode);
        await _host.DisposeAsync();
        _host = null;
        return null;
    }
}
