using Workflows.Engine.Store;

namespace Workflows.Host.Organisation;

/// <summary>Writes cells that stay text: what a spreadsheet would take for a formula gets an apostrophe before it, which the import takes off again.</summary>
internal static class CsvCells
{
    // The wide forms too: Chinese and Japanese spreadsheets take them for the narrow ones.
    private const string Formulas = "=+-@\t\r\n＝＋－＠";

    public static string Write(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var cell = Formulas.Contains(text[0], StringComparison.Ordinal) || (text[0] == '\'' && text.Length > 1 && Formulas.Contains(text[1], StringComparison.Ordinal)) ? "'" + text : text;
        return CsvReader.Quoted(cell);
    }
}
