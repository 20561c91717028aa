using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Definitions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Thresholds;
using Workflows.Engine.Timers;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Workflows.Host.Shop;

namespace Workflows.Host.Pages.Thresholds;

/// <summary>A threshold as its page shows it.</summary>
/// <param name="Lines">The rule in words.</param>
/// <param name="Typed">What somebody typed that was refused.</param>
public sealed record ThresholdCard(
    MetricThreshold Threshold, string Name, IReadOnlyList<string> Lines, IReadOnlyList<ThresholdScope> Scopes, IReadOnlyList<string> Versions, ThresholdForm Typed, string? Problem = null);

/// <summary>How it stands for one scope.</summary>
public sealed record ThresholdScope(string Scope, string State, string StateText, string Value, string Time, int Times, string? Case, string CaseText);

/// <summary>The fields of the form, as they are typed.</summary>
public sealed record ThresholdForm(string Raise, string Clear, string Hold, string ClearFor, string Min, bool IsOn);

/// <summary>指标阈值: seen by operators and managers, changed by whoever designs processes. What was typed comes back with every refusal.</summary>
internal static class ThresholdPages
{
    public static void MapThresholdPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/thresholds", ShowAsync).RequireAuthorization(Rights.SeeThresholds);
        pages.MapPost("/thresholds", ChangeAsync).RequireAuthorization(Rights.EditTimeRules);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, Actor actor, PageFrame frame, ThresholdReader reader, CancellationToken cancellationToken) =>
        await PageAsync(await frame.OfAsync(http, actor, cancellationToken), actor, reader, null, 200, cancellationToken);

    private static async Task<IResult> ChangeAsync(HttpContext http, Actor actor, PageFrame frame, IThresholdStore store, ThresholdReader reader, EngineClock clock, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        var posted = await Posted.ReadAsync(http.Request, cancellationToken);
        var id = posted.Text("id");
        var typed = new ThresholdForm(posted.Text("raise").Trim(), posted.Text("clear").Trim(), posted.Text("hold").Trim(), posted.Text("clearFor").Trim(), posted.Text("min").Trim(), posted.Text("isOn").Length > 0);
        string? problem = null;
        var levels = new ThresholdLevels(
            Number(typed.Raise, "thresholds.raise"), Number(typed.Clear, "thresholds.clear"), Whole(typed.Hold, "thresholds.holdMinutes"), Whole(typed.ClearFor, "thresholds.clearMinutes"),
            Whole(typed.Min, "thresholds.min"), typed.IsOn);
        if (problem is null)
        {
            var version = int.TryParse(posted.Text("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : -1;
            switch (await store.ChangeAsync(id, version, levels, actor.Name, clock.GetUtcNow(), cancellationToken))
            {
                case ThresholdOutcome.Saved:
                    return Results.LocalRedirect($"/thresholds?m=thresholds#{Uri.EscapeDataString(id)}");
                case ThresholdOutcome.Faulty fault:
                    problem = page.T.IsChinese ? fault.Zh : fault.En;
                    break;
                case ThresholdOutcome.Unknown:
                    return PageFrame.Refuse(page, 404);
                default:
                    problem = page.T["rules.taken"];
                    break;
            }
        }

        return await PageAsync(page, actor, reader, (id, typed, problem), 422, cancellationToken);

        decimal Number(string text, string label)
        {
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                problem ??= page.T.With("thresholds.badNumber", page.T[label]);
            return number;
        }

        int Whole(string text, string label)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                problem ??= page.T.With("thresholds.badNumber", page.T[label]);
            return number;
        }
    }

    private static async Task<IResult> PageAsync(PageContext page, Actor actor, ThresholdReader reader, (string Id, ThresholdForm Typed, string Problem)? refused, int status, CancellationToken cancellationToken)
    {
        var cards = await reader.ReadAsync(page, cancellationToken);
        if (refused is { } asked && cards.All(c => c.Threshold.Id != asked.Id))
            return PageFrame.Refuse(page, 404);
        return new RazorComponentResult<ThresholdsPage>(new
        {
            Page = page,
            Cards = (IReadOnlyList<ThresholdCard>)[.. cards.Select(c => c.Threshold.Id == refused?.Id ? c with { Typed = refused.Value.Typed, Problem = refused.Value.Problem } : c)],
            MayEdit = actor.MayEditTimeRules,
        })
        { StatusCode = status };
    }
}

