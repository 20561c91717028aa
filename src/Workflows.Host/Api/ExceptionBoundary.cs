using System.Data.Common;
using Workflows.Activities.Store.Connector;

namespace Workflows.Host.Api;

/// <summary>
/// The boundary of a request: whatever escapes becomes a problem answer and is logged once; the process lives on and no
/// detail of the fault leaves the host.
/// </summary>
internal sealed class ExceptionBoundary(RequestDelegate next, ILogger<ExceptionBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await (bad.StatusCode == 413 ? Refusals.TooLarge : Refusals.BadRequest with { Status = bad.StatusCode }).ExecuteAsync(context);
        }
        catch (InvalidDataException) when (!context.Response.HasStarted && context.Request.HasFormContentType)
        {
            // A form beyond the limits of forms: too many fields, too long a one, a broken part.
            await Refusals.TooLarge.ExecuteAsync(context);
        }
        catch (DbException error) when (!context.Response.HasStarted)
        {
            Log.DatabaseFailed(logger, context.Request.Method, context.Request.Path, error);
            await Refusals.DatabaseAway.ExecuteAsync(context);
        }
        catch (StoreAwayException error) when (!context.Response.HasStarted)
        {
            Log.ShopAway(logger, context.Request.Method, context.Request.Path, error.Message);
            await Refusals.ShopAway.ExecuteAsync(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            Log.RequestFailed(logger, context.Request.Method, context.Request.Path, context.TraceIdentifier, error);
            await Refusals.Internal.With("traceId", context.TraceIdentifier).ExecuteAsync(context);
        }
    }
}
