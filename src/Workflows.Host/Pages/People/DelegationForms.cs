using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Organisation;
using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Inbox;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.People;

/// <summary>代理 on pages: one's own, and anybody's for administrators. The rules are the API's.</summary>
internal sealed class DelegationForms(IDefinitionStore definitions, IGraphSource graphs, IOrganisationSource organisation, IOrganisationStore store, IInboxStore inbox)
{
    private const string All = "*";
    private const int DeepestChain = 3;

    public async Task<IReadOnlyList<FormField>> FieldsAsync(Actor actor, bool forOthers, Texts t, CancellationToken cancellationToken)
    {
        var processes = (await definitions.ListAsync(VersionKind.Published, null, cancellationToken)).Where(d => actor.MayKnow(d.DefinitionId))
            .Select(d => new FormOption(d.DefinitionId, d.Name.Length > 0 ? d.Name : d.DefinitionId)).OrderBy(o => o.Label, StringComparer.Ordinal);
        IEnumerable<FormField> own =
        [
            new("to", t["delegation.to"], FieldKind.Person, true) { Help = t["delegation.to.help"] },
            new("definitionId", t["delegation.process"], FieldKind.Choice, true) { Options = [new(All, t["delegation.all"]), .. processes], Initial = All },
            new("startsAt", t["delegation.starts"], FieldKind.DateTime, true),
            new("endsAt", t["delegation.ends"], FieldKind.DateTime, true) { Help = t["delegation.ends.help"] },
            new("reason", t["delegation.reason"], FieldKind.Text, false) { MaxLength = 500 },
        ];
        return forOthers ? [new("from", t["delegation.from"], FieldKind.Person, true), .. own] : [.. own];
    }

    /// <summary>What was filled in; null with the problems beside their fields when it is not complete.</summary>
    public static (SaveDelegation? Sent, FormState State) Read(IReadOnlyList<FormField> fields, Posted posted, Texts t, OrganisationSnapshot people)
    {
        var (values, state) = FormReader.Read(fields, posted, t, people);
        var problems = state.Problems.ToDictionary();
        foreach (var field in fields.Where(f => f.Required && values[f.Name] is null))
            problems.TryAdd(FormReader.Prefix + field.Name, t["form.missing"]);
        if (problems.Count > 0)
            return (null, state with { Problems = problems });
        DateTimeOffset At(string name) => DateTimeOffset.Parse((string)values[name]!, CultureInfo.InvariantCulture);
        var definition = (string)values["definitionId"]!;
        return (new SaveDelegation((string)values["to"]!, At("startsAt"), At("endsAt"), (string?)values["from"], definition == All ? null : definition, (string?)values["reason"]), state);
    }

    /// <summary>Who would get what: the last deputy in the row, the steps that would come to them, and what stays.</summary>
    public async Task<IReadOnlyList<string>> PreviewAsync(SaveDelegation sent, Actor actor, Texts t, CancellationToken cancellationToken)
    {
        var people = organisation.Current;
        var from = sent.From ?? actor.Name;
        var chain = new List<string> { sent.To };
        for (var at = sent.To; chain.Count < DeepestChain && people.DelegationsOf(at).FirstOrDefault(d => (d.DefinitionId is null || d.DefinitionId == sent.DefinitionId) && d.EndedAt is null && d.StartsAt < sent.EndsAt && sent.StartsAt < d.EndsAt) is { } further && !chain.Contains(further.To); at = further.To)
            chain.Add(further.To);
        var lines = new List<string> { t.With("delegation.preview.who", people.DisplayName(from), people.DisplayName(sent.To), Moments.Full(sent.StartsAt), Moments.Full(sent.EndsAt)) };
        if (chain.Count > 1)
            lines.Add(t.With("delegation.preview.further", people.DisplayName(sent.To), people.DisplayName(chain[1])));
        // What a whole post may take from its queue stays in the queue.
        var steps = new List<string>();
        foreach (var definition in await definitions.ListAsync(VersionKind.Published, null, cancellationToken))
        {
            if ((sent.DefinitionId is { } only && only != definition.DefinitionId) || !actor.MayKnow(definition.DefinitionId) || await graphs.FindPublishedAsync(definition.DefinitionId, cancellationToken) is not { } graph)
                continue;
            steps.AddRange(Prediction.Of(graph, [], null, people).Where(s => s.People is [{ } alone] && alone.UserName == from).Select(s => $"{Wording.NameOf(graph, definition.DefinitionId)}：{s.Title}"));
        }

        lines.Add(steps.Count == 0 ? t["delegation.preview.nothing"] : t.With("delegation.preview.steps", string.Join(t.IsChinese ? "；" : "; ", steps.Take(8)) + (steps.Count > 8 ? "…" : "")));
        if (await inbox.CountAsync(new InboxQuery(TaskView.Todo, from, [from], new InboxFilter(), null, 1), Counts.Cap, cancellationToken) is > 0 and var open)
            lines.Add(t.With("delegation.preview.stays", open));
        lines.Add(t["delegation.preview.fourEyes"]);
        return lines;
    }

