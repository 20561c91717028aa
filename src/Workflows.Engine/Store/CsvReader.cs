using System.Text;

namespace Workflows.Engine.Store;

/// <summary>A record of a CSV file.</summary>
/// <param name="Line">Line of the file it begins on, from 1.</param>
/// <param name="Fields">Its fields; null when the record cannot be read, and then <paramref name="Fault"/> says why.</param>
public sealed record CsvRecord(long Line, string[]? Fields, string? Fault = null);

/// <summary>
/// Reads comma-separated text as RFC 4180 has it: quoted fields may hold commas, quotes (doubled) and line breaks; CR LF, LF
/// and CR end a record; empty lines are skipped; a byte order mark is the business of the decoder. A broken record is
/// answered as a fault and reading goes on at the next line; a quote that never ends is given up with its field's length.
/// </summary>
public sealed class CsvReader(TextReader text)
{
    private const int LongestField = 64 * 1024;

    private readonly char[] _buffer = new char[32 * 1024];
    private readonly StringBuilder _field = new();
    private readonly List<string> _fields = [];
    private int _position;
    private int _length;
    private long _line = 1;

    /// <summary>A field as it is written to be read again as it was.</summary>
    public static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") >= 0 || field != field.Trim() ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    /// <summary>The next record; null at the end.</summary>
    public async ValueTask<CsvRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = _line;
            _fields.Clear();
            _field.Clear();
            var quoted = false;
            var wasQuoted = false;
            string? fault = null;
            while (true)
            {
                var c = await NextAsync(cancellationToken);
                if (c < 0)
                {
                    if (quoted)
                        fault ??= "引号没有结束 (unterminated quote)";
                    if (_fields.Count == 0 && _field.Length == 0 && !wasQuoted)
                        return fault is null ? null : new CsvRecord(began, null, fault);
                    break;
                }

                if (quoted)
                {
                    if (c == '"')
                    {
                        if (await PeekAsync(cancellationToken) == '"')
                            Append((char)await NextAsync(cancellationToken), ref fault);
                        else
                            quoted = false;
                    }
                    else
                    {
                        Append((char)c, ref fault);
                        quoted = fault is null;
                    }
                }
                else if (c == '"' && _field.Length == 0 && !wasQuoted)
                {
                    quoted = wasQuoted = true;
                }
                else if (c == ',')
                {
                    EndField(ref wasQuoted);
                }
                else if (c is '\n' or '\r')
                {
                    if (c == '\r' && await PeekAsync(cancellationToken) == '\n')
                        await NextAsync(cancellationToken);
                    break;
                }
                else
                {
                    if (wasQuoted)
                        fault ??= "引号之后还有内容 (text after a closing quote)";
                    Append((char)c, ref fault);
                }
            }

            if (_fields.Count == 0 && _field.Length == 0 && !wasQuoted && fault is null)
                continue;
            EndField(ref wasQuoted);
            return fault is null ? new CsvRecord(began, [.. _fields]) : new CsvRecord(began, null, fault);
        }
    }

    private void Append(char c, ref string? fault)
    {
        if (_field.Length < LongestField)
            _field.Append(c);
        else
            fault ??= "字段过长 (field too long)";
    }

    private void EndField(ref bool wasQuoted)
    {
        _fields.Add(_field.ToString());
        _field.Clear();
        wasQuoted = false;
    }

    private async ValueTask<int> NextAsync(CancellationToken cancellationToken)
    {
        var c = await PeekAsync(cancellationToken);
        if (c >= 0)
            _position++;
        // CR LF is counted once, at its LF; a CR alone is counted by what follows it.
        if (c == '\n' || (c == '\r' && await PeekAsync(cancellationToken) != '\n'))
            _line++;
        return c;
    }

    private async ValueTask<int> PeekAsync(CancellationToken cancellationToken)
    {
        if (_position == _length)
        {
            _length = await text.ReadAsync(_buffer, cancellationToken);
            _position = 0;
        }

        return _length == 0 ? -1 : _buffer[_position];
    }
}
