namespace Workflows.Engine.Tests.Model;

/// <summary>Runs one case three times: on the model, on the interpreter reloading after every burst, and without reloading.</summary>
internal static class ChartComparison
{
    /// <summary>The trace; null when the case grows beyond what says anything. Throws at the first difference.</summary>
    public static IReadOnlyList<string>? Compare(Chart chart)
    {
        var model = new ReferenceModel(chart);
        model.Start();
        if (model.Exploded)
            return null;
        var stored = new ChartRun(chart, reload: true);
        var live = new ChartRun(chart, reload: false);
        stored.Start();
        live.Start();
        Check(chart, "start", model, stored, live);

        foreach (var choice in chart.Choices)
        {
            if (model.Waiting.Count == 0 || model.Status != "Suspended")
                break;
            var index = choice.Pick % model.Waiting.Count;
            var step = $"resume {model.Waiting[index]} with {string.Join(",", choice.Outcomes)}";
            model.Resume(index, choice.Outcomes);
            if (model.Exploded)
                return null;
            stored.Resume(index, choice.Outcomes);
            live.Resume(index, choice.Outcomes);
            Check(chart, step, model, stored, live);
        }

        return model.Events;
    }

    private static void Check(Chart chart, string step, ReferenceModel model, ChartRun stored, ChartRun live)
    {
        var same = model.Events.Zip(stored.Events).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same < Math.Max(model.Events.Count, stored.Events.Count))
        {
            throw Difference(chart, step, $"""
                both:   {string.Join(" | ", model.Events.Take(same))}
                model:  {string.Join(" | ", model.Events.Skip(same))}
                engine: {string.Join(" | ", stored.Events.Skip(same))}
                """);
        }

        if (model.Status != stored.Status)
            throw Difference(chart, step, $"model ends {model.Status}, engine {stored.Status} after {string.Join(" | ", model.Events)}");
        if (model.Status == "Suspended" && !model.Waiting.SequenceEqual(stored.Waiting))
            throw Difference(chart, step, $"model waits at [{string.Join(" ", model.Waiting)}], engine at [{string.Join(" ", stored.Waiting)}]");
        if (!live.Events.SequenceEqual(stored.Events) || !live.State.AsSpan().SequenceEqual(stored.State))
            throw Difference(chart, step, "the run that was reloaded differs from the one that was not");
        if (stored.Status == "Finished" && EndsEarly(chart, stored.Events) is { } early)
            throw Difference(chart, step, $"the flowchart completed while {early} was alive and no End was reached");
    }

    /// <summary>A node cancelled by the completion of the flowchart although no terminal node asked for it.</summary>
    private static string? EndsEarly(Chart chart, List<string> events)
    {
        var last = events.FindLastIndex(e => e.StartsWith("Completed", StringComparison.Ordinal) && !e.StartsWith("Completed chart", StringComparison.Ordinal));
        return last >= 0 && chart.Node(events[last].Split(' ')[1]).Kind == NodeKind.End
            ? null
            : events.Skip(last + 1).FirstOrDefault(e => e.StartsWith("Canceled", StringComparison.Ordinal));
    }

    private static InvalidOperationException Difference(Chart chart, string step, string what) => new($"At '{step}':\n{what}\n{chart}");
}
