using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Messages;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Messages;

/// <summary>消息模板: read, changed, tried on a real case, put back, version by version.</summary>
internal static class TemplatePages
{
    private static readonly string[] Channels = [MessageChannels.Email, MessageChannels.Site, MessageChannels.Sms, MessageChannels.Robot];
    private static readonly string[] Languages = ["zh", "en"];

    public static void MapTemplatePages(this IEndpointRouteBuilder pages)
    {
        var templates = pages.MapGroup("/ops/templates").RequireAuthorization(Rights.EditDefinitions);
        templates.MapGet("", ShowListAsync);
        templates.MapGet("/{event}/{channel}/{language}", ShowAsync);
        templates.MapPost("/{event}/{channel}/{language}", SaveAsync);
        templates.MapPost("/{event}/{channel}/{language}/preview", PreviewAsync);
        templates.MapPost("/{event}/{channel}/{language}/reset", ResetAsync);
    }

    private static async Task<IResult> ShowListAsync(HttpContext http, Actor actor, PageFrame frame, TemplateBook book, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        await book.RefreshAsync(cancellationToken);
        var lines = MessageEvents.All.Select(e => new TemplateLine(
            e.Name,
            page.T.IsChinese ? e.Zh : e.En,
            e.Severity.ToString(),
            [.. Channels.SelectMany(c => Languages.Select(l => new TemplateCell($"/ops/templates/{e.Name}/{c}/{l}", c, l, book.IsChanged(e.Name, c, l))))]));
        return new RazorComponentResult<TemplatesPage>(new { Page = page, Lines = (IReadOnlyList<TemplateLine>)[.. lines] });
    }

