using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Workflows.Engine.Expressions;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Messages;
using Workflows.Persistence.Databases;
using Workflows.Testing;

namespace Workflows.Host.Tests.Messages;

/// <summary>When a message leaves and where it goes when it does not arrive: through the host, with a real mail server and an SMS gateway, on the business clock that Development may move.</summary>
public sealed class MessageTimeTests
{
    private const string Secret = "Kx7Qm2Vt9Lp4Rw8Zs3Nd6Bf1";
    private const string Wang = "+8613812345678";
    private const string Manager = "+8613912345678";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_night_only_what_is_weighty_goes_out_and_the_rest_in_the_morning()
    {
        var local = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), ShopTime.China);
        string At(double hours) => local.AddHours(hours).ToString("HH:mm", CultureInfo.InvariantCulture);
        await using var place = await Place.StartAsync(("Workflows:Messages:QuietFrom", At(-1)), ("Workflows:Messages:QuietUntil", At(3)));
        await place.PublishAsync("quiet", "Normal", "早上再看", "sms", "email");
        await place.PublishAsync("urgent", "High", "立即处理", "sms", "email");

        var quiet = await place.StartAsync("quiet");
        var urgent = await place.StartAsync("urgent");
        var held = await place.UntilAsync(quiet, 2, d => d.State == DeliveryState.Held);
        await place.UntilAsync(urgent, 2, d => d.State == DeliveryState.Sent);

        Assert.Equal(["立即处理"], place.Texts(Wang));
        Assert.Equal(["立即处理"], await place.SubjectsAsync("wang", 1));
        Assert.All(held, d => Assert.Equal(At(3), TimeZoneInfo.ConvertTime(d.DueAt, ShopTime.China).ToString("HH:mm", CultureInfo.InvariantCulture)));

        await place.AdvanceAsync("03:01:00");
        await place.UntilAsync(quiet, 2, d => d.State == DeliveryState.Sent);
        Assert.Equal(["立即处理", "早上再看"], place.Texts(Wang));
        Assert.Equal(["早上再看", "立即处理"], (await place.SubjectsAsync("wang", 2)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_receipt_it_goes_on_to_the_next_channel_and_with_one_it_does_not()
    {
        await using var place = await Place.StartAsync(("Workflows:Sms:ReceiptSecret", Secret), ("Workflows:Sms:Http:ReceiptBase", "http://127.0.0.1:9"));
        await place.PublishAsync("alarm", "High", "库存告警", "sms");

        var (arrived, silent) = (await place.StartAsync("alarm"), await place.StartAsync("alarm"));
        var told = Assert.Single(await place.UntilAsync(arrived, 1, d => d.State == DeliveryState.Sent));
        var untold = Assert.Single(await place.UntilAsync(silent, 1, d => d.State == DeliveryState.Sent));
        using (var provider = place.Host.Anonymous())
            Assert.Equal(200, (int)(await provider.GetAsync($"/hooks/sms/{Secret}?id={told.Key}&status=1", Token)).StatusCode);
        await place.AdvanceAsync("00:02:01");

        var all = await place.UntilAsync(silent, 2, d => d.State == DeliveryState.Sent);
        Assert.Equal((MessageChannels.Email, untold.Key, "wang@example.com"), all.Single(d => d.ParentKey is not null) is var mail ? (mail.Channel, mail.ParentKey, mail.Address) : default);
        Assert.Equal(["库存告警"], await place.SubjectsAsync("wang", 1));
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await place.ListAsync(arrived)).State);
        // The mail server took it, and mail gives no receipts: the manager is left alone.
        await place.AdvanceAsync("00:10:00");
        Assert.Equal(2, (await place.ListAsync(silent)).Count);
        Assert.Empty(place.Texts(Manager));
    }

    [Fact]
    public async Task When_a_person_cannot_be_reached_their_manager_is()
    {
        await using var place = await Place.StartAsync();
        place.Refused.Add(Wang);
        await place.GiveAsync("supervisor", "", "13812345678");
        await place.PublishAsync("alarm", "Critical", "支付中断", "sms");

        var id = await place.StartAsync("alarm");
        var all = await place.UntilAsync(id, 2, d => d.State is DeliveryState.Sent or DeliveryState.Failed);

        var (lost, instead) = (all.Single(d => d.ParentKey is null), all.Single(d => d.ParentKey is not null));
        Assert.Equal((DeliveryState.Failed, DeliveryState.Sent, lost.Key, "store_ops_manager"), (lost.State, instead.State, instead.ParentKey, instead.UserName));
        Assert.Empty(place.Texts(Wang));
        Assert.Equal(["支付中断"], place.Texts(Manager));
        await place.AdvanceAsync("00:10:00");
        Assert.Equal(["支付中断"], place.Texts(Manager));
    }

    [Fact]
    public async Task What_is_not_urgent_is_one_mail_at_the_hour_of_the_digest()
    {
        await using var place = await Place.StartAsync();
        string[] subjects = ["一号商品改价", "二号商品改价", "三号商品改价"];
        foreach (var subject in subjects)
            await place.PublishAsync("low" + subject[0], "Low", subject, "email");

        var ids = new List<string>();
        foreach (var subject in subjects)
            ids.Add(await place.StartAsync("low" + subject[0]));
        foreach (var id in ids)
            await place.UntilAsync(id, 1, d => d.State == DeliveryState.Held);
        Assert.Empty((await place.Host.Service<IDeliveryStore>().ListAsync(new DeliveryFilter(Event: MessageEvents.Digest), Token)).Items);
        await place.AdvanceAsync("1.00:00:00");

        foreach (var id in ids)
        {
            var merged = Assert.Single(await place.UntilAsync(id, 1, d => d.State is DeliveryState.Merged or DeliveryState.Sent), d => d.Event != MessageEvents.Digest);
            Assert.StartsWith("digest-", merged.MergedInto, StringComparison.Ordinal);
        }

        var mail = Assert.Single(await place.MailsAsync("wang", 1));
        var text = mail.All.Single(p => p.Type == "text/plain").Text;
        Assert.All(subjects, s => Assert.Contains(s, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_gets_so_many_texts_a_day_and_more_only_when_it_is_critical()
    {
        await using var place = await Place.StartAsync(("Workflows:Sms:DailyPerNumber", "2"));
        await place.PublishAsync("often", "Normal", "普通通知", "sms");
        await place.PublishAsync("crisis", "Critical", "紧急通知", "sms");

        var sent = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            sent.Add(await place.StartAsync("often"));
            await place.UntilAsync(sent[n], 1, d => d.State is DeliveryState.Sent or DeliveryState.Failed);
        }

        await place.UntilAsync(await place.StartAsync("crisis"), 1, d => d.State == DeliveryState.Sent);
        var refused = Assert.Single(await place.ListAsync(sent[2]));
        Assert.Equal(DeliveryState.Failed, refused.State);
        Assert.Contains("每号码上限 2 条", refused.LastError, StringComparison.Ordinal);
        Assert.Equal(["普通通知", "普通通知", "紧急通知"], place.Texts(Wang));

        await place.AdvanceAsync("1.00:00:00");
        await place.UntilAsync(await place.StartAsync("often"), 1, d => d.State == DeliveryState.Sent);
        Assert.Equal(4, place.Texts(Wang).Count);
    }

    /// <summary>A host, exim, and an SMS gateway that writes down what it takes. There are no quiet hours unless a test asks for them.</summary>
    private sealed class Place : IAsyncDisposable
    {
        private static readonly (string Name, string Value)[] NoQuietHours = [("Workflows:Messages:QuietFrom", "00:00"), ("Workflows:Messages:QuietUntil", "00:00")];

        private readonly EximServer _mail;
        private readonly WebApplication _sms;
        private readonly ConcurrentQueue<(string To, string Text)> _texts = new();

        private Place(EximServer mail, WebApplication sms) => (_mail, _sms) = (mail, sms);

        public HostUnderTest Host { get; private set; } = null!;

        /// <summary>Numbers the gateway wants nothing for.</summary>
        public ConcurrentBag<string> Refused { get; } = [];

        public static async Task<Place> StartAsync(params (string Name, string Value)[] settings)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var place = new Place(await EximServer.StartAsync(), builder.Build());
            place._sms.MapGet("/send", (string to, string text) =>
            {
                if (place.Refused.Contains(to))
                    return Results.StatusCode(422);
                place._texts.Enqueue((to, text));
                return Results.Ok();
            });
            await place._sms.StartAsync(Token);
            place.Host = await HostUnderTest.StartAsync(
                DatabaseKind.Sqlite,
                "Development",
                [
                    ("Workflows:Mail:Host", EximServer.Host),
                    ("Workflows:Mail:Port", place._mail.StartTlsPort.ToString(CultureInfo.InvariantCulture)),
                    ("Workflows:Mail:UserName", EximServer.UserName),
                    ("Workflows:Mail:Password", EximServer.Password),
                    ("Workflows:Mail:From", "flow@shop.example"),
                    ("Workflows:Mail:TrustedRoot", place._mail.RootFile),
                    ("Workflows:Sms:Provider", "Http"),
                    ("Workflows:Sms:Http:Url", place._sms.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/send?to={to}&text={text}"),
                    .. settings.Any(s => s.Name == "Workflows:Messages:QuietFrom") ? [] : NoQuietHours,
                    .. settings,
                ]);
            await place.GiveAsync("supervisor", "wang@example.com", "13812345678");
            await place.GiveAsync("store_ops_manager", "", "13912345678");
            return place;
        }

        public async Task GiveAsync(string user, string mail, string mobile)
        {
            var store = Host.Service<IOrganisationStore>();
            var person = (await store.ListAsync(Token)).Single(p => p.UserName == user);
            await store.SaveAsync([person with { Email = mail.Length > 0 ? mail : null, Mobile = mobile }], Token);
            await Host.Service<OrganisationCache>().RefreshAsync(Token);
        }

        /// <summary>A definition that tells the supervisor one thing.</summary>
        public Task PublishAsync(string id, string severity, string words, params string[] channels) => Flows.PublishAsync(Host, Flows.Sequence(id, $$$$"""
            {"id":"m","type":"Notify.Message","version":1,
             "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"supervisor\"]"}},
             "channels":{"typeName":"String[]","expression":{"type":"Object","value":{{{{JsonValue.Create(new JsonArray([.. channels.Select(c => (JsonNode)c)]).ToJsonString()).ToJsonString()}}}}}},
             "severity":{"typeName":"String","expression":{"type":"Literal","value":"{{{{severity}}}}"}},
             "subject":{"typeName":"String","expression":{"type":"Literal","value":"{{{{words}}}}"}},
             "body":{"typeName":"String","expression":{"type":"Literal","value":"{{{{words}}}}"}}}
            """));

        public async Task<string> StartAsync(string definitionId)
        {
            using var owner = await Host.AsAsync("activity_owner");
            return await Flows.StartAsync(owner, definitionId);
        }

        public async Task AdvanceAsync(string by)
        {
            using var admin = await Host.AsAsync("super_admin");
            Assert.Equal(200, (await admin.PostAsync("/dev/clock/advance", new { by })).Status);
            // What comes due by the message loop is done by hand, so that what does not happen can be told too.
            var loop = Host.Service<MessageLoop>();
            while (await loop.RunOnceAsync(Token) > 0)
            {
            }
        }

        public async Task<IReadOnlyList<Delivery>> ListAsync(string instanceId) => (await Host.Service<IDeliveryStore>().ListAsync(new DeliveryFilter(InstanceId: instanceId, Limit: 200), Token)).Items;

        public Task<IReadOnlyList<Delivery>> UntilAsync(string instanceId, int count, Func<Delivery, bool> fits) => Condition.FoundAsync(
            async () => await ListAsync(instanceId) is var all && all.Count >= count && all.All(fits) ? all : null,
            $"The {count} messages of the instance did not come so far.",
            Token);

        /// <summary>What the gateway took for a number, in order: the words before the code.</summary>
        public IReadOnlyList<string> Texts(string number) => [.. _texts.Where(t => t.To == number).Select(t => t.Text.Split('。')[0])];

        public async Task<IReadOnlyList<ReadMail>> MailsAsync(string user, int expected) => [.. (await _mail.MailsOfAsync(user, expected)).Select(ReadMail.Of)];

        public async Task<IReadOnlyList<string?>> SubjectsAsync(string user, int expected) => [.. (await MailsAsync(user, expected)).Select(m => m.Header("Subject"))];

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await _sms.DisposeAsync();
            _mail.Dispose();
        }
    }
}
