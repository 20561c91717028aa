using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Fields;
using Workflows.Host.Pages;

namespace Workflows.Host.Api;

/// <summary>One thing wrong with a request, and where: a JSON path for bodies, a name for query and headers.</summary>
internal sealed record FieldProblem(string Path, string Code, string Zh, string En);

/// <summary>
/// A refusal as callers read it (RFC 9457). <see cref="Code"/> is stable; the texts are in Chinese unless the caller's
/// Accept-Language prefers English.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable word for programs.</param>
/// <param name="Zh">Title in Chinese.</param>
/// <param name="En">Title in English.</param>
internal sealed record Problem(int Status, string Code, string Zh, string En) : IResult
{
    public const string ContentType = "application/problem+json";

    public string? DetailZh { get; init; }

    public string? DetailEn { get; init; }

    public IReadOnlyList<FieldProblem> Errors { get; init; } = [];

    /// <summary>Further members of the answer, for example who was first.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Extra { get; init; } = new Dictionary<string, JsonNode?>();

    public TimeSpan? RetryAfter { get; init; }

    public Problem Because(string zh, string en) => this with { DetailZh = zh, DetailEn = en };

    public Problem At(string path, string code, string zh, string en) => this with { Errors = [.. Errors, new FieldProblem(path, code, zh, en)] };

    public Problem At(string path, FieldReason reason) => At(path, reason.Code, reason.Zh, reason.En);

    public Problem With(string name, JsonNode? value) => this with { Extra = new Dictionary<string, JsonNode?>(Extra) { [name] = value } };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (PageErrors.Wants(httpContext))
        {
            await PageErrors.RenderAsync(httpContext, this);
            return;
        }

        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await response.WriteAsJsonAsync(ToJson(PrefersEnglish(httpContext.Request)), ApiJson.Options, ContentType, httpContext.RequestAborted);
    }

    /// <summary>Chinese unless English is asked for with more weight.</summary>
    public static bool PrefersEnglish(HttpRequest request)
    {
        var languages = request.GetTypedHeaders().AcceptLanguage;
        double Weight(string language) => languages
            .Where(l => l.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase))
            .Select(l => l.Quality ?? 1).DefaultIfEmpty(0).Max();
        return languages.Count > 0 && Weight("en") > Weight("zh");
    }

    private JsonObject ToJson(bool english)
    {
        var json = new JsonObject
        {
            ["type"] = $"urn:workflows:problem:{Code}",
            ["title"] = english ? En : Zh,
            ["status"] = Status,
            ["code"] = Code,
        };
        if ((english ? DetailEn : DetailZh) is { } detail)
            json["detail"] = detail;
        if (Errors.Count > 0)
        {
            json["errors"] = new JsonArray([.. Errors.Select(e => new JsonObject
            {
                ["path"] = e.Path,
                ["code"] = e.Code,
                ["message"] = english ? e.En : e.Zh,
            })]);
        }

        foreach (var (name, value) in Extra)
            json[name] = value?.DeepClone();
        return json;
    }
}
