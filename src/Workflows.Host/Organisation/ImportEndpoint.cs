using System.Text;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <summary>What an import of people would do, or did.</summary>
internal sealed record ImportView(bool DryRun, int Added, int Changed, int Deactivated, int Refused, int Unchanged, IReadOnlyList<ImportStep> Steps)
{
    /// <summary>As programs get it: reasons in the caller's language.</summary>
    public ImportAnswer Answer(bool chinese) => new(
        DryRun, Added, Changed, Deactivated, Refused, Unchanged, [.. Steps.Select(s => new ImportAnswer.Step(s.Act, s.Line, s.UserName, s.DisplayName, s.Reason?.In(chinese), s.Changes))]);
}

internal sealed record ImportAnswer(bool DryRun, int Added, int Changed, int Deactivated, int Refused, int Unchanged, IReadOnlyList<ImportAnswer.Step> Steps)
{
    /// <param name="Line">Line of the file, from 1; null for somebody the file does not name.</param>
    internal sealed record Step(ImportAct Act, long? Line, string UserName, string DisplayName, string? Reason, IReadOnlyList<FieldChange> Changes);
}

/// <summary>Imports people from CSV; the preview and the act are the same plan.</summary>
internal static class ImportEndpoint
{
    private const int MostLines = 50_000;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>What Chinese spreadsheets save as.</summary>
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private enum Missing
    {
        Keep,
        Deactivate,
    }

    public static async Task<IResult> RunAsync(HttpContext http, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "dryRun", "missing");
        var dryRun = query.Flag("dryRun") ?? false;
        var missing = query.Enum<Missing>("missing") ?? Missing.Keep;
        if (query.Problem is { } problem)
            return problem;
        if ((await BufferedBody.OfAsync(http)).Bytes is not { } bytes)
            return Refusals.TooLarge;
        var (refused, view, change) = await PlanAsync(bytes, missing == Missing.Deactivate, dryRun, actor, changes, cancellationToken);
        if (refused is not null)
            return refused;
        var answer = view!.Answer(!Problem.PrefersEnglish(http.Request));
        if (dryRun)
            return Results.Json(answer, ApiJson.Options);
        return change is null ? StoredAnswer.Of(answer) : await changes.AnswerAsync(change, answer, cancellationToken);
    }

    /// <summary>What a file would do, and the change that does it; null when nothing is to be done. A refusal tells why the file as a whole is not taken.</summary>
    internal static async Task<(Problem? Refused, ImportView? View, OrganisationChange? Change)> PlanAsync(
        byte[] bytes, bool deactivateMissing, bool dryRun, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        if (Decode(bytes) is not { } text)
            return (Refusals.BadBody.At("$", "bad-encoding", "文件既不是 UTF-8 也不是 GB18030", "neither UTF-8 nor GB18030"), null, null);
        if (await ReadAsync(text, cancellationToken) is not { } records)
            return (Refusals.TooLarge.Because($"最多 {MostLines} 行", $"at most {MostLines} lines"), null, null);
        var data = await changes.ReadAsync(cancellationToken);
        var plan = PeopleImport.Plan(records, data, deactivateMissing, actor.Name);
        if (plan.Fault is { } fault)
            return (Refusals.BadBody.At("$", fault), null, null);
        int Count(ImportAct act) => plan.Steps.Count(s => s.Act == act);
        var view = new ImportView(dryRun, Count(ImportAct.Added), Count(ImportAct.Changed), Count(ImportAct.Deactivated), Count(ImportAct.Refused), plan.Unchanged, plan.Steps);
        if (plan.People.Count == 0)
            return (null, view, null);
        var detail = new System.Text.Json.Nodes.JsonObject { ["added"] = view.Added, ["changed"] = view.Changed, ["deactivated"] = view.Deactivated, ["refused"] = view.Refused };
        return (null, view, new OrganisationChange { People = plan.People, ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "import", "people", detail) });
    }

    /// <summary>UTF-8 when it is that, else GB18030; null when it is neither.</summary>
    internal static string? Decode(byte[] bytes)
    {
        foreach (var encoding in new[] { Utf8, Gb18030 })
        {
            try
            {
                return encoding.GetString(bytes).TrimStart('\uFEFF');
            }
            catch (DecoderFallbackException)
            {
                // The next one may fit.
            }
        }

        return null;
    }

    private static async Task<List<CsvRecord>?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var reader = new CsvReader(new StringReader(text));
        var records = new List<CsvRecord>();
        while (await reader.ReadAsync(cancellationToken) is { } record)
        {
            records.Add(record);
            if (records.Count > MostLines)
                return null;
        }

        return records;
    }
}
