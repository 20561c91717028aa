using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Workflows.Engine.Faults;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Channels.Sms;

namespace Workflows.Host.Messages;

/// <summary>
/// Takes receipts of the SMS provider. The provider cannot sign in; it knows the address, whose last part is a secret. A
/// receipt says what became of a message and can do nothing else.
/// </summary>
internal static class ReceiptEndpoints
{
    private const int LargestBody = 256 * 1024;
    private const int MostReceipts = 1_000;

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/hooks/sms/{secret}", TakeAsync).AllowAnonymous().ExcludeFromDescription();
        // Gateways such as Kannel report with a GET.
        app.MapGet("/hooks/sms/{secret}", TakeAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> TakeAsync(
        string secret, HttpContext http, IServiceProvider services, IOptions<SmsOptions> options, IDeliveryStore deliveries, EngineClock clock, MessageSignal signal, ILogger<SmsGateway> logger, CancellationToken cancellationToken)
    {
        if (options.Value.ReceiptSecret is not { Length: > 0 } expected || services.GetService<SmsGateway>() is not { } gateway || !Same(secret, expected)
            || (HttpMethods.IsGet(http.Request.Method) && options.Value.Provider != SmsProviderKind.Http))
            return Results.NotFound();
        if (await ReadAsync(http.Request, cancellationToken) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (await gateway.Provider.ReadReceiptsAsync(http.Request, body) is not { } receipts)
        {
            Log.ReceiptRefused(logger, "not a receipt of the configured provider");
            return Results.BadRequest();
        }

        try
        {
            foreach (var receipt in receipts.Take(MostReceipts))
            {
                // Unknown and repeated ones are answered like the others, or the provider would go on for days.
                await deliveries.ReceiveAsync(NullIfEmpty(receipt.Key), gateway.Name, NullIfEmpty(receipt.GatewayId), receipt.State, Short(receipt.Detail), clock.SqlNow, cancellationToken);
                await FaultPoint.Pass(FaultPoint.ReceiptStored);
            }
        }
        // Answered here, because what fails further out is logged with its address, and this address is a secret.
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            Log.ReceiptRefused(logger, e.GetType().Name);
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        signal.Give();
        return Results.Text(gateway.Provider.ReceiptAnswer, "application/json", Encoding.UTF8);
    }

    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestBody + 1];
        var read = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return read > LargestBody ? null : Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static bool Same(string given, string expected) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text.Replace("\0", "", StringComparison.Ordinal);

    private static string Short(string? text) => (text ?? "").Replace("\0", "", StringComparison.Ordinal) is var plain && plain.Length > 200 ? plain[..200] : plain;
}
