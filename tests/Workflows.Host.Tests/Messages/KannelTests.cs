using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Host.Messages;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Messages;

/// <summary>SMS through a gateway none of us wrote, from the host's settings to its receipts.</summary>
public sealed class KannelTests
{
    private const string Secret = "Kx7Qm2Vt9Lp4Rw8Zs3Nd6Bf1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chinese_text_leaves_and_both_receipts_come_back()
    {
        using var kannel = await KannelServer.StartAsync();
        var port = FreePort();
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("urls", $"http://127.0.0.1:{port}"),
            ("Workflows:Sms:Provider", "Http"),
            ("Workflows:Sms:ReceiptSecret", Secret),
            ("Workflows:Sms:Http:Url", $"http://127.0.0.1:{kannel.Port}/cgi-bin/sendsms?username={{user}}&password={{password}}&to={{to}}&text={{text}}&coding=2&charset=UTF-8&dlr-mask=31&dlr-url={{receipt}}"),
            ("Workflows:Sms:Http:User", KannelServer.UserName),
            ("Workflows:Sms:Http:Password", KannelServer.Password),
            ("Workflows:Sms:Http:ReceiptBase", $"http://127.0.0.1:{port}"));
        var deliveries = host.Service<IDeliveryStore>();

        await deliveries.AddAsync([new PlannedDelivery(Deliveries.Sms("i1-7", "待办：促销活动下线审批。办理码 123456"))], [], [], Token);
        host.Service<MessageSignal>().Give();

        var arrived = await Deliveries.UntilAsync(host, "i1-7", DeliveryState.Delivered);
        Assert.Equal((1, 0), (arrived.Attempts, arrived.Doubts));
        Assert.Equal([ReceiptState.OnTheWay, ReceiptState.Delivered], (await deliveries.ListReceiptsAsync("i1-7", Token)).Select(r => r.State).Order());
        var said = await kannel.SaysAsync(text => text.Contains("Got message 1", StringComparison.Ordinal));
        Assert.Contains("+8613812345678 ucs-2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_the_gateways_fault_and_no_message_is_lost()
    {
        using var kannel = await KannelServer.StartAsync();
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Sms:Provider", "Http"),
            ("Workflows:Sms:Http:Url", $"http://127.0.0.1:{kannel.Port}/cgi-bin/sendsms?username={{user}}&password={{password}}&to={{to}}&text={{text}}&coding=2&charset=UTF-8"),
            ("Workflows:Sms:Http:User", KannelServer.UserName),
            ("Workflows:Sms:Http:Password", "wr0ng-s3cret"));

        await host.Service<IDeliveryStore>().AddAsync([new PlannedDelivery(Deliveries.Sms("i1-8", "x"))], [], [], Token);
        host.Service<MessageSignal>().Give();

        var tried = await Deliveries.UntilAsync(host, "i1-8", d => d.Attempts > 0 && d.State == DeliveryState.Queued);
        Assert.Contains("403", tried.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", tried.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_without_the_secret_is_no_receipt()
    {
        await using var host = await HostUnderTest.StartAsync(
            DatabaseKind.Sqlite,
            "Development",
            ("Workflows:Sms:Provider", "Aliyun"),
            ("Workflows:Sms:Aliyun:AccessKeyId", "id"),
            ("Workflows:Sms:Aliyun:AccessKeySecret", "secret"),
            ("Workflows:Sms:Aliyun:SignName", "店铺"),
            ("Workflows:Sms:Aliyun:DefaultTemplate", "SMS_1"),
            ("Workflows:Sms:Aliyun:Endpoint", "http://127.0.0.1:9"),
            ("Workflows:Sms:ReceiptSecret", Secret));
        var deliveries = host.Service<IDeliveryStore>();
        await deliveries.AddAsync([new PlannedDelivery(Deliveries.Sms("i1-9", "x"))], [], [], Token);
        using var provider = host.Anonymous();
        static StringContent Report(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
        const string Delivered = """[{"phone_number":"13812345678","send_time":"2026-11-27 10:00:00","report_time":"2026-11-27 10:00:05","success":true,"err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1","biz_id":"932","out_id":"i1-9"},{"success":false,"out_id":"unheard"}]""";

        Assert.Equal(404, (int)(await provider.PostAsync("/hooks/sms/" + new string('x', 24), Report(Delivered), Token)).StatusCode);
        Assert.Equal(404, (int)(await provider.GetAsync($"/hooks/sms/{Secret}?id=i1-9&status=1", Token)).StatusCode);
        Assert.Equal(400, (int)(await provider.PostAsync("/hooks/sms/" + Secret, Report("hello"), Token)).StatusCode);
        Assert.Equal(413, (int)(await provider.PostAsync("/hooks/sms/" + Secret, Report(new string('x', 300_000)), Token)).StatusCode);
        Assert.NotEqual(DeliveryState.Delivered, (await deliveries.FindAsync("i1-9", Token))!.State);
        for (var twice = 0; twice < 2; twice++)
        {
            var answer = await provider.PostAsync("/hooks/sms/" + Secret, Report(Delivered), Token);
            Assert.Equal((200, """{"code":0,"msg":"成功"}"""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
        }

        Assert.Equal("DELIVERED 用户接收成功", Assert.Single(await deliveries.ListReceiptsAsync("i1-9", Token)).Detail);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Short words for deliveries in tests.</summary>
internal static class Deliveries
{
    public static Delivery Sms(string key, string text) => Of(key, MessageChannels.Sms, "sms", "+8613812345678", text);

    public static Delivery Of(string key, string channel, string gateway, string address, string text) => new()
    {
        Key = key,
        Cause = key,
        InstanceId = "i1",
        Channel = channel,
        Gateway = gateway,
        Address = address,
        Subject = text,
        Body = text,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        DueAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1),
    };

    public static Task<Delivery> UntilAsync(HostUnderTest host, string key, DeliveryState state) => UntilAsync(host, key, d => d.State == state);

    public static Task<Delivery> UntilAsync(HostUnderTest host, string key, Func<Delivery, bool> fits) => Condition.FoundAsync(
        async () => await host.Service<IDeliveryStore>().FindAsync(key, TestContext.Current.CancellationToken) is { } found && fits(found) ? found : null,
        $"The delivery {key} did not come so far.",
        TestContext.Current.CancellationToken);
}
