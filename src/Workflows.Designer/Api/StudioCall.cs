namespace Workflows.Designer.Api;

/// <summary>A call of Studio: who makes it, and its query without regard to case.</summary>
internal sealed class StudioCall(HttpContext http, IDesignerPerson person, bool isChinese)
{
    /// <summary>Characters.</summary>
    private const int LongestReason = 2_000;

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

    /// <summary>Why a governed process was changed, as our page around Studio asked for it; null when it did not.</summary>
    public string? Reason => http.Request.Headers["X-Workflows-Reason"].ToString() is { Length: > 0 and <= LongestReason * 9 } written
        && Uri.UnescapeDataString(written).Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: > 0 and <= LongestReason } reason ? reason : null;

    /// <summary>Tells the page around Studio what became of a publication: under way, waiting for a reason, or done.</summary>
    public void TellPublication(Processes.EditOutcome.Done done)
    {
        var headers = http.Response.Headers;
        if (done.ChangeInstance is { } change)
            headers["X-Workflows-Change"] = change;
        else if (done.NeedsReason)
            headers.Append("X-Workflows-Needs-Reason", Uri.EscapeDataString(done.Definition.DefinitionId));
        else
            headers["X-Workflows-Published"] = "true";
    }

    public string T(string zh, string en) => isChinese ? zh : en;

    /// <summary>A call without a person never gets as far as this: every route needs a sign-in.</summary>
    public static async ValueTask<StudioCall?> BindAsync(HttpContext http)
    {
        var host = http.RequestServices.GetRequiredService<IDesignerHost>();
        return await host.FindPersonAsync(http) is { } person ? new StudioCall(http, person, host.IsChinese(http)) : null;
    }
}
