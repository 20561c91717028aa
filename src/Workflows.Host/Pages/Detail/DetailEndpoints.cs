using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Workflows.Engine.Execution;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Instances;
using Workflows.Host.Pages.Files;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Detail;

/// <summary>A task and an application, and the acts on them. What was typed comes back with every refusal.</summary>
internal static class DetailEndpoints
{
    private const int LongestComment = 4_000;

    /// <summary>Buttons of the form of a task that do not act on it.</summary>
    private const string Draft = "draft";
    private const string Discard = "discard";

    /// <summary>What is done to the instance from the page of a task.</summary>
    private static readonly string[] OfInstance = [InstanceActs.Comment, InstanceActs.Copy];
    private static readonly string[] WithoutForm = ["reject", "return", UserTaskRules.Claim, UserTaskRules.Unclaim, UserTaskRules.Transfer, UserTaskRules.Delegate, UserTaskRules.Answer, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners];

    /// <summary>Acts after which the task is still the person's own affair: its page is shown again.</summary>
    private static readonly string[] Staying = [UserTaskRules.Claim, UserTaskRules.RequestInfo, UserTaskRules.AddSigners, UserTaskRules.RemoveSigners];

    public static void MapDetailPages(this IEndpointRouteBuilder pages)
    {
        var size = new RequestSizeLimitAttribute(PostedFiles.MostBytes);
        pages.MapGet("/tasks/{id}", ShowTaskAsync);
        pages.MapPost("/tasks/{id}", ActOnTaskAsync).WithMetadata(size);
        pages.MapGet("/instances/{id}", ShowInstanceAsync);
        pages.MapPost("/instances/{id}", ActOnInstanceAsync).WithMetadata(size);
    }

    private static async Task<IResult> ShowTaskAsync(string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await reader.FindTaskAsync(id, actor, cancellationToken) is { } found
            ? await TaskPageAsync(reader, page, actor, found, FormState.Empty, new ActState(), null, 200, cancellationToken)
            : PageFrame.Refuse(page, 404);
    }