/// <summary>Reads thresholds for their page.</summary>
internal sealed class ThresholdReader(IThresholdStore store, IDefinitionStore definitions, IGraphSource graphs, IOrganisationSource organisation)
{
    public async Task<IReadOnlyList<ThresholdCard>> ReadAsync(PageContext page, CancellationToken cancellationToken)
    {
        var cards = new List<ThresholdCard>();
        foreach (var (rule, scopes) in await ThresholdEndpoints.ReadAsync(store, page.Now, cancellationToken))
        {
            var waiting = (await definitions.FindTriggersAsync(EventHub.HashOf(rule.Event), cancellationToken)).Select(t => t.DefinitionId).Distinct().Order(StringComparer.Ordinal).ToList();
            var names = new List<string>();
            foreach (var id in waiting)
                names.Add((await graphs.FindPublishedAsync(id, cancellationToken))?.Name is { Length: > 0 } name ? name : id);
            var changes = await store.ListChangesAsync(rule.Id, cancellationToken);
            cards.Add(new ThresholdCard(
                rule,
                page.T.IsChinese ? rule.Name : rule.NameEn,
                [.. LinesOf(rule, names, page.T)],
                [.. scopes.Select(s => ScopeOf(s, rule, page.T))],
                [.. changes.Select(c => page.T.With("thresholds.version", c.Version, Moments.Full(c.At), organisation.Current.DisplayName(c.By), Text(c.Raise), Text(c.Clear)))],
                new ThresholdForm(Text(rule.Raise), Text(rule.Clear), Text(rule.HoldMinutes), Text(rule.ClearMinutes), Text(rule.MinCount), rule.IsOn)));
        }

        return cards;
    }

    private static IEnumerable<string> LinesOf(MetricThreshold rule, List<string> waiting, Texts t)
    {
        yield return t.With("thresholds.rule", t.With("thresholds." + rule.Comparison, Text(rule.Raise) + Unit(rule, t)), t.With(rule.IsUpward ? "thresholds.AtMost" : "thresholds.AtLeast", Text(rule.Clear) + Unit(rule, t)));
        if (rule.HoldMinutes > 0)
            yield return t.With("thresholds.hold", rule.HoldMinutes);
        if (rule.ClearMinutes > 0)
            yield return t.With("thresholds.clearFor", rule.ClearMinutes);
        if (rule.MinCount > 0)
            yield return t.With("thresholds.minCount", rule.MinCount);
        yield return t.With("thresholds.event", rule.Event);
        yield return waiting.Count == 0 ? t["thresholds.nobody"] : t.With("thresholds.starts", string.Join(t.IsChinese ? "、" : ", ", waiting));
    }

    private static ThresholdScope ScopeOf(ThresholdEndpoints.ScopeView scope, MetricThreshold rule, Texts t)
    {
        var at = scope.State == "raised" ? scope.RaisedAt : scope.ClearedAt ?? scope.ObservedAt;
        var caseText = scope.Case is null ? scope.State == "raised" && rule.Definitions.Count > 0 && scope.IsLinked ? t["thresholds.owed"] : "" : t[scope.IsLinked ? "thresholds.linked" : "thresholds.started"];
        return new ThresholdScope(
            scope.Scope, scope.State, t["thresholds." + scope.State], scope.Value is { } value ? Text(value) + Unit(rule, t) : "", at is { } instant ? Moments.Full(instant) : "", scope.Raised, scope.Case, caseText);
    }

    private static string Unit(MetricThreshold rule, Texts t) => rule.Unit == "%" ? " %" : t.IsChinese && rule.Unit.Length > 0 ? " " + rule.Unit : "";

    private static string Text(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
