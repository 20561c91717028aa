using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Engine.UserTasks;
using Workflows.Host.Security;

namespace Workflows.Host.Api;

/// <summary>The caller's Idempotency-Key made unique to the person, with the fingerprint of the request.</summary>
internal sealed record RequestKey(string Key, string Fingerprint)
{
    /// <summary>The key of the request at hand; null when the caller sent none.</summary>
    public static RequestKey? Of(HttpContext context) => context.Features.Get<RequestKey>();

    /// <summary>The same for the runtime, which commits the answer together with the act.</summary>
    public IdempotencyKey ForRuntime(Func<InstanceRow, UserTask?, StoredAnswer> answer) => new(Key, Fingerprint, (row, task) => answer(row, task).ToText());
}

/// <summary>Marks an endpoint whose act changes an instance: the runtime commits key and answer with it, so nothing is left to do here.</summary>
internal sealed record AnswerCommittedWithAct;

/// <summary>Marks an endpoint whose answer holds a secret: it is never stored, so a repeat acts again.</summary>
internal sealed record AnswerNotKept;

/// <summary>
/// Same request, same answer: on every state-changing route.
/// </summary>
/// <remarks>
/// Acts on instances carry the key into their transaction, so a repeat cannot act twice, whatever dies when. Acts elsewhere
/// (definitions, imports, events) are repeatable by themselves or guarded by revisions; their answer is kept right after the
/// act, and two simultaneous requests with one key are ordered in this process. Only successes are kept: a refusal changed
/// nothing, and a later try may succeed.
/// </remarks>
internal sealed class IdempotencyFilter(IInstanceStore stimuli, IAnswerStore answers, EngineClock clock) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 200;

    private static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (text, refused) = KeyOf(http.Request);
        if (text is null)
            return refused ?? await next(context);

        var body = await BufferedBody.OfAsync(http);
        if (body.Bytes is null)
            return Refusals.TooLarge;
        var key = new RequestKey($"api:{Actor.NameOf(http.User)}:{text}", body.Fingerprint(http.Request));
        http.Features.Set(key);
        if (http.GetEndpoint()?.Metadata is { } metadata && (metadata.GetMetadata<AnswerCommittedWithAct>() is not null || metadata.GetMetadata<AnswerNotKept>() is not null))
            return await next(context);
        return await AnswerOnceAsync(key, context, next);
    }

    /// <summary>The key a request carries, or why it is none.</summary>
    public static (string? Key, Problem? Problem) KeyOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var sent))
            return (null, null);
        return sent.Count == 1 && sent[0] is { Length: > 0 and <= LongestKey } text && text.All(c => c is >= '!' and <= '~')
            ? (text, null)
            : (null, Refusals.BadHeader.At(Header, "bad-key", $"幂等键须为 1 到 {LongestKey} 个可见 ASCII 字符", $"a key is 1 to {LongestKey} visible ASCII characters"));
    }

    private async Task<object?> AnswerOnceAsync(RequestKey key, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var turn = Turns[(uint)key.Key.GetHashCode(StringComparison.Ordinal) % Turns.Length];
        await turn.WaitAsync(context.HttpContext.RequestAborted);
        try
        {
            if (await stimuli.FindStimulusAsync(key.Key, context.HttpContext.RequestAborted) is { } earlier)
                return Again(earlier, key);
            var answer = await next(context);
            if (answer is StoredAnswer { Status: < 300 } kept)
                await answers.AddAsync(new StimulusRow(key.Key, key.Fingerprint, "", kept.ToText(), clock.GetUtcNow()), CancellationToken.None);
            return answer;
        }
        finally
        {
            turn.Release();
        }
    }

    private static IResult Again(StimulusRow earlier, RequestKey key) =>
        earlier.Fingerprint != key.Fingerprint || earlier.Answer is null ? Refusals.KeyReused : StoredAnswer.Replay(earlier.Answer);
}