    private static async Task<IResult> ActOnTaskAsync(
        string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, WorkflowRuntime runtime, IOrganisationSource organisation, ICaseFileStore files, AttachmentIntake intake, EngineClock clock, CancellationToken cancellationToken)
    {
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        // A script saves while somebody types; it wants a word, not a page.
        var isScript = posted.Text("action") == Draft && !PageErrors.Wants(http);
        var page = isScript ? frame.Plain(http) : await frame.OfAsync(http, actor, cancellationToken);
        if (await reader.FindTaskAsync(id, actor, cancellationToken) is not { } found)
            return isScript ? Results.NotFound() : PageFrame.Refuse(page, 404);
        var (values, kept, filled) = FormReader.ReadWithDraft(SchemaForm.Of(found.Task.Form), posted, page.T, organisation.Current);
        var unjudged = filled with { Problems = new Dictionary<string, string>() };
        var (act, key, people) = (PostedAct.Of(posted, organisation.Current, page.T), posted.Text("key"), organisation.Current);
        var typed = new ActState(act.Name, People: act.People) { Typed = PostedAct.TypedIn(posted) };
        Task<IResult> Again(int status, ActState state, FormState? form = null, StoredUserTask? task = null, string? newKey = null, IReadOnlyList<string>? fileProblems = null) =>
            TaskPageAsync(reader, page, actor, task ?? found, form ?? filled, state, newKey ?? key, status, cancellationToken, fileProblems);

        if (act.Name == Draft)
            return await SaveDraftAsync();
        if (act.Name == Discard)
        {
            await files.DeleteDraftAsync(id, actor.Name, cancellationToken);
            return Results.LocalRedirect($"/tasks/{Uri.EscapeDataString(id)}?m=discarded");
        }

        if (FormReader.ChangesRows(posted))
            return await Again(200, typed with { Action = null }, unjudged);
        if (await ChangeFilesAsync(posted, found, actor, reader, page, files, intake, clock, cancellationToken) is { } changed)
            return await Again(changed.Count > 0 ? 422 : 200, typed with { Action = null }, unjudged, fileProblems: changed);
        if (act.IsSearch)
            return await Again(200, typed with { IsOpen = true }, unjudged);
        if (act.Comment.Length > LongestComment)
            return await Again(422, typed with { IsOpen = true, CommentProblem = page.T.With("error.tooLong", LongestComment) }, unjudged);
        if (act.People.Problem is not null)
            return await Again(422, typed with { IsOpen = true }, unjudged);
        if (OfInstance.Contains(act.Name))
            return await ActOnInstanceOfTaskAsync();
        var takesForm = !WithoutForm.Contains(act.Name) && found.Task.Form is not null;
        if (takesForm && filled.Problems.Count > 0 && found.Task.ClosedAt is null)
        {
            // All at once: what cannot be read, and what the rules say of the rest.
            var problems = filled.Problems.ToDictionary();
            foreach (var (field, reason) in FormRules.Check(found.Task.Form, values, people))
                problems.TryAdd(filled.NameOf(field), reason.In(page.T.IsChinese));
            return await Again(422, typed with { Problem = page.T.With("error.form", problems.Count) }, filled with { Problems = problems });
        }

        var (hash, newFiles) = await reader.CheckSeenAsync(posted.Text("seen"), found, act.Name, actor, cancellationToken);
        if (newFiles is not null)
            return await Again(409, typed with { Problem = Changed(newFiles, page.T) }, newKey: PostedAct.NewKey());
        var command = new TaskCommand(id, act.Name, actor.Name, actor.Identities, act.Comment.Length > 0 ? act.Comment : null, takesForm ? values : null, RevisionOf(posted))
        {
            People = act.People.UserNames,
            To = act.To,
            ComesStraightBack = act.ComesStraightBack,
            Place = Enum.TryParse<SeatPlace>(act.Place, out var seat) && seat is SeatPlace.Before or SeatPlace.After ? seat : SeatPlace.Beside,
            ContentHash = hash,
            IsTrial = act.IsPreview,
        };
        var place = await reader.PlaceAsync(actor, id, cancellationToken);
        var delivery = await runtime.DeliverAsync(found.InstanceId, new Stimulus.ActOnTask(command), act.IsPreview ? null : PostedAct.KeyOf(posted, actor, http.Request.Path), cancellationToken);
        if (delivery is Delivery.Refused { Verdict: TaskVerdict.Planned planned })
            return await Again(200, typed with { IsOpen = true, Plan = PlanReader.Of(act.Name, planned.Plan, found.Task, page.T) }, unjudged);
        if (delivery is Delivery.Applied or Delivery.Repeated)
            return Results.LocalRedirect(await AfterAsync(act.Name, id, place, actor, page.T, reader, cancellationToken));

        // Whatever happened meanwhile, the page that comes back shows the task as it stands now.
        var now = await reader.FindTaskAsync(id, actor, cancellationToken) ?? found;
        var (status, state, form) = Refused(delivery, typed, filled, page.T, people);
        return await Again(now.Task.ClosedAt is null ? status : 409, now.Task.ClosedAt is null ? state : new ActState(), form, now, PostedAct.NewKey());

        async Task<IResult> SaveDraftAsync()
        {
            var isOpen = found.Task.ClosedAt is null && InstanceAccess.TakesPart(found, actor);
            if (isOpen)
                await files.SaveDraftAsync(id, actor.Name, DetailReader.DraftOf(kept, typed.Typed), clock.GetUtcNow(), cancellationToken);
            if (!isScript)
                return Results.LocalRedirect($"/tasks/{Uri.EscapeDataString(id)}{(isOpen ? "?m=draft" : "")}");
            return isOpen ? Results.Json(new { saved = true, text = page.T.With("draft.savedAt", Moments.Short(clock.GetUtcNow(), clock.GetUtcNow(), page.T)) }) : Results.NoContent();
        }

        async Task<IResult> ActOnInstanceOfTaskAsync()
        {
            if (!await reader.IsOfferedAsync(found, act.Name, actor, cancellationToken))
                return await Again(409, typed with { Problem = page.T["error.notOffered"] }, unjudged, newKey: PostedAct.NewKey());
            var said = CommandOf(act, actor, people) with { TaskId = id };
            if (await reader.StrangerAsync(found.InstanceId, actor, said.People, cancellationToken) is { } stranger)
                return await Again(422, typed with { IsOpen = true, PeopleProblem = page.T.IsChinese ? stranger.Zh : stranger.En }, unjudged);
            var outcome = await runtime.DeliverAsync(
                found.InstanceId, new Stimulus.ActOnInstance(said), PostedAct.KeyOf(posted, actor, http.Request.Path), cancellationToken);
            if (outcome is Delivery.Applied or Delivery.Repeated)
                return Results.LocalRedirect($"/tasks/{Uri.EscapeDataString(id)}?m={act.Name}");
            var (code, why, _) = Refused(outcome, typed, unjudged, page.T, people);
            return await Again(code, why, unjudged, newKey: PostedAct.NewKey());
        }
    }

