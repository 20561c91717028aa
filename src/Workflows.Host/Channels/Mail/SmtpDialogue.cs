using System.Globalization;
using System.Text;

namespace Workflows.Host.Channels.Mail;

/// <summary>An answer of an SMTP server.</summary>
/// <param name="Code">Three digits: 2xx yes, 3xx go on, 4xx not now, 5xx no.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public bool IsOk => Code is >= 200 and < 300;

    public override string ToString() => $"{Code} {string.Join(" / ", Lines)}" is var text && text.Length > 300 ? text[..300] + "…" : text;
}

/// <summary>The server said something that is not SMTP, or nothing within the time.</summary>
internal sealed class SmtpBrokenException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// Commands and answers over one stream. An answer is bounded in length, lines and time as a whole, so that a server that
/// drips bytes or never ends holds nobody longer than one that is silent.
/// </summary>
internal sealed class SmtpDialogue(Stream stream, TimeSpan patience)
{
    private const int LongestLine = 2_048;
    private const int MostLines = 100;

    private readonly byte[] _buffer = new byte[4_096];
    private int _at;
    private int _end;

    /// <summary>True when the server sent more than was asked for; before TLS that could smuggle answers into the private part.</summary>
    public bool HasUnread => _at < _end;

    public async Task<SmtpReply> SayAsync(string command, CancellationToken cancellationToken)
    {
        await WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);
        return await HearAsync(cancellationToken);
    }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => LimitedAsync(
        async limit =>
        {
            await stream.WriteAsync(bytes, limit);
            await stream.FlushAsync(limit);
            return true;
        },
        cancellationToken);

    public Task<SmtpReply> HearAsync(CancellationToken cancellationToken) => LimitedAsync(ReadReplyAsync, cancellationToken);

    private async Task<SmtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new SmtpBrokenException("服务器的应答不是 SMTP (the server's answer is not SMTP)");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
                return new SmtpReply(code, lines);
            if (lines.Count == MostLines)
                throw new SmtpBrokenException("服务器的应答过长 (the server's answer has too many lines)");
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                    throw new SmtpBrokenException("服务器断开了连接 (the server closed the connection)");
            }

            var next = (char)_buffer[_at++];
            if (next == '\n')
                return line.ToString();
            if (line.Length == LongestLine)
                throw new SmtpBrokenException("服务器的应答过长 (the server's answer is too long)");
            // Texts of servers end up in pages and logs: nothing but printable ASCII.
            if (next != '\r')
                line.Append(next is >= ' ' and < (char)127 ? next : '?');
        }
    }

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SmtpBrokenException($"服务器 {patience.TotalSeconds:0} 秒内没有应答 (no answer from the server in time)", e);
        }
    }
}
