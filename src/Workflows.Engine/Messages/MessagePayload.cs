using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Instances;
using Workflows.Engine.Organisation;
using Workflows.Engine.UserTasks;

namespace Workflows.Engine.Messages;

/// <summary>
/// What the effect that tells of an event carries: the event, the people, and what templates may name. One effect for all
/// people and channels; the host makes deliveries of it.
/// </summary>
public static class MessagePayload
{
    public const string Kind = "notify.event";

    // A message names things; it is no copy of them.
    private const int LongestText = 2_000;

    public static JsonObject Of(string @event, IEnumerable<string> people, string subject, string body, string? taskId, JsonObject data)
    {
        var payload = new JsonObject
        {
            ["event"] = @event,
            ["people"] = new JsonArray([.. people.Distinct().Select(p => (JsonNode)p)]),
            ["subject"] = Cut(subject),
            ["body"] = Cut(body),
            ["data"] = data,
        };
        if (taskId is not null)
            payload["taskId"] = taskId;
        return payload;
    }

    public static JsonObject Data(string? by, string? comment, UserTask? task, JsonObject @case)
    {
        var data = new JsonObject { ["case"] = @case };
        if (by is not null)
            data["by"] = by;
        if (!string.IsNullOrEmpty(comment))
            data["comment"] = Cut(comment);
        if (task is not null)
            data["task"] = Task(task);
        return data;
    }

    public static JsonObject Task(UserTask task) => new()
    {
        ["id"] = task.Id,
        ["title"] = task.Title,
        ["reason"] = task.Reason,
        ["dueAt"] = task.DueAt?.ToString("O", CultureInfo.InvariantCulture),
    };

    public static JsonObject Case(WorkflowInstance instance, WorkflowGraph graph, OrganisationSnapshot organisation) => new()
    {
        ["id"] = instance.Id,
        ["name"] = instance.Name,
        ["process"] = graph.Name,
        ["initiator"] = instance.InitiatedBy is { } user ? organisation.DisplayName(user) : null,
    };

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
