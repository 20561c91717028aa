using System.Globalization;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Pages.Text;
using Workflows.Host.Tasks;

namespace Workflows.Host.Pages.Files;

/// <summary>Files that came with a form, and the words for what became of them.</summary>
internal static class PostedFiles
{
    /// <summary>Name of the field.</summary>
    public const string Field = "files";

    /// <summary>Button that sends the chosen files and nothing else.</summary>
    public const string Add = "files.add";

    /// <summary>Button that removes the file it names.</summary>
    public const string Remove = "files.remove";

    /// <summary>Largest form in bytes, several files together.</summary>
    public const int MostBytes = 128 * 1024 * 1024;

    private const int MostAtOnce = 20;

    public static bool ChangesFiles(Posted posted) => posted.Form.ContainsKey(Add) || posted.Form.ContainsKey(Remove);

    /// <summary>Looks at every file that was chosen; an empty field is none.</summary>
    public static async Task<IReadOnlyList<TakenFile>> TakeAsync(Posted posted, AttachmentIntake intake, int already, CancellationToken cancellationToken)
    {
        var taken = new List<TakenFile>();
        foreach (var file in posted.Form.Files.GetFiles(Field).Where(f => f.FileName.Length > 0 || f.Length > 0))
        {
            taken.Add(taken.Count >= MostAtOnce || already + taken.Count >= AttachmentIntake.MostOfOneCase
                ? TakenFile.Refused(file.FileName, FileFault.TooMany)
                : await intake.TakeAsync(file, cancellationToken));
        }

        return taken;
    }

    public static IReadOnlyList<string> ProblemsOf(IEnumerable<TakenFile> taken, Texts t) =>
    [
        .. taken.Where(f => f.Fault is not null).Select(f => t.With($"files.{f.Fault}", f.Name, AttachmentFiles.MostBytes / 1024 / 1024, f.Fault == FileFault.TooMany ? AttachmentIntake.MostOfOneCase : MostAtOnce)),
    ];

    public static FileLine LineOf(DraftFile file) => new(file.Id, file.Name, SizeOf(file.Size), null, null, null, true);

    public static FileLine LineOf(Attachment file, string me, IEnumerable<DateTimeOffset> decisions, PageContext page, OrganisationSnapshot people) => new(
        file.Id,
        file.Name,
        SizeOf(file.Size),
        "/api/v1/attachments/" + Uri.EscapeDataString(file.Id),
        people.DisplayName(file.AddedBy),
        Moments.Short(file.AddedAt, page.Now, page.T),
        file.AddedBy == me && !decisions.Any(at => at >= file.AddedAt));

    private static string SizeOf(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024} KB",
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.0} MB"),
    };
}
