using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Api;
using Workflows.Host.Instances;
using Workflows.Host.Security;

namespace Workflows.Host.Tasks;

/// <summary>Drafts, attachments, and copies with their read state.</summary>
internal static class CaseFileEndpoints
{
    internal sealed record SaveDraft(JsonObject Form);

    internal sealed record DraftView(JsonNode? Form, DateTimeOffset SavedAt);

    internal sealed record AttachmentView(string Id, string Name, string ContentType, long Size, PersonView AddedBy, DateTimeOffset AddedAt);

    internal sealed record CopyView(
        string Id, string InstanceId, string? DefinitionId, string? InstanceName, string? TaskId, PersonView SentBy, DateTimeOffset SentAt, string Reason, string? Note, DateTimeOffset? ReadAt);

    public static void MapCaseFiles(this IEndpointRouteBuilder api)
    {
        var tasks = api.MapGroup("/tasks").WithTags("tasks");
        tasks.MapGet("/{id}/draft", ReadDraftAsync).Produces<DraftView>().WithSummary("读取草稿 (draft)");
        tasks.MapPut("/{id}/draft", SaveDraftAsync).Accepts<SaveDraft>("application/json").Produces(204).WithSummary("保存草稿 (save draft)");
        tasks.MapDelete("/{id}/draft", DeleteDraftAsync).Produces(204).WithSummary("删除草稿 (delete draft)");
        tasks.MapPost("/{id}/attachments", AttachAsync).WithMetadata(new BodyLimit(AttachmentFiles.MostBytes)).Produces<AttachmentView>(201).WithSummary("上传附件 (attach)");
        tasks.MapGet("/{id}/attachments", ListAsync).Produces<Page<AttachmentView>>().WithSummary("附件列表 (attachments)");
        api.MapGet("/attachments/{id}", DownloadAsync).WithTags("tasks").WithSummary("下载附件 (download)");
        api.MapDelete("/attachments/{id}", RemoveAsync).Produces(204).WithTags("tasks").WithSummary("删除自己上传且尚无人据此审批的附件 (remove one's own file)");
        var copies = api.MapGroup("/cc-items").WithTags("tasks");
        copies.MapGet("", CopiesAsync).Produces<Page<CopyView>>().WithSummary("抄送我的 (copies)");
        copies.MapPost("/{id}/read", ReadAsync).WithMetadata(new BodyOptional()).Produces(204).WithSummary("标记已读 (read)");
    }

    private static async Task<IResult> ReadDraftAsync(string id, Actor actor, IUserTaskStore store, ICaseFileStore files, CancellationToken cancellationToken) =>
        await FindOpenAsync(id, actor, store, cancellationToken) is not null && await files.FindDraftAsync(id, actor.Name, cancellationToken) is { } draft
            ? Results.Json(new DraftView(draft.Form, draft.SavedAt), ApiJson.Options)
            : Refusals.NotFound;

