using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Workflows.Persistence.UserTasks;

/// <summary>Where a page ended: the sort number of its last row and that row's id. Opaque text for callers.</summary>
internal sealed record PageCursor(long Number, string Id)
{
    /// <summary>Reads a cursor; null for none. Text that is no cursor is an <see cref="ArgumentException"/>.</summary>
    public static PageCursor? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(':', 2);
            if (parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var number))
                return new PageCursor(number, parts[1]);
        }
        catch (FormatException)
        {
            // Falls through to the one refusal below.
        }

        throw new ArgumentException("The cursor is not one of ours.", nameof(text));
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Number}:{Id}")));
}
