namespace Workflows.Designer.Api;

/// <summary>A call of Studio: who makes it, and its query without regard to case.</summary>
internal sealed class StudioCall(HttpContext http, IDesignerPerson person, bool isChinese)
{
    public HttpContext Http => http;

    public IDesignerPerson Person => person;

    public bool IsChinese => isChinese;

    public CancellationToken Aborted => http.RequestAborted;

    public string? Query(string name) => http.Request.Query[name].FirstOrDefault(v => !string.IsNullOrEmpty(v));

    public IReadOnlyList<string> Every(string name) => [.. http.Request.Query[name].OfType<string>().Where(v => v.Length > 0)];

    public int? Number(string name) => int.TryParse(Query(name), out var number) ? number : null;

    /// <summary>True when the caller names a revision (If-Match) that is not this one; nothing may be changed then. Studio names none.</summary>
    public bool IsStale(long revision) => http.Request.Headers.IfMatch.ToString() is { Length: > 0 } expected && expected != $"\"{revision}\"";

    /// <summary>The same for a definition, whose revision is its time of change in microseconds.</summary>
    public bool IsStale(Engine.Storage.StoredDefinition definition) => IsStale(definition.UpdatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond);

    public string T(string zh, string en) => isChinese ? zh : en;

    /// <summary>A call without a person never gets as far as this: every route needs a sign-in.</summary>
    public static async ValueTask<StudioCall?> BindAsync(HttpContext http)
    {
        var host = http.RequestServices.GetRequiredService<IDesignerHost>();
        return await host.FindPersonAsync(http) is { } person ? new StudioCall(http, person, host.IsChinese(http)) : null;
    }
}
