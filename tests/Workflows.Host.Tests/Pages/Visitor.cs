using System.Net;
using System.Text.RegularExpressions;

namespace Workflows.Host.Tests.Pages;

/// <summary>A person with a browser without scripts: keeps cookies, follows redirects, sends forms as they stand.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly HttpClient _client;

    public Visitor(HostUnderTest host, bool follow = true)
    {
        _client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = follow }) { BaseAddress = host.Address };
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public static async Task<Visitor> OfAsync(HostUnderTest host, string userName)
    {
        var visitor = new Visitor(host);
        var page = await visitor.PostAsync("/signin", new() { ["userName"] = userName, ["password"] = "demo" });
        Assert.Equal(200, page.Status);
        return visitor;
    }

    public async Task<Answer> GetAsync(string address) => await Answer.OfAsync(await _client.GetAsync(address, TestContext.Current.CancellationToken));

    public async Task<Answer> PostAsync(string address, Dictionary<string, string> form) =>
        await Answer.OfAsync(await _client.PostAsync(address, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken));

    public void Dispose() => _client.Dispose();

    /// <summary>A page as it was answered, with the hidden fields of its forms.</summary>
    public sealed partial record Answer(int Status, string Address, string Html, string? Location)
    {
        /// <summary>What a reader sees: no marks, no line breaks.</summary>
        public string Text => Blanks().Replace(WebUtility.HtmlDecode(Marks().Replace(Html, " ")), " ").Trim();

        public string Hidden(string name) =>
            Regex.Match(Html, $"""<input type="hidden" name="{name}" value="([^"]*)""") is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";

        public static async Task<Answer> OfAsync(HttpResponseMessage response) => new(
            (int)response.StatusCode,
            response.RequestMessage!.RequestUri!.PathAndQuery,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Location?.ToString());

        [GeneratedRegex("<[^>]*>")]
        private static partial Regex Marks();

        [GeneratedRegex(@"\s+")]
        private static partial Regex Blanks();
    }
}