    /// <summary>Delegations as lines, those that hold or will first.</summary>
    public async Task<IReadOnlyList<ListLine>> LinesAsync(PageContext page, Actor actor, IEnumerable<string> users, CancellationToken cancellationToken)
    {
        var found = new List<Delegation>();
        foreach (var user in users)
            found.AddRange(await store.ListDelegationsAsync(user, cancellationToken));
        var lines = new List<(bool Over, ListLine Line)>();
        foreach (var d in found.DistinctBy(d => d.Id))
        {
            var isOver = d.EndedAt is not null || d.EndsAt <= page.Now;
            var graph = d.DefinitionId is { } id ? await graphs.FindPublishedAsync(id, cancellationToken) : null;
            var people = organisation.Current;
            lines.Add((isOver, new ListLine(
                page.T.With("delegation.line", people.DisplayName(d.From), people.DisplayName(d.To)),
                $"{(d.DefinitionId is null ? page.T["delegation.all"] : Wording.NameOf(graph, d.DefinitionId))} · {Moments.Full(d.StartsAt)} — {Moments.Full(d.EndsAt)}{(d.Reason is { Length: > 0 } why ? " · " + why : "")}",
                page.T[d.EndedAt is not null ? "delegation.ended" : isOver ? "delegation.over" : d.StartsAt > page.Now ? "delegation.later" : "delegation.now"],
                null,
                !isOver && (d.From == actor.Name || actor.MayAdminister) ? d.Id : null,
                isOver)));
        }

        return [.. lines.OrderBy(l => l.Over).Select(l => l.Line)];
    }

    public async Task<EditModel> ModelAsync(PageContext page, Actor actor, bool forOthers, FormState state, CancellationToken cancellationToken) => new(
        page.T["delegation.title"], forOthers ? "/people/delegations/new" : "/profile/delegation", forOthers ? "/people/delegations" : "/profile",
        await FieldsAsync(actor, forOthers, page.T, cancellationToken), state, null, page.T["delegation.hint"])
    {
        HasPreview = true,
        Submit = page.T["delegation.save"],
    };

    /// <summary>Shows, previews or saves; null when it was saved.</summary>
    public async Task<(EditModel? Again, int Status)> HandleAsync(
        PageContext page, Actor actor, bool forOthers, Posted posted, OrganisationChanges changes, EngineClock clock, CancellationToken cancellationToken)
    {
        var fields = await FieldsAsync(actor, forOthers, page.T, cancellationToken);
        var (sent, state) = Read(fields, posted, page.T, organisation.Current);
        var model = await ModelAsync(page, actor, forOthers, state, cancellationToken);
        if (FormReader.ChangesRows(posted))
            return (model with { State = state with { Problems = new Dictionary<string, string>() } }, 200);
        if (sent is null)
            return (model with { Problem = page.T.With("error.form", state.Problems.Count) }, 422);
        var isPreview = posted.Text("action") == "preview";
        if (await DelegationEndpoints.AddAsync(sent, actor, changes, clock, cancellationToken, isPreview) is Problem problem)
            return (model.With(problem, page.T), 422);
        return isPreview ? (model with { Plan = await PreviewAsync(sent, actor, page.T, cancellationToken) }, 200) : (null, 303);
    }
}

/// <summary>The pages of 代理: one's own under 我的, anybody's under 组织管理. They differ only in where they lie and in whom they ask about.</summary>
internal static class DelegationPages
{
    public static void MapDelegationForms(this IEndpointRouteBuilder pages, string form, string end, bool forOthers)
    {
        pages.MapGet(form, async Task<IResult> (HttpContext http, Actor actor, PageFrame frame, DelegationForms forms, CancellationToken token) =>
        {
            var page = await frame.OfAsync(http, actor, token);
            return Edit(page, await forms.ModelAsync(page, actor, forOthers, FormState.Empty, token), forOthers, 200);
        });
        pages.MapPost(form, async Task<IResult> (HttpContext http, Actor actor, PageFrame frame, DelegationForms forms, OrganisationChanges changes, EngineClock clock, CancellationToken token) =>
        {
            var page = await frame.OfAsync(http, actor, token);
            var (again, status) = await forms.HandleAsync(page, actor, forOthers, await Posted.ReadAsync(http.Request, token), changes, clock, token);
            return again is null ? Results.LocalRedirect(Back(forOthers) + "?m=delegation") : Edit(page, again, forOthers, status);
        });
        pages.MapPost(end, async (HttpContext http, Actor actor, PageFrame frame, OrganisationChanges changes, CancellationToken token) =>
            await DelegationEndpoints.EndAsync((await Posted.ReadAsync(http.Request, token)).Text("id"), actor, changes, token) is Problem { Status: var status }
                ? PageFrame.Refuse(await frame.OfAsync(http, actor, token), status)
                : Results.LocalRedirect(Back(forOthers) + "?m=ended"));
    }

    private static string Back(bool forOthers) => forOthers ? "/people/delegations" : "/profile";

    private static RazorComponentResult<EditPage> Edit(PageContext page, EditModel model, bool forOthers, int status) =>
        new(new { Page = page, Model = model, Area = forOthers ? "people" : "profile" }) { StatusCode = status };
}
