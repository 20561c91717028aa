using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Workflows.Engine.Messages;
using Workflows.Host.Messages;

namespace Workflows.Host.Channels.Sms;

/// <summary>Carries SMS to the provider of the settings.</summary>
internal sealed class SmsGateway : IMessageGateway, IDisposable
{
    private readonly SmsOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayClient _client = new();

    public SmsGateway(IOptions<SmsOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        Provider = _options.Provider switch
        {
            SmsProviderKind.Aliyun => new AliyunSms(_options.Aliyun, HasReceipts),
            SmsProviderKind.Tencent => new TencentSms(_options.Tencent, HasReceipts),
            SmsProviderKind.Http => new HttpSms(_options.Http, _options.ReceiptSecret),
            _ => throw new InvalidOperationException("No SMS provider is configured."),
        };
    }

    public ISmsProvider Provider { get; }

    public string Name => "sms";

    public int Places => _options.Places;

    public bool IsKeyed => Provider.IsKeyed;

    public bool GivesReceipts => Provider.GivesReceipts;

    private bool HasReceipts => !string.IsNullOrEmpty(_options.ReceiptSecret);

    public async Task<SendOutcome> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var content = delivery.Content ?? [];
        var values = content["values"] is JsonObject named ? named.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value ?? "")).ToList() : [];
        var (request, refusal) = Provider.Build(new Sms(delivery.Key, delivery.Address, delivery.Body, (string?)content["template"], values), _time.GetUtcNow());
        if (request is null)
            return new SendOutcome.Refused(refusal!);
        using (request)
            return await _client.SendAsync(request, _options.Timeout, Provider.Read, cancellationToken);
    }

    public void Dispose() => _client.Dispose();
}
