using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Activities.Events;
using Workflows.Activities.Notify;
using Workflows.Engine.Authoring;
using Workflows.Engine.Execution;
using Workflows.Engine.Store;

namespace Workflows.Activities.Store;

/// <summary>Requests to roll a deletion back: within the window they are taken; after it the applicant is told to make a new promotion, and nothing changes (catalogue 1.1).</summary>
internal static class RollbackRequests
{
    /// <summary>The request, when it came in time. One that came late is answered, listened for again under <paramref name="tag"/>, and null here.</summary>
    public static JsonNode? Take(ActivityContext context, Resumption resumption, DateTimeOffset windowEndsAt, string eventName, string? tag = null)
    {
        if (context.Now <= windowEndsAt)
            return resumption.Payload ?? new JsonObject();
        var until = windowEndsAt.ToOffset(ShopCalendar.Offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        context.Journal("RollbackRefused", $"已超过回滚期限 {until}，请新建活动 (after the rollback window)", resumption.Payload?.DeepClone());
        if (context.Organisation.Find(context.InitiatedBy) is { } applicant)
            Notices.Send(context, applicant, ["site", "email"], "回滚申请未受理", $"“{context.InstanceName}”的回滚期限已于 {until} 截止，不能再恢复。如仍需要，请新建活动。");
        Event.Listen(context, eventName, tag);
        return null;
    }
}
