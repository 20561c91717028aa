using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Store;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Shop;

public sealed record UploadLine(string Href, string Kind, string FileName, string When, string State, string Stamp);

public sealed record UploadStartModel(IReadOnlyList<(string Name, string Label)> Kinds, string Kind, string? Problem, IReadOnlyList<UploadLine> Mine, string Columns);

/// <param name="At">Where the column stands in the file; null when it is not there.</param>
public sealed record ColumnChoice(string Name, string Label, bool IsRequired, int? At);

/// <param name="Cells">By column chosen; null when the record could not be read.</param>
public sealed record PreviewLine(long Line, IReadOnlyList<string>? Cells, string? Fault);

public sealed record UploadModel(
    string Id, string Kind, string FileName, UploadState State, long Lines, IReadOnlyList<string> Header, IReadOnlyList<ColumnChoice> Columns, IReadOnlyList<PreviewLine> Rows,
    string? Problem, string Counts, string? Reason, IReadOnlyList<string> Notes, bool HasRejected, long Done)
{
    /// <summary>What happened to a file that could not be read, and how to go on.</summary>
    public string? Stopped { get; init; }
}

/// <summary>
/// 导入: a file is uploaded, its columns are guessed and corrected, its first rows are shown with what is wrong about them, and only then anything is saved. An import runs by
/// itself and its page asks again every two seconds, which needs no script.
/// </summary>
internal static class ImportPages
{
    private const int Shown = 20;
    private const int UploadsListed = 10;

    public static void MapImportPages(this RouteGroupBuilder shop)
    {
        var import = shop.MapGroup("/import").RequireAuthorization(Rights.ImportShopData);
        import.MapGet("", ShowAsync);
        import.MapPost("", UploadAsync);
        import.MapGet("/{id}", ShowUploadAsync);
        import.MapPost("/{id}", ChooseAsync);
        import.MapGet("/{id}/rejected", DownloadAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, IImportUploads uploads, CancellationToken cancellationToken) =>
        await StartAsync(await frame.OfAsync(http, actor, cancellationToken), actor, uploads, http.Request.Query["kind"].ToString(), null, 200, cancellationToken);

    private static async Task<IResult> StartAsync(PageContext page, Actor actor, IImportUploads uploads, string kind, string? problem, int status, CancellationToken cancellationToken)
    {
        var t = page.T;
        kind = StoreImporter.Kinds.Contains(kind) ? kind : StoreImporter.Kinds[0];
        var mine = (await uploads.ListAsync(actor.Name, UploadsListed, cancellationToken)).Select(u => new UploadLine(
            "/shop/import/" + u.Id, t["shopImport.kind." + u.Kind], u.FileName, Moments.Short(u.UploadedAt, page.Now, t), t[u.IsStopped ? "shopImport.state.Stopped" : "shopImport.state." + u.State], StampOf(u)));
        var model = new UploadStartModel(
            [.. StoreImporter.Kinds.Select(k => (k, t["shopImport.kind." + k]))], kind, problem, [.. mine],
            string.Join(t.IsChinese ? "、" : ", ", ImportColumns.Of(kind).Select(c => LabelOf(c, t))));
        return new RazorComponentResult<UploadStartPage>(new { Page = page, Model = model }) { StatusCode = status };
    }

    private static async Task<IResult> UploadAsync(HttpContext http, Actor actor, PageFrame frame, IImportUploads uploads, StoreImporter importer, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (kind, t) = (posted.Text("kind"), page.T);
        Task<IResult> RefuseAsync(string problem, int status = 422) => StartAsync(page, actor, uploads, kind, problem, status, cancellationToken);

        if (!StoreImporter.Kinds.Contains(kind))
            return await RefuseAsync(t["shopImport.noKind"]);
        if (posted.Form.Files.GetFile("file") is not { Length: > 0 } file)
            return await RefuseAsync(t["shopImport.noFile"]);
        if (file.Length > BufferedBody.CsvLimit)
            return await RefuseAsync(t.With("shopImport.tooLarge", BufferedBody.CsvLimit / 1024 / 1024), 413);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, cancellationToken);
        var content = copy.ToArray();
        if (await ShopEndpoints.UnpacksTooLargeAsync(content, cancellationToken))
            return await RefuseAsync(t.With("shopImport.tooLarge", ShopEndpoints.UnpackedLimit / 1024 / 1024), 413);

        using var input = new MemoryStream(content, writable: false);
        var preview = await importer.PreviewAsync(kind, input, null, 0, cancellationToken);
        if (preview.Refused is { } reason)
            return await RefuseAsync(reason);
        input.Position = 0;
        var columns = ImportColumns.Guess(kind, preview.Header, await uploads.RecallAsync(kind, cancellationToken));
        var now = clock.GetUtcNow();
        var name = Path.GetFileName(file.FileName.Replace('\\', '/')).Replace("\0", "", StringComparison.Ordinal);
        var upload = new ImportUpload(
            Guid.CreateVersion7(now).ToString("N"), kind, name.Length > 200 ? name[..200] : name, actor.Name, now, UploadState.Open, columns.Count > 0 ? columns : preview.Columns, await CountAsync(input, cancellationToken), 0, 0, 0, 0, null, now);
        await uploads.AddAsync(upload, content, cancellationToken);
        return Results.LocalRedirect("/shop/import/" + upload.Id);
    }

