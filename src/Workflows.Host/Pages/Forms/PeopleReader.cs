using System.Text.RegularExpressions;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Forms;

/// <summary>Somebody to choose.</summary>
public sealed record PersonChoice(string UserName, string Name, string Place, bool Chosen);

/// <summary>People as somebody named them in a form.</summary>
/// <param name="UserNames">Whom it names beyond doubt.</param>
/// <param name="Typed">As written.</param>
/// <param name="Problem">Why the names are not enough; null when they are.</param>
/// <param name="Choices">To choose from, when a name fits several or a search was asked for.</param>
public sealed record PeoplePick(IReadOnlyList<string> UserNames, string Typed, string? Problem, IReadOnlyList<PersonChoice> Choices)
{
    public static PeoplePick Nobody { get; } = new([], "", null, []);
}

/// <summary>
/// Reads people out of a form: by user name, name, nickname or pinyin initials, several with commas between. A name that fits several
/// people is not guessed: the page comes back with those it fits, to choose from. That is also how people are found without scripts.
/// </summary>
internal static partial class PeopleReader
{
    /// <summary>Button that searches in the field it names.</summary>
    public const string Find = "find";

    private const string Picked = ".pick";
    private const int MostChoices = 20;
    private const int MostNamed = 50;
    private static readonly char[] Between = [',', '，', '、', ';', '；', '\n', '\t'];

    /// <param name="many">False where one person is asked for: what was written last and is clear goes before an older choice.</param>
    public static PeoplePick Read(Posted posted, string field, OrganisationSnapshot people, Texts t, bool many = true)
    {
        var typed = posted.Text(field).Trim();
        var picked = posted.Form[field + Picked].OfType<string>().Where(p => people.Find(p) is not null).Distinct().Take(MostNamed).ToList();
        var named = new List<string>();
        var choices = new List<Person>();
        string? problem = null;
        foreach (var part in Parts(typed, people))
        {
            var found = Resolve(part, people);
            if (!many && found.Count > 0 && !found.Any(f => picked.Contains(f.UserName)))
                picked.Clear();
            if (found.Count == 1)
                named.Add(found[0].UserName);
            else if (found.Count == 0)
                problem ??= t.With("people.unknown", part);
            else if (!found.Any(f => picked.Contains(f.UserName)))
                problem ??= t.With("people.several", part);
            if (found.Count > 1)
                choices.AddRange(found);
        }

        if (posted.Text(Find) == field)
        {
            if (typed.Length == 0)
                choices.AddRange(people.People.Take(MostChoices));
            problem = choices.Count > 0 || named.Count > 0 ? null : problem;
            choices.AddRange(named.Select(people.Find).OfType<Person>());
        }

        choices.AddRange(picked.Select(people.Find).OfType<Person>());
        var all = named.Concat(picked).Distinct().Take(MostNamed).ToList();
        return new PeoplePick(all, typed, problem, [.. choices.DistinctBy(p => p.UserName).Take(MostChoices).Select(p => Of(p, people, all.Contains(p.UserName)))]);
    }

    /// <summary>Whoever is mentioned in a text: "@" and a name, the longest that is exactly one person's.</summary>
    public static IEnumerable<string> Mentioned(string text, OrganisationSnapshot people)
    {
        foreach (Match match in Mention().Matches(text))
        {
            var word = match.Groups[1].Value;
            for (var length = word.Length; length > 0; length--)
            {
                if (Exact(word[..length], people) is not { } person)
                    continue;
                yield return person.UserName;
                break;
            }
        }
    }

    /// <summary>How a page writes people into the field: names, with the user name where a name is not enough.</summary>
    public static string Written(IEnumerable<string> userNames, OrganisationSnapshot people) => string.Join("、", userNames.Select(u =>
        people.Find(u) is { } person ? Exact(person.DisplayName, people) is not null ? person.DisplayName : $"{person.DisplayName}({u})" : u));

    private static PersonChoice Of(Person person, OrganisationSnapshot people, bool chosen)
    {
        var place = new[] { people.FindDepartment(person.Department)?.Name, people.FindPost(person.Post)?.Name is { } post && post != person.DisplayName ? post : null, person.UserName };
        return new PersonChoice(person.UserName, person.Nickname is { Length: > 0 } nickname ? $"{person.DisplayName}（{nickname}）" : person.DisplayName, string.Join(" · ", place.Where(p => p is not null)), chosen);
    }

    // A blank stands inside foreign names and between hurried ones: the whole is tried before its parts.
    private static IEnumerable<string> Parts(string typed, OrganisationSnapshot people) => typed
        .Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .SelectMany(part => !part.Contains(' ', StringComparison.Ordinal) || Resolve(part, people).Count > 0 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Take(MostNamed);

    private static IReadOnlyList<Person> Resolve(string part, OrganisationSnapshot people)
    {
        if (WithUserName().Match(part) is { Success: true } match && people.Find(match.Groups[1].Value) is { } named)
            return [named];
        return Exact(part, people) is { } exact ? [exact] : people.Search(part, MostChoices);
    }

    private static Person? Exact(string text, OrganisationSnapshot people) =>
        people.Find(text) ?? (people.People.Where(p => p.DisplayName == text || p.Nickname == text).Take(2).ToList() is [var only] ? only : null);

    [GeneratedRegex(@"[(（]([^()（）]{1,64})[)）]\s*$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex WithUserName();

    [GeneratedRegex(@"@([\p{L}\p{Nd}._-]{1,40})", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Mention();
}
