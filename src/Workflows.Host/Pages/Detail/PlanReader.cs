using System.Text.Json.Nodes;
using Workflows.Engine.UserTasks;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Detail;

/// <summary>Puts what a trial of an act answered into lines for people.</summary>
internal static class PlanReader
{
    public static IReadOnlyList<string> Of(string action, JsonObject plan, UserTask task, Texts t)
    {
        var lines = new List<string>();
        if (action == "return")
        {
            var to = (string?)plan["to"];
            var title = task.ReturnTargets.FirstOrDefault(r => r.NodeId == to)?.Title;
            if (title is null)
                return [t["plan.returnUsual"]];
            lines.Add(t.With("plan.returnTo", title));
            lines.Add(t[(bool?)plan["comesStraightBack"] == true ? "plan.straight" : "plan.walk"]);
            var cancelled = (plan["cancels"] as JsonArray ?? []).Select(c => (string?)c?["title"]).OfType<string>().ToList();
            lines.Add(cancelled.Count == 0 ? t["plan.cancelsNothing"] : t.With("plan.cancels", string.Join(t.IsChinese ? "、" : ", ", cancelled)));
            return lines;
        }

        foreach (var seat in (plan["chain"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var place = (string?)seat["place"] ?? "";
            lines.Add($"{(string?)seat["name"]} · {t.Or("seat." + (string?)seat["state"], "")}{(place is "Original" or "" ? "" : " · " + t.Or("act.place." + place, place))}");
        }

        return lines;
    }
}