    private static async Task<IResult> ShowUploadAsync(string id, HttpContext http, Actor actor, PageFrame frame, IImportUploads uploads, StoreImporter importer, ImportSignal signal, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await uploads.FindAsync(id, actor.Name, cancellationToken) is not { } upload)
            return PageFrame.Refuse(page, 404);
        if (upload.State is UploadState.Queued or UploadState.Running)
        {
            // Works without scripts, and stops by itself: the page of a finished import does not ask again.
            http.Response.Headers["Refresh"] = "2";
            if (upload.State == UploadState.Queued || upload.TouchedAt < clock.GetUtcNow() - ImportLoop.StaleAfter)
                signal.Wakeup.Give();
        }

        return new RazorComponentResult<UploadPage>(new { Page = page, Model = await ModelAsync(upload, page.T, uploads, importer, http.Request.Query.ContainsKey("missing"), cancellationToken) });
    }

    private static async Task<IResult> ChooseAsync(string id, HttpContext http, Actor actor, PageFrame frame, IImportUploads uploads, StoreImporter importer, ImportSignal signal, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        if (await uploads.FindAsync(id, actor.Name, cancellationToken) is not { } upload || await uploads.ReadContentAsync(id, cancellationToken) is not { } content)
            return PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), 404);
        var here = "/shop/import/" + id;
        if (posted.Text("action") == "discard")
        {
            await uploads.DiscardAsync(id, actor.Name, cancellationToken);
            return Results.LocalRedirect("/shop/import?m=uploadDiscarded");
        }

        var columns = ImportColumns.Of(upload.Kind)
            .Select(c => (c.Name, At: int.TryParse(posted.Text("c." + c.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1))
            .Where(c => c.At >= 0).ToDictionary(c => c.Name, c => c.At);
        using var input = new MemoryStream(content, writable: false);
        var preview = await importer.PreviewAsync(upload.Kind, input, columns, 0, cancellationToken);
        var starts = posted.Text("action") == "import";
        if (!await uploads.ChooseAsync(id, columns, starts && preview.Missing is null, cancellationToken) || !starts)
            return Results.LocalRedirect(here);
        if (preview.Missing is not null)
            return Results.LocalRedirect(here + "?missing=1");
        await uploads.RememberAsync(upload.Kind, columns.Where(c => c.Value < preview.Header.Count).ToDictionary(c => c.Key, c => preview.Header[c.Value]), cancellationToken);
        signal.Wakeup.Give();
        return Results.LocalRedirect(here);
    }

    private static async Task<IResult> DownloadAsync(string id, HttpContext http, Actor actor, PageFrame frame, IImportUploads uploads, CancellationToken cancellationToken)
    {
        if (await uploads.FindAsync(id, actor.Name, cancellationToken) is not { } upload || await uploads.ReadRejectedAsync(id, cancellationToken) is not { } rows)
            return PageFrame.Refuse(await frame.OfAsync(http, actor, cancellationToken), 404);
        var head = PageFrame.TextsOf(http).IsChinese ? "行号,原因,原数据\r\n" : "line,reason,data\r\n";
        return Results.Bytes([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(head + rows)], "text/csv; charset=utf-8", $"rejected-{upload.Kind}.csv");
    }

    private static async Task<UploadModel> ModelAsync(ImportUpload upload, Texts t, IImportUploads uploads, StoreImporter importer, bool wasIncomplete, CancellationToken cancellationToken)
    {
        var required = StoreImporter.RequiredColumns(upload.Kind);
        var model = new UploadModel(
            upload.Id, t["shopImport.kind." + upload.Kind], upload.FileName, upload.State, upload.Lines, [], [], [], null,
            t.With("shopImport.counts", upload.Rows, upload.Saved, upload.Known, upload.Rejected), upload.Reason is { } reason ? Spoken(reason, t) : null, [], upload.Rejected > 0 && upload.State == UploadState.Done, upload.Rows);
        if (upload.State != UploadState.Open || await uploads.ReadContentAsync(upload.Id, cancellationToken) is not { } content)
            return model;
        using var input = new MemoryStream(content, writable: false);
        var preview = await importer.PreviewAsync(upload.Kind, input, upload.Columns, Shown, cancellationToken);
        var columns = ImportColumns.Of(upload.Kind);
        var chosen = columns.Where(c => upload.Columns.ContainsKey(c.Name)).ToList();
        var missing = required.Where(r => !upload.Columns.ContainsKey(r)).Select(r => columns.FirstOrDefault(c => c.Name == r) is { } c ? LabelOf(c, t) : r).ToList();
        return model with
        {
            Header = preview.Header,
            Columns = [.. columns.Select(c => new ColumnChoice(c.Name, LabelOf(c, t), required.Contains(c.Name), upload.Columns.TryGetValue(c.Name, out var at) ? at : null))],
            Rows =
            [
                .. preview.Rows.Select(r => new PreviewLine(
                    r.Line, r.Fields is null ? null : [.. chosen.Select(c => upload.Columns[c.Name] < r.Fields.Count ? r.Fields[upload.Columns[c.Name]] : "")], r.Fault is { } fault ? Spoken(Named(fault, columns, t), t) : null)),
            ],
            Stopped = upload.IsStopped ? t.With("shopImport.stopped", upload.Tries, upload.Id) : null,
            Problem = missing.Count > 0 ? t.With(wasIncomplete ? "shopImport.missing.stopped" : "shopImport.missing", string.Join(t.IsChinese ? "、" : ", ", missing)) : null,
        };
    }

    /// <summary>Reasons begin with the column's own name; people know it by its label.</summary>
    private static string Named(string fault, IReadOnlyList<ImportColumn> columns, Texts t) =>
        columns.FirstOrDefault(c => fault.StartsWith(c.Name + " ", StringComparison.Ordinal)) is { } column ? LabelOf(column, t) + fault[column.Name.Length..] : fault;

    /// <summary>Reasons are written in Chinese with the English in brackets behind.</summary>
    private static string Spoken(string reason, Texts t)
    {
        var at = reason.LastIndexOf(" (", StringComparison.Ordinal);
        if (at < 0 || !reason.EndsWith(')'))
            return reason;
        if (t.IsChinese)
            return reason[..at];
        var space = reason.IndexOf(' ', StringComparison.Ordinal);
        var subject = space > 0 && space < at && reason[..space].All(char.IsAscii) ? reason[..at][..reason[..at].LastIndexOf(' ')] + " " : "";
        return subject + reason[(at + 2)..^1];
    }

    private static string LabelOf(ImportColumn column, Texts t) => t.IsChinese ? column.Zh : column.En;

    private static string StampOf(ImportUpload upload) => upload.State switch
    {
        UploadState.Done => upload.Rejected > 0 ? "returned" : "good",
        UploadState.Refused => "bad",
        UploadState.Open => upload.IsStopped ? "bad" : "quiet",
        _ => "running",
    };

    /// <summary>Lines of the file less its heading; a field with line breaks counts more, so it is for showing only.</summary>
    private static async Task<long> CountAsync(Stream input, CancellationToken cancellationToken)
    {
        using var text = await TextFile.OpenAsync(input, cancellationToken);
        var buffer = new char[32 * 1024];
        long lines = 0;
        var last = '\n';
        for (int read; (read = await text.ReadAsync(buffer, cancellationToken)) > 0; last = buffer[read - 1])
            lines += buffer.AsSpan(0, read).Count('\n');
        return Math.Max(0, lines + (last == '\n' ? 0 : 1) - 1);
    }
}