    /// <summary>
    /// Adds the files that came with a page, and removes the one its button names; null when the page goes on to its act. Otherwise what
    /// was wrong with the files, empty when nothing was.
    /// </summary>
    private static async Task<IReadOnlyList<string>?> ChangeFilesAsync(
        Posted posted, StoredUserTask? task, Actor actor, DetailReader reader, PageContext page, ICaseFileStore files, AttachmentIntake intake, EngineClock clock, CancellationToken cancellationToken, string? instanceId = null)
    {
        if (!PostedFiles.ChangesFiles(posted) && posted.Form.Files.Count == 0)
            return null;
        var instance = instanceId ?? task!.InstanceId;
        if (!await reader.MayAddFilesAsync(instance, actor, cancellationToken))
            return posted.Form.Files.Count > 0 && PostedFiles.ChangesFiles(posted) ? [page.T["files.notAllowed"]] : null;
        if (posted.Text(PostedFiles.Remove) is { Length: > 0 } gone && await files.FindAttachmentAsync(gone, cancellationToken) is { } known && known.InstanceId == instance
            && !await files.RemoveAttachmentAsync(gone, actor.Name, cancellationToken))
            return [page.T["files.stays"]];
        var taken = await PostedFiles.TakeAsync(posted, intake, (await files.ListAttachmentsAsync(instance, cancellationToken)).Count, cancellationToken);
        await AttachmentIntake.AddAsync(files, taken, instance, task?.Task.Id, actor.Name, clock.GetUtcNow(), cancellationToken);
        var problems = PostedFiles.ProblemsOf(taken, page.T);
        return problems.Count > 0 || PostedFiles.ChangesFiles(posted) ? problems : null;
    }

    private static InstanceCommand CommandOf(PostedAct act, Actor actor, OrganisationSnapshot people) => new(act.Name, actor.Name, act.Comment.Length > 0 ? act.Comment : null)
    {
        People = act.Name == InstanceActs.Comment ? [.. act.People.UserNames.Concat(PeopleReader.Mentioned(act.Comment, people)).Distinct()] : act.People.UserNames,
    };

    private static async Task<string> AfterAsync(string action, string id, int place, Actor actor, Texts t, DetailReader reader, CancellationToken cancellationToken)
    {
        var flash = t.Or("flash." + action, "").Length > 0 ? action : "done";
        if (Staying.Contains(action))
            return $"/tasks/{Uri.EscapeDataString(id)}?m={flash}";
        return action == UserTaskRules.Unclaim ? $"/?tab=claimable&m={flash}" : await reader.NextAsync(actor, id, place, flash, cancellationToken);
    }

    /// <summary>That it changed, and what; the page below shows it as it is now.</summary>
    private static string Changed(TaskVerdict.ContentChanged changed, Texts t) => changed.Changes.Count == 0 ? t["error.changed"]
        : $"{t["error.changed"]} {string.Join(t.IsChinese ? "；" : "; ", changed.Changes.Take(5).Select(c => $"{c.Field} {(c.Before is null ? "" : Wording.Value(c.Before, t) + " → ")}{Wording.Value(c.After, t)}"))}";

    private static (int Status, ActState State, FormState Form) Refused(Delivery delivery, ActState typed, FormState filled, Texts t, OrganisationSnapshot people)
    {
        ActState Because(string key) => typed with { Problem = t[key] };
        if (delivery is not Delivery.Refused { Verdict: var verdict })
            return (delivery is Delivery.Unstorable ? 422 : 409, Because(delivery is Delivery.Unstorable ? "error.unstorable" : delivery is Delivery.KeyReused ? "error.keyReused" : "error.notOffered"), filled);
        return verdict switch
        {
            TaskVerdict.CommentMissing => (422, typed with { IsOpen = true, CommentProblem = t["error.commentMissing"] }, filled),
            TaskVerdict.FormRefused form => (422, typed with { Problem = t.With("error.form", form.Errors.Count) }, filled with { Problems = form.Errors.ToDictionary(e => filled.NameOf(e.Key), e => e.Value.In(t.IsChinese)) }),
            TaskVerdict.BadPerson bad => (422, typed with { IsOpen = true, PeopleProblem = t.IsChinese ? bad.Zh : bad.En }, filled),
            TaskVerdict.NotPossible not => (409, typed with { Problem = (t.IsChinese ? not.Zh : not.En) + (not.Wait is { } wait ? t.With("error.wait", Moments.Span(wait, t)) : "") }, filled),
            TaskVerdict.AlreadyClaimed claimed => (409, typed with { Problem = t.With("error.claimed", people.DisplayName(claimed.By)) }, filled),
            TaskVerdict.ContentChanged changed => (409, typed with { Problem = Changed(changed, t) }, filled),
            TaskVerdict.Stale => (409, Because("error.changed"), filled),
            TaskVerdict.Excluded => (403, Because("error.excluded"), filled),
            _ => (409, Because("error.notOffered"), filled),
        };
    }

