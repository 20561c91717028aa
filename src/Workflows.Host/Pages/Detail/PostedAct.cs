using System.Security.Cryptography;
using System.Text;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Detail;

/// <summary>What a form says of an act: which one, the opinion, the people named, and the key that makes a double click one act.</summary>
internal sealed record PostedAct(string Name, string Comment, IReadOnlyList<string> People, string PeopleTyped, string? To, bool ComesStraightBack, string Place)
{
    private static readonly char[] Between = [',', '，', '、', ';', '；', ' ', '\n', '\t'];

    public static PostedAct Of(Posted posted, OrganisationSnapshot people)
    {
        var name = posted.Text("action");
        var comment = posted.Text("comment." + name).Trim();
        // A phrase stands in where nothing was written; with scripts it was put into the opinion, where it may have been changed.
        if (comment.Length == 0)
            comment = posted.Text("phrase." + name).Trim();
        var typed = posted.Text("people." + name).Trim();
        return new PostedAct(
            name,
            comment,
            [.. typed.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => Resolve(p, people))],
            typed,
            posted.Text("to." + name) is { Length: > 0 } to ? to : null,
            posted.Text("straight." + name) == "true",
            posted.Text("place"));
    }

    /// <summary>The key of the form, made the person's own; the fingerprint is of all that was sent.</summary>
    public static IdempotencyKey KeyOf(Posted posted, Actor actor, string what)
    {
        var sent = string.Join('\n', posted.Form.Where(f => f.Key != Csrf.Field).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));
        var key = posted.Text("key") is { Length: > 0 and <= 64 } given ? given : NewKey();
        return new IdempotencyKey($"page:{actor.Name}:{key}", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what + "\n" + sent))));
    }

    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // People write names; a name that is not exactly one person's stays as it is and is refused by name.
    private static string Resolve(string text, OrganisationSnapshot people) =>
        people.Find(text) is not null ? text
        : people.People.Where(p => p.DisplayName == text).Take(2).ToList() is [{ } only] ? only.UserName
        : text;
}