    private static async Task<IResult> ShowAsync(string @event, string channel, string language, HttpContext http, Actor actor, PageFrame frame, TemplateBook book, IMessageSettingStore store, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!IsKnown(@event, channel, language))
            return PageFrame.Refuse(page, StatusCodes.Status404NotFound);
        await book.RefreshAsync(cancellationToken);
        return await FormAsync(page, @event, channel, language, book.Find(@event, channel, language), book, store, [], "", null, 200, cancellationToken);
    }

    private static async Task<IResult> SaveAsync(
        string @event, string channel, string language, HttpContext http, Actor actor, PageFrame frame, TemplateBook book, IMessageSettingStore store, EngineClock clock, ILogger<TemplateBook> logger, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!IsKnown(@event, channel, language))
            return PageFrame.Refuse(page, StatusCodes.Status404NotFound);
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var written = Written(form);
        var faults = Faults(written, page.T).ToList();
        if (faults.Count > 0)
            return await FormAsync(page, @event, channel, language, written, book, store, faults, form.Text("sample"), null, 400, cancellationToken);
        if (!await store.SaveTemplateAsync(new StoredTemplate(@event, channel, language, await NextAsync(store, @event, channel, language, form, cancellationToken), written.ToDocument(), actor.Name, clock.GetUtcNow()), cancellationToken))
            return await FormAsync(page, @event, channel, language, written, book, store, [page.T["templates.raced"]], form.Text("sample"), null, 409, cancellationToken);
        await book.RefreshAsync(cancellationToken);
        Log.TemplateChanged(logger, @event, channel, language, book.Find(@event, channel, language).Version, actor.Name);
        return Results.LocalRedirect($"/ops/templates/{@event}/{channel}/{language}?m=saved");
    }

    private static async Task<IResult> PreviewAsync(
        string @event, string channel, string language, HttpContext http, Actor actor, PageFrame frame, TemplateBook book, IMessageSettingStore store, MessageComposer composer,
        IInstanceStore instances, IDefinitionStore definitions, IUserTaskStore tasks, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!IsKnown(@event, channel, language))
            return PageFrame.Refuse(page, StatusCodes.Status404NotFound);
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var written = Written(form);
        var sample = form.Text("sample").Trim();
        var people = organisation.Current;
        // A real case, but only one this person may see.
        var found = sample.Length > 0
            ? await instances.FindAsync(sample, cancellationToken)
            : (await instances.ListAsync(new InstanceFilter(Limit: 1) { Viewer = actor.Name, ViewedDefinitions = actor.ViewedDefinitions }, cancellationToken)) is [var newest, ..] ? newest : null;
        if (found is not null && found.InitiatedBy != actor.Name && !actor.MayView(found.DefinitionId))
            found = null;
        if (found is null && sample.Length > 0)
            return await FormAsync(page, @event, channel, language, written, book, store, [page.T["templates.noSample"]], sample, null, 400, cancellationToken);
        var task = found is not null && await tasks.ListOfInstanceAsync(found.Id, cancellationToken) is [.., var last] ? last.Task : null;
        var process = found is null ? null : (await definitions.FindVersionAsync(found.DefinitionVersionId, cancellationToken))?.Name ?? found.DefinitionId;
        var initiator = found?.InitiatedBy is { } user ? people.DisplayName(user) : null;
        var data = new JsonObject
        {
            ["by"] = people.DisplayName(actor.Name),
            ["comment"] = page.T["templates.sampleComment"],
            ["outcome"] = "Approved",
            ["node"] = task?.Title,
            ["count"] = 1,
            ["items"] = new JsonArray(),
            ["task"] = task is null ? new JsonObject { ["title"] = page.T["templates.sampleTask"] } : MessagePayload.Task(task),
            ["case"] = new JsonObject { ["id"] = found?.Id, ["name"] = found?.Name, ["process"] = process, ["initiator"] = initiator },
        };
        var draft = new MessageDraft("preview", found?.Id ?? "sample", task?.Id, @event, null, page.T["templates.sampleSubject"], page.T["templates.sampleBody"], null, data, []);
        var wording = composer.WordingOf(written, draft, people.Find(actor.Name), "123456");
        var html = channel == MessageChannels.Email ? MailLayout.Write(wording.Subject, wording.Body, wording.Html, null, language) : null;
        return await FormAsync(page, @event, channel, language, written, book, store, [.. Faults(written, page.T)], sample, new Preview(wording.Subject, wording.Body, html, wording.Fault, found?.Name ?? found?.Id ?? page.T["templates.madeUp"]), 200, cancellationToken);
    }

    private static async Task<IResult> ResetAsync(
        string @event, string channel, string language, HttpContext http, Actor actor, PageFrame frame, TemplateBook book, IMessageSettingStore store, EngineClock clock, ILogger<TemplateBook> logger, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (!IsKnown(@event, channel, language))
            return PageFrame.Refuse(page, StatusCodes.Status404NotFound);
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var version = await NextAsync(store, @event, channel, language, form, cancellationToken);
        if (!await store.SaveTemplateAsync(new StoredTemplate(@event, channel, language, version, null, actor.Name, clock.GetUtcNow()), cancellationToken))
            return await FormAsync(page, @event, channel, language, book.Find(@event, channel, language), book, store, [page.T["templates.raced"]], "", null, 409, cancellationToken);
        await book.RefreshAsync(cancellationToken);
        Log.TemplateChanged(logger, @event, channel, language, version, actor.Name);
        return Results.LocalRedirect($"/ops/templates/{@event}/{channel}/{language}?m=saved");
    }

    private static bool IsKnown(string @event, string channel, string language) =>
        MessageEvents.All.Any(e => e.Name == @event) && Channels.Contains(channel) && Languages.Contains(language);

    /// <summary>The version after the one the form was made from, unless that one went back to what ships.</summary>
    private static async Task<int> NextAsync(IMessageSettingStore store, string @event, string channel, string language, Posted form, CancellationToken cancellationToken)
    {
        var latest = await store.ListVersionsAsync(@event, channel, language, cancellationToken) is [var first, ..] ? first : null;
        var seen = int.TryParse(form.Text("version"), out var number) ? number : 0;
        return latest is { Document: null } && seen == 0 ? latest.Version + 1 : seen + 1;
    }

    private static MessageTemplate Written(Posted form) => new(form.Text("subject"), form.Text("body").ReplaceLineEndings("\n"))
    {
        Html = NullIfEmpty(form.Text("html")),
        Aliyun = NullIfEmpty(form.Text("aliyun").Trim()),
        Tencent = NullIfEmpty(form.Text("tencent").Trim()),
        Review = NullIfEmpty(form.Text("review").Trim()),
        Values = [.. form.Text("values").ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Value)],
    };

    /// <summary>"name = Liquid", one a line, in the order of the provider's numbers.</summary>
    private static KeyValuePair<string, string> Value(string line) => line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? KeyValuePair.Create(line[..at].Trim(), line[(at + 1)..].Trim()) : KeyValuePair.Create(line, "");

    private static IEnumerable<string> Faults(MessageTemplate template, Texts t) => template.FindFaults().Select(f => $"{t.Or("templates." + f.Field.Split('.')[0], f.Field)}：{f.Error}");

    private static async Task<IResult> FormAsync(
        PageContext page, string @event, string channel, string language, MessageTemplate template, TemplateBook book, IMessageSettingStore store, IReadOnlyList<string> faults, string sample, Preview? preview, int status, CancellationToken cancellationToken)
    {
        var versions = await store.ListVersionsAsync(@event, channel, language, cancellationToken);
        var model = new TemplateModel(
            @event,
            page.T.IsChinese ? MessageEvents.Find(@event).Zh : MessageEvents.Find(@event).En,
            channel,
            language,
            book.Find(@event, channel, language).Version,
            book.IsChanged(@event, channel, language),
            template.Subject,
            template.Body,
            template.Html ?? "",
            template.Aliyun ?? "",
            template.Tencent ?? "",
            template.Review ?? "",
            string.Join('\n', template.Values.Select(v => $"{v.Key} = {v.Value}")),
            sample,
            faults,
            preview,
            [.. versions.Select(v => new TemplateVersion(v.Version, v.ChangedBy, Moments.Full(v.ChangedAt), v.Document is null))]);
        return new RazorComponentResult<TemplatePage>(new { Page = page, Model = model }) { StatusCode = status };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
