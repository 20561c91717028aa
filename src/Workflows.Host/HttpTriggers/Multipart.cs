using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Workflows.Activities.Http;
using Workflows.Host.Api;

namespace Workflows.Host.HttpTriggers;

/// <summary>A form with files: its fields become the parsed content, its files {name, field, contentType, length, content}.</summary>
internal static class Multipart
{
    private const int MostParts = 200;
    private const int LongestName = 255;

    public static async Task<RequestContent> ReadAsync(string contentType, byte[] bytes, UploadRules rules, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 200 } boundary)
            return Bad("$", "no-boundary", "缺少 boundary", "the boundary is missing");
        var reader = new MultipartReader(boundary.Value!, new MemoryStream(bytes));
        var fields = new List<(string Name, string Value)>();
        var files = new JsonArray();
        long total = 0;
        try
        {
            for (var part = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; part++)
            {
                var place = $"$[{part}]";
                if (part >= MostParts)
                    return Bad(place, "too-many-parts", $"最多 {MostParts} 个部分", $"at most {MostParts} parts");
                if (section.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
                    return Bad(place, "no-name", "此部分没有名称", "the part has no name");
                var data = await ContentAsync(section, cancellationToken);
                if (!disposition.IsFileDisposition())
                {
                    if (RequestPayload.TextOf(data) is not { } text)
                        return Bad(place, "bad-utf8", "内容不是有效的 UTF-8", "not valid UTF-8");
                    fields.Add((name.Value!, text));
                    continue;
                }

                var file = NameOf(disposition);
                // A file field that was left empty is sent as a file without a name.
                if (file.Length == 0 && data.Length == 0)
                    continue;
                total += data.Length;
                var refusal = total > UploadRules.MostBytes ? HttpRefusal.FileTooLarge : rules.Refuse(file, section.ContentType, data.Length);
                if (refusal is { } reason)
                    return new RequestContent { Problem = ProblemOf(reason, data.Length > rules.FileSizeLimit ? rules.FileSizeLimit : null, place, file, section.ContentType), Refusal = reason };
                files.Add(new JsonObject
                {
                    ["name"] = file,
                    ["field"] = name.Value,
                    ["contentType"] = section.ContentType,
                    ["length"] = data.Length,
                    ["content"] = Convert.ToBase64String(data),
                });
            }
        }
        // What the reader says of a form that is cut off or whose headers are too long.
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return Bad("$", "bad-form", "表单不完整或格式有误", "the form is cut off or malformed");
        }

        return new RequestContent
        {
            Parsed = RequestPayload.Named(fields.GroupBy(f => f.Name).Select(g => (g.Key, g.Select(f => (string?)f.Value).ToArray()))),
            Files = files,
        };
    }

    private static async Task<byte[]> ContentAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        await section.Body.CopyToAsync(kept, cancellationToken);
        return kept.ToArray();
    }

    /// <summary>The last part of the name as sent, because some clients send whole paths and nobody may choose a folder here.</summary>
    private static string NameOf(ContentDispositionHeaderValue disposition)
    {
        var sent = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value ?? "";
        var name = string.Concat(sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c)));
        return name.Length > LongestName ? name[^LongestName..] : name;
    }

    private static Problem ProblemOf(HttpRefusal refusal, long? limit, string place, string file, string? contentType) => refusal switch
    {
        HttpRefusal.FileTooLarge when limit is not null => Refusals.FileTooLarge.At(
            place, "file-too-large", $"文件“{file}”超过 {limit} 字节", $"file {file} is larger than {limit} bytes"),
        HttpRefusal.FileTooLarge => Refusals.FileTooLarge.At(
            place, "file-too-large", $"文件“{file}”过大：一个请求的文件合计最多 {UploadRules.MostBytes / 1024} KB", $"file {file} does not fit: the files of a request are at most {UploadRules.MostBytes / 1024} KB together"),
        HttpRefusal.InvalidFileExtension => Refusals.FileExtensionRefused.At(place, "file-extension-refused", $"不接受文件“{file}”的扩展名", $"the extension of {file} is not accepted"),
        _ => Refusals.FileTypeRefused.At(place, "file-type-refused", $"不接受文件“{file}”的类型 {contentType}", $"the type {contentType} of {file} is not accepted"),
    };

    private static RequestContent Bad(string path, string code, string zh, string en) => RequestContent.Refused(Refusals.BadBody.At(path, code, zh, en));
}
