using System.Globalization;
using Workflows.Engine.Definitions;

namespace Workflows.Designer.Processes;

/// <summary>A box of a drawing.</summary>
public sealed record DrawnNode(string Id, string NodeId, string Text, string Type, double X, double Y, double Width, double Height, ChangeKind? Change);

/// <summary>An arrow, as a path.</summary>
public sealed record DrawnEdge(string Path, string? Label, double LabelX, double LabelY, ChangeKind? Change);

/// <summary>A version as a picture: the outermost diagram, where its boxes stand in the designer. Public, as everything a Razor component takes must be.</summary>
public sealed record Drawing(IReadOnlyList<DrawnNode> Nodes, IReadOnlyList<DrawnEdge> Edges, double Left, double Top, double Width, double Height)
{
    private const double DefaultWidth = 200;
    private const double DefaultHeight = 60;
    private const double Margin = 40;

    public string ViewBox => string.Create(CultureInfo.InvariantCulture, $"{Left} {Top} {Width} {Height}");

    /// <summary>Draws a version; what differs from <paramref name="other"/> is marked as <paramref name="mark"/> says (removed in the old one, added in the new one).</summary>
    internal static Drawing Of(DefinitionDocument document, DefinitionDocument? other, ChangeKind mark, IReadOnlySet<string> changed, ValueWords words)
    {
        var known = other is null ? null : ProcessDiff.Nodes(other).Keys.ToHashSet();
        var nodes = new List<DrawnNode>();
        var row = 0;
        foreach (var activity in document.Root.Objects("activities"))
        {
            var designer = activity.Object("metadata")?.Object("designer");
            var nodeId = activity.Text("nodeId") ?? "";
            // A node that was never drawn stands in a column of its own.
            var (x, y) = designer?.Object("position") is { } position ? (Number(position["x"]), Number(position["y"])) : (0, row++ * 100);
            var size = designer?.Object("size");
            nodes.Add(new DrawnNode(
                activity.Text("id") ?? "", nodeId, ProcessDiff.NameOf(activity), words.TypeName(activity.Text("type") ?? ""), x, y,
                Math.Max(120, size is null ? DefaultWidth : Number(size["width"])), Math.Max(40, size is null ? DefaultHeight : Number(size["height"])),
                known is not null && !known.Contains(nodeId) ? mark : changed.Contains(nodeId) ? ChangeKind.Changed : null));
        }

        var byId = nodes.GroupBy(n => n.Id).ToDictionary(g => g.Key, g => g.First());
        var others = other?.Root.Objects("connections").Select(Key).ToHashSet();
        var edges = new List<DrawnEdge>();
        foreach (var connection in document.Root.Objects("connections"))
        {
            var (source, port, target) = Key(connection);
            if (!byId.TryGetValue(source, out var from) || !byId.TryGetValue(target, out var to))
                continue;
            var type = document.Root.Objects("activities").First(a => a.Text("id") == source).Text("type") ?? "";
            edges.Add(Edge(from, to, port == "Done" ? null : words.Port(type, port), others is not null && !others.Contains((source, port, target)) ? mark : null));
        }

        if (nodes.Count == 0)
            return new Drawing([], [], 0, 0, 400, 120);
        var (left, top) = (nodes.Min(n => n.X) - Margin, nodes.Min(n => n.Y) - Margin);
        return new Drawing(nodes, edges, left, top, nodes.Max(n => n.X + n.Width) + Margin - left, nodes.Max(n => n.Y + n.Height) + Margin - top);
    }

    private static (string Source, string Port, string Target) Key(System.Text.Json.Nodes.JsonObject connection) =>
        (connection.Object("source")?.Text("activity") ?? "", connection.Object("source")?.Text("port") ?? "Done", connection.Object("target")?.Text("activity") ?? "");

    /// <summary>Right side to left side; back to an earlier step below the boxes.</summary>
    private static DrawnEdge Edge(DrawnNode from, DrawnNode to, string? label, ChangeKind? change)
    {
        var (x1, y1) = (from.X + from.Width, from.Y + from.Height / 2);
        var (x2, y2) = (to.X, to.Y + to.Height / 2);
        var path = x2 > x1 + 10
            ? string.Create(CultureInfo.InvariantCulture, $"M{x1} {y1} C{(x1 + x2) / 2} {y1} {(x1 + x2) / 2} {y2} {x2} {y2}")
            : string.Create(CultureInfo.InvariantCulture, $"M{x1} {y1} C{x1 + 60} {y1 + 60} {x2 - 60} {y2 + 60} {x2} {y2}");
        return new DrawnEdge(path, label, x1 + 6, y1 - 6, change);
    }

    private static double Number(System.Text.Json.Nodes.JsonNode? node) =>
        node is System.Text.Json.Nodes.JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? Math.Round(Math.Clamp(number, -100_000, 100_000), 1) : 0;
}
