using System.Globalization;

namespace Workflows.Host.Api;

/// <summary>Entity tags are revisions in quotes; If-Match states the one the caller saw.</summary>
internal static class EntityTag
{
    public static string Of(long revision) => $"\"{revision.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The revision of If-Match: null when none was sent or "*" was; a refusal when it is not one of our tags.</summary>
    public static (long? Revision, Problem? Problem) IfMatch(HttpRequest request)
    {
        var sent = request.Headers.IfMatch.ToString().Trim();
        if (sent is "" or "*")
            return (null, null);
        return sent.Length > 2 && sent[0] == '"' && sent[^1] == '"' && long.TryParse(sent[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? (revision, null)
            : (null, Refusals.BadHeader.At("If-Match", "bad-tag", "不是本接口给出的 ETag", "not an entity tag of this API"));
    }
}
