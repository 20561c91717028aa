using System.Security.Cryptography;
using System.Text;
using Workflows.Engine.Organisation;
using Workflows.Engine.Runtime;
using Workflows.Host.Pages.Forms;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;

namespace Workflows.Host.Pages.Detail;

/// <summary>What a form says of an act: which one, the opinion, the people named, and the key that makes a double click one act.</summary>
/// <param name="IsPreview">True when only the consequences are asked for.</param>
/// <param name="IsSearch">True when only people are looked for.</param>
internal sealed record PostedAct(string Name, string Comment, PeoplePick People, string? To, bool ComesStraightBack, string Place, bool IsPreview, bool IsSearch)
{
    /// <summary>Button that asks what the act it names would do.</summary>
    public const string Preview = "preview";

    /// <summary>Beginnings of the names of what sheets hold; all of it comes back with the page.</summary>
    private static readonly string[] OfSheets = ["comment.", "phrase.", "people.", "to.", "straight.", "place"];

    public static PostedAct Of(Posted posted, OrganisationSnapshot people, Texts t)
    {
        var search = posted.Text(PeopleReader.Find);
        var isSearch = search.StartsWith("people.", StringComparison.Ordinal);
        var preview = posted.Text(Preview);
        var name = isSearch ? search["people.".Length..] : preview.Length > 0 ? preview : posted.Text("action");
        var comment = posted.Text("comment." + name).Trim();
        // A phrase stands in where nothing was written; with scripts it was put into the opinion, where it may have been changed.
        if (comment.Length == 0)
            comment = posted.Text("phrase." + name).Trim();
        return new PostedAct(
            name,
            comment.ReplaceLineEndings("\n"),
            PeopleReader.Read(posted, "people." + name, people, t, !ActionOffer.TakesOnePerson(name)),
            posted.Text("to." + name) is { Length: > 0 } to ? to : null,
            posted.Text("straight." + name) == "true",
            posted.Text("place"),
            preview.Length > 0,
            isSearch);
    }

    /// <summary>Everything that was typed into the sheets, by name of the field.</summary>
    public static IReadOnlyDictionary<string, string> TypedIn(Posted posted) =>
        posted.Form.Keys.Where(k => OfSheets.Any(s => k.StartsWith(s, StringComparison.Ordinal))).ToDictionary(k => k, posted.Text);

    /// <summary>The key of the form, made the person's own; the fingerprint is of all that was sent.</summary>
    public static IdempotencyKey KeyOf(Posted posted, Actor actor, string what)
    {
        var sent = string.Join('\n', posted.Form.Where(f => f.Key != Csrf.Field).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));
        var key = posted.Text("key") is { Length: > 0 and <= 64 } given ? given : NewKey();
        return new IdempotencyKey(KeyText(actor, key), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what + "\n" + sent))));
    }

    /// <summary>A form's key as the store knows it.</summary>
    public static string KeyText(Actor actor, string key) => $"page:{actor.Name}:{key}";

    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
