using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Workflows.Engine.Definitions;

namespace Workflows.Host.Api;

/// <summary>A bound argument that may have turned out to be a refusal; a filter answers with it before the endpoint runs.</summary>
internal interface IRefusable
{
    Problem? Problem { get; }
}

/// <summary>
/// A JSON body read strictly: no duplicate keys, no NUL, valid Unicode, bounded depth and size, no unknown members, no
/// missing ones. Every refusal names the place.
/// </summary>
internal sealed class Strict<T> : IRefusable
    where T : class
{
    private Strict(T? value, Problem? problem) => (Body, Problem) = (value, problem);

    private T? Body { get; }

    public Problem? Problem { get; }

    public T Value => Body ?? throw new InvalidOperationException("The body was refused.");

    public static async ValueTask<Strict<T>> BindAsync(HttpContext context)
    {
        var body = await BufferedBody.OfAsync(context);
        if (body.Bytes is null)
            return new Strict<T>(null, Refusals.TooLarge.Because($"最多 {BufferedBody.JsonLimit / 1024} KB", $"at most {BufferedBody.JsonLimit / 1024} KB"));
        if (context.Request.ContentType is { } type && !context.Request.HasJsonContentType())
            return new Strict<T>(null, Refusals.UnsupportedMediaType.Because($"需要 application/json，而不是 {type}", $"application/json is expected, not {type}"));
        // An act without any details may be asked for without a body.
        var bytes = body.Bytes.Length == 0 && context.GetEndpoint()?.Metadata.GetMetadata<BodyOptional>() is not null ? "{}"u8.ToArray() : body.Bytes;
        return Read(bytes);
    }

    public static Strict<T> Read(ReadOnlySpan<byte> bytes) => StrictJson.Parse(bytes, DefinitionLimits.Default) switch
    {
        StrictJson.Result.Refused { Problem: var p } => Refused(p.Path, p.Code, p.Zh, p.En),
        StrictJson.Result.Parsed { Node: JsonObject members } => Read(members),
        _ => Refused("$", "not-an-object", "请求内容必须是一个 JSON 对象", "the body must be a JSON object"),
    };

    private static Strict<T> Read(JsonObject members)
    {
        var shape = (JsonTypeInfo<T>)ApiJson.Options.GetTypeInfo(typeof(T));
        var problem = Refusals.BadBody;
        foreach (var name in members.Select(m => m.Key).Where(name => !shape.Properties.Any(p => p.Name == name)))
            problem = problem.At(JsonPath.Of("$", name), "unknown-member", "不认识的字段", "unknown member");
        foreach (var missing in shape.Properties.Where(p => p.IsRequired && !members.ContainsKey(p.Name)))
            problem = problem.At(JsonPath.Of("$", missing.Name), "missing", "此项必填", "required");
        if (problem.Errors.Count > 0)
            return new Strict<T>(null, problem);

        try
        {
            return new Strict<T>(members.Deserialize(shape)!, null);
        }
        catch (JsonException e)
        {
            return Refused(e.Path ?? "$", "wrong-type", "类型不对", "has the wrong type");
        }
    }

    private static Strict<T> Refused(string path, string code, string zh, string en) => new(null, Refusals.BadBody.At(path, code, zh, en));
}

/// <summary>Marks an endpoint whose body may be left out.</summary>
internal sealed record BodyOptional;

/// <summary>Answers with the refusal of the first argument that carries one.</summary>
internal sealed class RefusalFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<IRefusable>().FirstOrDefault(a => a.Problem is not null) is { Problem: { } problem }
            ? ValueTask.FromResult<object?>(problem)
            : next(context);
}