    private static async Task<IResult> SaveDraftAsync(string id, Strict<SaveDraft> body, Actor actor, IUserTaskStore store, ICaseFileStore files, EngineClock clock, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(id, actor, store, cancellationToken) is null)
            return Refusals.NotFound;
        await files.SaveDraftAsync(id, actor.Name, body.Value.Form, clock.GetUtcNow(), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteDraftAsync(string id, Actor actor, IUserTaskStore store, ICaseFileStore files, CancellationToken cancellationToken)
    {
        if (await FindOpenAsync(id, actor, store, cancellationToken) is null)
            return Refusals.NotFound;
        await files.DeleteDraftAsync(id, actor.Name, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<StoredUserTask?> FindOpenAsync(string id, Actor actor, IUserTaskStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { Task.State: UserTaskState.Open or UserTaskState.Claimed } found && InstanceAccess.TakesPart(found, actor) ? found : null;

    /// <summary>The file is the body itself, its name in the query: no parser stands between what was sent and what is kept.</summary>
    private static async Task<IResult> AttachAsync(
        string id, HttpContext http, Actor actor, IUserTaskStore store, InstanceAccess access, ICaseFileStore files, AttachmentIntake intake, IOrganisationSource people, EngineClock clock, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "name");
        var name = AttachmentFiles.SafeName(query.Text("name"));
        if (query.Problem is { } problem)
            return problem;
        if (await store.FindAsync(id, cancellationToken) is not { } found || !await access.MayReadAsync(found, actor, cancellationToken) || await access.FindAsync(found.InstanceId, actor, cancellationToken) is not { } instance)
            return Refusals.NotFound;
        if (!CaseRights.Allows(await access.StandingAsync(instance, actor, cancellationToken), CaseRights.Attach))
            return Refusals.NotAllowed;
        if (instance.Status != WorkflowStatus.Running)
            return Refusals.InstanceFinished;
        if (name is null)
            return Refusals.BadQuery.At("name", "missing", "须给出文件名", "a file name is needed");
        var body = await BufferedBody.OfAsync(http);
        if (body.Bytes is null)
            return Refusals.FileTooLarge.Because($"附件最大 {AttachmentFiles.MostBytes / 1024 / 1024} MB", $"at most {AttachmentFiles.MostBytes / 1024 / 1024} MB");
        if ((await files.ListAttachmentsAsync(found.InstanceId, cancellationToken)).Count >= AttachmentIntake.MostOfOneCase)
            return Refusals.TooManyFiles.Because($"一个流程最多 {AttachmentIntake.MostOfOneCase} 个附件", $"at most {AttachmentIntake.MostOfOneCase} files for one case");
        var taken = await intake.TakeAsync(name, body.Bytes, cancellationToken);
        if (taken.Fault is { } fault)
            return (fault == FileFault.Extension ? Refusals.FileExtensionRefused : Refusals.FileTypeRefused)
                .At("name", "file-refused", "文件类型不在允许范围内，或内容与扩展名不符", "the type is not accepted, or the content is not what its extension says");
        var attachment = new Attachment(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), found.InstanceId, id, taken.Name, taken.ContentType, taken.Size, taken.Hash, actor.Name, clock.GetUtcNow());
        await files.AddAttachmentAsync(attachment, cancellationToken);
        return StoredAnswer.Of(View(attachment, people.Current), 201, location: $"/api/v1/attachments/{attachment.Id}");
    }

    private static async Task<IResult> ListAsync(string id, Actor actor, IUserTaskStore store, InstanceAccess access, ICaseFileStore files, IOrganisationSource people, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } found && await access.MayReadAsync(found, actor, cancellationToken)
            ? Results.Json(new Page<AttachmentView>([.. (await files.ListAttachmentsAsync(found.InstanceId, cancellationToken)).Select(a => View(a, people.Current))], null), ApiJson.Options)
            : Refusals.NotFound;

    private static async Task<IResult> DownloadAsync(string id, HttpContext http, Actor actor, InstanceAccess access, ICaseFileStore files, AttachmentFiles contents, CancellationToken cancellationToken)
    {
        if (await files.FindAttachmentAsync(id, cancellationToken) is not { } found || await access.FindAsync(found.InstanceId, actor, cancellationToken) is null || contents.Open(found.Hash) is not { } content)
            return Refusals.NotFound;
        // Saved, never shown: whatever is inside must not run as a page of this site.
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(found.Name);
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers["X-Content-Type-Options"] = "nosniff";
        return Results.Stream(content, found.ContentType);
    }

    private static async Task<IResult> RemoveAsync(string id, Actor actor, InstanceAccess access, ICaseFileStore files, CancellationToken cancellationToken)
    {
        if (await files.FindAttachmentAsync(id, cancellationToken) is not { } found || await access.FindAsync(found.InstanceId, actor, cancellationToken) is null)
            return Refusals.NotFound;
        if (found.AddedBy != actor.Name)
            return Refusals.NotAllowed;
        return await files.RemoveAttachmentAsync(id, actor.Name, cancellationToken)
            ? Results.NoContent()
            : Refusals.StateConflict.Because("已有人据此审批，附件须保留", "somebody has decided with it in view, so it stays");
    }

    internal static async Task<IResult> CopiesAsync(HttpContext http, Actor actor, ICaseFileStore files, IOrganisationSource people, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request, "view", "after", "limit");
        var (after, limit) = (query.Cursor(), query.Limit());
        if (query.Problem is { } problem)
            return problem;
        try
        {
            var (items, next) = await files.ListCopiesAsync(actor.Name, after, limit, cancellationToken);
            return Results.Json(new Page<CopyView>([.. items.Select(c => Of(c, people.Current))], QueryReader.CursorOf(next)), ApiJson.Options);
        }
        // Only the store knows what its places look like; ours wrapped around a forged one gets this far.
        catch (ArgumentException) when (after is not null)
        {
            return Refusals.BadQuery.At("after", "bad-cursor", "游标无效", "not a cursor of this API");
        }
    }

    private static async Task<IResult> ReadAsync(string id, Actor actor, ICaseFileStore files, EngineClock clock, CancellationToken cancellationToken) =>
        await files.MarkReadAsync(id, actor.Name, clock.GetUtcNow(), cancellationToken) ? Results.NoContent() : Refusals.NotFound;

    private static AttachmentView View(Attachment a, OrganisationSnapshot people) =>
        new(a.Id, a.Name, a.ContentType, a.Size, new PersonView(a.AddedBy, people.DisplayName(a.AddedBy)), a.AddedAt);

    private static CopyView Of(CopyItem c, OrganisationSnapshot people) =>
        new(c.Id, c.InstanceId, c.DefinitionId, c.InstanceName, c.TaskId, new PersonView(c.SentBy, people.DisplayName(c.SentBy)), c.SentAt, c.Reason, c.Note, c.ReadAt);
}