    private static async Task<IResult> ShowInstanceAsync(
        string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, ICaseFileStore copies, EngineClock clock, CancellationToken cancellationToken)
    {
        // Opened out of the list of copies: from now on it counts as read. Only the person's own can be marked.
        if (http.Request.Query["copy"].ToString() is { Length: > 0 and <= 200 } copy && !copy.Contains('\0', StringComparison.Ordinal))
            await copies.MarkReadAsync(copy, actor.Name, clock.GetUtcNow(), cancellationToken);
        return await InstancePageAsync(id, await frame.OfAsync(http, actor, cancellationToken), actor, reader, new ActState(), null, 200, cancellationToken);
    }

    private static async Task<IResult> ActOnInstanceAsync(
        string id, HttpContext http, Actor actor, PageFrame frame, DetailReader reader, WorkflowRuntime runtime, IOrganisationSource organisation, ICaseFileStore files, AttachmentIntake intake, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await reader.ReadInstanceAsync(page, actor, id, new ActState(), null, cancellationToken) is not { } found)
            return PageFrame.Refuse(page, 404);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var (act, key) = (PostedAct.Of(posted, organisation.Current, page.T), posted.Text("key"));
        var typed = new ActState(act.Name, People: act.People) { Typed = PostedAct.TypedIn(posted) };
        Task<IResult> Again(int status, ActState state, string? newKey = null, IReadOnlyList<string>? fileProblems = null) =>
            InstancePageAsync(id, page, actor, reader, state, newKey ?? key, status, cancellationToken, fileProblems);

        if (await ChangeFilesAsync(posted, null, actor, reader, page, files, intake, clock, cancellationToken, id) is { } changed)
            return await Again(changed.Count > 0 ? 422 : 200, typed with { Action = null }, fileProblems: changed);
        if (found.Actions.All(a => a.Name != act.Name || !a.Enabled))
            return await Again(409, typed with { Problem = page.T["error.notOffered"] }, PostedAct.NewKey());
        if (act.IsSearch)
            return await Again(200, typed with { IsOpen = true });
        if (act.Comment.Length > LongestComment)
            return await Again(422, typed with { IsOpen = true, CommentProblem = page.T.With("error.tooLong", LongestComment) });
        if (act.People.Problem is not null)
            return await Again(422, typed with { IsOpen = true });
        var command = CommandOf(act, actor, organisation.Current);
        if (await reader.StrangerAsync(id, actor, command.People, cancellationToken) is { } stranger)
            return await Again(422, typed with { IsOpen = true, PeopleProblem = page.T.IsChinese ? stranger.Zh : stranger.En });
        var delivery = await runtime.DeliverAsync(id, new Stimulus.ActOnInstance(command), PostedAct.KeyOf(posted, actor, http.Request.Path), cancellationToken);
        if (delivery is Delivery.Applied or Delivery.Repeated)
            return Results.LocalRedirect($"/instances/{Uri.EscapeDataString(id)}?m={(page.T.Or("flash." + act.Name, "").Length > 0 ? act.Name : "done")}");
        var (status, state, _) = Refused(delivery, typed, FormState.Empty, page.T, organisation.Current);
        return await Again(status, state, PostedAct.NewKey());
    }

    private static async Task<IResult> InstancePageAsync(
        string id, PageContext page, Actor actor, DetailReader reader, ActState act, string? key, int status, CancellationToken cancellationToken, IReadOnlyList<string>? fileProblems = null) =>
        await reader.ReadInstanceAsync(page, actor, id, act, key, cancellationToken, fileProblems) is { } model
            ? new RazorComponentResult<InstancePage>(new { Page = page, Model = model }) { StatusCode = status }
            : PageFrame.Refuse(page, 404);

    private static async Task<IResult> TaskPageAsync(
        DetailReader reader, PageContext page, Actor actor, StoredUserTask task, FormState filled, ActState act, string? key, int status, CancellationToken cancellationToken, IReadOnlyList<string>? fileProblems = null) =>
        new RazorComponentResult<TaskPage>(new { Page = page, Model = await reader.ReadAsync(page, actor, task, filled, act, key, cancellationToken, fileProblems) }) { StatusCode = status };

    private static long? RevisionOf(Posted posted) => long.TryParse(posted.Text("revision"), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : null;
}
