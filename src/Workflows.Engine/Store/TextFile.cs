using System.IO.Compression;
using System.Text;

namespace Workflows.Engine.Store;

/// <summary>Reads text files as people send them: plain or gzip, UTF-8 or GB18030, which is what Chinese spreadsheets save.</summary>
public static class TextFile
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback)!;

    /// <summary>Opens a file at its beginning for reading as text.</summary>
    /// <param name="input">Left open. One that cannot go back is taken for UTF-8.</param>
    /// <exception cref="InvalidDataException">The compression is broken.</exception>
    public static async Task<StreamReader> OpenAsync(Stream input, CancellationToken cancellationToken)
    {
        if (!input.CanSeek)
            return new StreamReader(await UnpackAsync(input, cancellationToken), Encoding.UTF8);
        var start = input.Position;
        var encoding = await DetectAsync(await UnpackAsync(input, cancellationToken), cancellationToken);
        input.Position = start;
        return new StreamReader(await UnpackAsync(input, cancellationToken), encoding);
    }

    /// <summary>
    /// GB18030 when most of what is not plain ASCII is no UTF-8: a file of the one read as the other is wrong nearly everywhere, while a damaged UTF-8 file is wrong in a few
    /// places, and then its good rows must stay good.
    /// </summary>
    private static async Task<Encoding> DetectAsync(Stream plain, CancellationToken cancellationToken)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[64 * 1024];
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        long good = 0, bad = 0;
        for (int read; (read = await plain.ReadAsync(bytes, cancellationToken)) > 0;)
        {
            foreach (var c in characters.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), characters, flush: false)))
            {
                if (c == '\uFFFD')
                    bad++;
                else if (c > '\u007f')
                    good++;
            }
        }

        return bad > good ? Gb18030 : Encoding.UTF8;
    }

    private static async Task<Stream> UnpackAsync(Stream input, CancellationToken cancellationToken)
    {
        var pipe = System.IO.Pipelines.PipeReader.Create(input, new System.IO.Pipelines.StreamPipeReaderOptions(leaveOpen: true));
        var start = await pipe.ReadAtLeastAsync(2, cancellationToken);
        var head = new byte[2];
        var length = (int)Math.Min(2, start.Buffer.Length);
        System.Buffers.BuffersExtensions.CopyTo(start.Buffer.Slice(0, length), head);
        pipe.AdvanceTo(start.Buffer.Start);
        return head is [0x1f, 0x8b] ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream();
    }
}
