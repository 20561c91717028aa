using System.Text.Json.Nodes;
using Workflows.Engine.Messages;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>Every test has a database of its own: claims take whatever is due.</summary>
public abstract class DeliveryStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_stored_delivery_reads_back_as_it_was()
    {
        var delivery = Message("d", channel: MessageChannels.Email) with
        {
            TaskId = "t",
            Event = "task.assigned",
            Severity = Severity.High,
            UserName = "wang",
            Subject = "待办",
            Body = "请办理",
            FallbackAt = A.Now + TimeSpan.FromMinutes(2),
            ParentKey = "p",
        };
        await AddAsync(delivery);

        var read = (await Db.Deliveries.FindAsync("d", Token))!;

        Assert.Equal(delivery with { Content = null }, read with { Content = null });
        Assert.Equal("值", (string?)read.Content!["键"]);
        Assert.Null(await Db.Deliveries.FindAsync("other", Token));
    }

    [Fact]
    public async Task A_repeat_of_the_same_effect_changes_nothing()
    {
        await AddAsync(new PlannedDelivery(Message("d"), "same", A.Now - TimeSpan.FromMinutes(10), 1, "2026-03-02"));
        await ClaimAsync();
        await AddAsync(new PlannedDelivery(Message("d") with { Subject = "other" }, "same", A.Now - TimeSpan.FromMinutes(10), 1, "2026-03-02"));

        var read = (await Db.Deliveries.FindAsync("d", Token))!;
        Assert.Equal((DeliveryState.Sending, "subject", 1), (read.State, read.Subject, read.Attempts));
        Assert.Single(await Db.Deliveries.ListAttemptsAsync("d", Token));
    }

    [Fact]
    public async Task Two_claimers_never_share_a_delivery_and_the_weightiest_go_first()
    {
        await AddAsync([.. Enumerable.Range(0, 60).Select(n => Message($"d{n:D2}") with { Severity = n % 10 == 0 ? Severity.Critical : Severity.Normal })]);

        var first = await ClaimAsync(batch: 6);
        var rest = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Db.Deliveries.ClaimAsync(A.Now, "sms", $"host{n}", Lease, 20, Token)));

        Assert.All(first, c => Assert.Equal(Severity.Critical, c.Delivery.Severity));
        var all = first.Concat(rest.SelectMany(r => r)).Select(c => c.Delivery.Key).ToList();
        Assert.Equal((60, 60), (all.Count, all.Distinct().Count()));
    }

    [Fact]
    public async Task A_gateway_gets_its_own_only_and_nothing_before_its_time()
    {
        await AddAsync(Message("mine"), Message("other") with { Gateway = "mail" }, Message("later") with { DueAt = A.Now + TimeSpan.FromMinutes(1) });

        Assert.Equal(["mine"], (await ClaimAsync()).Select(c => c.Delivery.Key));
        Assert.Equal(["later"], (await ClaimAsync(A.Now + TimeSpan.FromMinutes(1), owner: "next")).Where(c => c.Delivery.Key != "mine").Select(c => c.Delivery.Key));
    }

    [Fact]
    public async Task A_claim_that_ran_out_is_offered_again_and_counts_as_doubtful()
    {
        await AddAsync(Message("d"));
        var slept = Assert.Single(await ClaimAsync());

        var again = Assert.Single(await ClaimAsync(A.Now + Lease, owner: "next"));

        Assert.Equal((2, 1), (again.Number, again.Delivery.Doubts));
        Assert.False(await EndAsync(slept, new AttemptEnd(AttemptOutcome.Accepted, DeliveryState.Sent), A.Now + Lease));
        Assert.True(await EndAsync(again, new AttemptEnd(AttemptOutcome.Accepted, DeliveryState.Sent, null, "biz-1"), A.Now + Lease));
        var attempts = await Db.Deliveries.ListAttemptsAsync("d", Token);
        Assert.Equal([(1, AttemptOutcome.Doubtful), (2, AttemptOutcome.Accepted)], attempts.Select(a => (a.Number, a.Outcome)));
        var read = (await Db.Deliveries.FindAsync("d", Token))!;
        Assert.Equal((DeliveryState.Sent, "biz-1", (DateTimeOffset?)(A.Now + Lease)), (read.State, read.GatewayId, read.SentAt));
    }

    [Fact]
    public async Task A_try_that_was_not_taken_comes_again_after_its_wait()
    {
        await AddAsync(Message("d"));
        var claim = Assert.Single(await ClaimAsync());
        await EndAsync(claim, new AttemptEnd(AttemptOutcome.NotTaken, DeliveryState.Queued, "451", RetryAfter: TimeSpan.FromSeconds(7)), A.Now);

        Assert.Empty(await ClaimAsync(A.Now + TimeSpan.FromSeconds(6)));
        Assert.Equal(TimeSpan.FromSeconds(7), await Db.Deliveries.UntilNextAsync("sms", A.Now, Token));
        Assert.Equal((2, 0), Assert.Single(await ClaimAsync(A.Now + TimeSpan.FromSeconds(7))) is var next ? (next.Number, next.Delivery.Doubts) : default);
    }

    [Fact]
    public async Task A_receipt_that_comes_before_the_answer_has_the_last_word()
    {
        await AddAsync(Message("d"));
        var claim = Assert.Single(await ClaimAsync());

        Assert.True(await Db.Deliveries.ReceiveAsync("d", "sms", null, ReceiptState.Delivered, "DELIVERED", A.Now, Token));
        await EndAsync(claim, new AttemptEnd(AttemptOutcome.Doubtful, DeliveryState.Queued, "lost", RetryAfter: TimeSpan.FromSeconds(1)), A.Now);

        Assert.Equal(DeliveryState.Delivered, (await Db.Deliveries.FindAsync("d", Token))!.State);
        Assert.Empty(await ClaimAsync(A.Now + TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(ReceiptState.Delivered, DeliveryState.Delivered)]
    [InlineData(ReceiptState.Failed, DeliveryState.Failed)]
    public async Task What_a_receipt_settled_while_its_host_was_gone_is_not_sent_again(ReceiptState receipt, DeliveryState state)
    {
        await AddAsync(Message("d") with { FallbackAt = A.Now + TimeSpan.FromMinutes(2) }, Message("other"));
        await ClaimAsync();
        await Db.Deliveries.ReceiveAsync("d", "sms", null, receipt, "told", A.Now, Token);

        var again = await ClaimAsync(A.Now + Lease, owner: "next");

        Assert.Equal(["other"], again.Select(c => c.Delivery.Key));
        var read = (await Db.Deliveries.FindAsync("d", Token))!;
        Assert.Equal((state, 1, 1), (read.State, read.Attempts, read.Doubts));
        Assert.Equal(AttemptOutcome.Doubtful, Assert.Single(await Db.Deliveries.ListAttemptsAsync("d", Token)).Outcome);
        Assert.DoesNotContain(await ClaimAsync(A.Now + TimeSpan.FromDays(1), owner: "third"), c => c.Delivery.Key == "d");
    }

    [Fact]
    public async Task Receipts_repeated_out_of_order_or_unknown_change_nothing_that_is_settled()
    {
        await AddAsync(Message("d") with { FallbackAt = A.Now + TimeSpan.FromMinutes(2) });
        var claim = Assert.Single(await ClaimAsync());
        await EndAsync(claim, new AttemptEnd(AttemptOutcome.Accepted, DeliveryState.Sent, null, "biz-1"), A.Now);

        Assert.False(await Db.Deliveries.ReceiveAsync("unheard", "sms", null, ReceiptState.Delivered, "", A.Now, Token));
        Assert.False(await Db.Deliveries.ReceiveAsync(null, "mail", "biz-1", ReceiptState.Delivered, "", A.Now, Token));
        Assert.True(await Db.Deliveries.ReceiveAsync(null, "sms", "biz-1", ReceiptState.Failed, "absent", A.Now, Token));
        Assert.Equal((DeliveryState.Failed, (DateTimeOffset?)A.Now), (await Db.Deliveries.FindAsync("d", Token))! is var failed ? (failed.State, failed.FallbackAt) : default);
        Assert.True(await Db.Deliveries.ReceiveAsync("d", "sms", null, ReceiptState.Delivered, "ok", A.Now, Token));
        await Db.Deliveries.ReceiveAsync("d", "sms", null, ReceiptState.OnTheWay, "status 8", A.Now, Token);
        await Db.Deliveries.ReceiveAsync("d", "sms", null, ReceiptState.Failed, "absent", A.Now, Token);

        var read = (await Db.Deliveries.FindAsync("d", Token))!;
        Assert.Equal((DeliveryState.Delivered, (DateTimeOffset?)null), (read.State, read.FallbackAt));
        Assert.Equal(3, (await Db.Deliveries.ListReceiptsAsync("d", Token)).Count);
    }

    [Fact]
    public async Task The_same_case_within_the_window_is_one_message_unless_the_first_came_to_nothing()
    {
        static PlannedDelivery Same(string key, TimeSpan after) => new(Message(key) with { CreatedAt = A.Now + after, DueAt = A.Now + after }, "task|i|wang|sms", A.Now + after - TimeSpan.FromMinutes(10));
        await AddAsync(Same("a", TimeSpan.Zero));
        await AddAsync(Same("b", TimeSpan.FromMinutes(9)));
        await AddAsync(Same("c", TimeSpan.FromMinutes(10)));
        var claim = (await ClaimAsync(A.Now + TimeSpan.FromMinutes(10))).Single(c => c.Delivery.Key == "c");
        await EndAsync(claim, new AttemptEnd(AttemptOutcome.Refused, DeliveryState.Failed, "550"), A.Now);
        await AddAsync(Same("d", TimeSpan.FromMinutes(11)));

        Assert.Equal((DeliveryState.Merged, "a"), (await Db.Deliveries.FindAsync("b", Token))! is var merged ? (merged.State, merged.MergedInto) : default);
        Assert.Equal(DeliveryState.Queued, (await Db.Deliveries.FindAsync("d", Token))!.State);
    }

    [Fact]
    public async Task Simultaneous_messages_of_one_case_leave_one()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => AddAsync(new PlannedDelivery(Message($"d{n}"), "same", A.Now - TimeSpan.FromMinutes(10)))));

        Assert.Single(await ClaimAsync());
        Assert.Equal(11, (await Db.Deliveries.ListAsync(new DeliveryFilter(DeliveryState.Merged), Token)).Items.Count);
    }

    [Fact]
    public async Task What_cannot_be_stored_spoils_nothing_that_came_with_it()
    {
        // Many at once, so that they share transactions.
        var adding = Enumerable.Range(0, 60).Select(n => AddAsync(n == 30 ? Message("bad") with { Severity = (Severity)9 } : Message($"d{n:D2}"))).ToList();
        await Task.WhenAll(adding.Select(a => a.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Same(adding[30], Assert.Single(adding, a => a.IsFaulted));
        Assert.Equal(59, (await Db.Deliveries.ListAsync(new DeliveryFilter(Limit: 100), Token)).Items.Count);
    }

    [Fact]
    public async Task Of_two_messages_of_one_case_stored_together_the_second_is_judged_by_the_first()
    {
        PlannedDelivery Same(string key, DeliveryState state) => new(Message(key) with { State = state }, "same", A.Now - TimeSpan.FromMinutes(10));
        await AddAsync(Same("a", DeliveryState.Failed), Same("b", DeliveryState.Queued), Same("c", DeliveryState.Queued));

        Assert.Equal(["b"], (await ClaimAsync()).Select(c => c.Delivery.Key));
        Assert.Equal("b", (await Db.Deliveries.FindAsync("c", Token))!.MergedInto);
    }

    [Fact]
    public async Task A_number_gets_no_more_than_its_limit_on_a_day()
    {
        static PlannedDelivery Limited(string key, string day) => new(Message(key) with { FallbackAt = A.Now + TimeSpan.FromMinutes(2) }, null, default, 2, day);
        await AddAsync(Limited("a", "2026-03-02"), Limited("b", "2026-03-02"), Limited("c", "2026-03-02"), Limited("d", "2026-03-03"));

        var refused = Assert.Single((await Db.Deliveries.ListAsync(new DeliveryFilter(DeliveryState.Failed), Token)).Items);
        Assert.Equal((DateTimeOffset?)A.Now, refused.FallbackAt);
        Assert.Equal(3, (await ClaimAsync()).Count);
    }

    [Fact]
    public async Task Held_mails_of_one_person_become_one()
    {
        var due = A.Now + TimeSpan.FromHours(1);
        Delivery Held(string key, string user) => Message(key, MessageChannels.Email) with { State = DeliveryState.Held, Gateway = "mail", UserName = user, Address = user + "@example.com", DueAt = due };
        await AddAsync(Held("a", "wang"), Held("b", "wang"), Held("c", "li"), Message("s") with { State = DeliveryState.Held, DueAt = due });

        Assert.Empty(await Db.Deliveries.FindDigestsAsync(A.Now, 10, Token));
        Assert.Equal(0, await Db.Deliveries.ReleaseHeldAsync(A.Now, Token));
        Assert.Equal(1, await Db.Deliveries.ReleaseHeldAsync(due, Token));
        foreach (var group in await Db.Deliveries.FindDigestsAsync(due, 10, Token))
            await Db.Deliveries.GatherAsync(group, due, items => items[0] with { Key = "digest-" + items[0].Key, State = DeliveryState.Queued, Subject = $"{items.Count}" }, Token);

        Assert.Empty(await Db.Deliveries.FindDigestsAsync(due, 10, Token));
        Assert.Equal(["c", "digest-a"], (await Db.Deliveries.ClaimAsync(due, "mail", "host", Lease, 10, Token)).Select(c => c.Delivery.Key).Order());
        Assert.Equal("digest-a", (await Db.Deliveries.FindAsync("b", Token))!.MergedInto);
    }

    [Fact]
    public async Task A_fallback_is_due_once_and_stores_what_follows()
    {
        await AddAsync(Message("d") with { FallbackAt = A.Now + TimeSpan.FromMinutes(2) });

        Assert.Empty(await Db.Deliveries.FindFallbacksAsync(A.Now, 10, Token));
        var late = Assert.Single(await Db.Deliveries.FindFallbacksAsync(A.Now + TimeSpan.FromMinutes(2), 10, Token));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Db.Deliveries.FallBackAsync(late.Key, Message("d~1") with { ParentKey = "d" }, A.Now, Token)));

        Assert.Empty(await Db.Deliveries.FindFallbacksAsync(A.Now + TimeSpan.FromMinutes(2), 10, Token));
        Assert.Equal("d", (await Db.Deliveries.FindAsync("d~1", Token))!.ParentKey);
    }

    [Fact]
    public async Task What_a_host_behind_the_databases_time_sends_instead_has_its_whole_time_to_arrive()
    {
        var (now, wait) = (A.Now + TimeSpan.FromHours(3), TimeSpan.FromMinutes(2));
        await AddAsync(Message("d") with { FallbackAt = A.Now });
        await Db.Deliveries.FallBackAsync("d", Message("d~1") with { ParentKey = "d", FallbackAt = A.Now + wait }, now, Token);

        Assert.Empty(await Db.Deliveries.FindFallbacksAsync(now, 10, Token));
        var instead = Assert.Single(await Db.Deliveries.FindFallbacksAsync(now + wait, 10, Token));
        Assert.Equal(("d~1", now, now), (instead.Key, instead.CreatedAt, instead.DueAt));
    }

    [Fact]
    public async Task What_failed_is_sent_again_on_a_persons_word_and_nothing_else_is()
    {
        await AddAsync(Message("d"), Message("captured") with { State = DeliveryState.Captured });
        Assert.False(await Db.Deliveries.RequeueAsync("d", Token));
        var claim = Assert.Single(await ClaimAsync());
        await EndAsync(claim, new AttemptEnd(AttemptOutcome.Refused, DeliveryState.Failed, "550"), A.Now);

        Assert.True(await Db.Deliveries.RequeueAsync("d", Token));
        Assert.True(await Db.Deliveries.RequeueAsync("captured", Token));
        Assert.False(await Db.Deliveries.RequeueAsync("unheard", Token));
        Assert.Equal(2, (await Db.Deliveries.ListAsync(new DeliveryFilter(DeliveryState.Queued), Token)).Items.Count);
    }

    [Fact]
    public async Task A_webhook_is_told_again_what_it_was_told_in_a_time()
    {
        foreach (var n in Enumerable.Range(0, 3))
            await AddAsync(Message($"w{n}", MessageChannels.Webhook) with { Gateway = "webhook:erp", CreatedAt = A.Now + TimeSpan.FromMinutes(n) });
        foreach (var claim in await Db.Deliveries.ClaimAsync(A.Now, "webhook:erp", "host", Lease, 10, Token))
            await EndAsync(claim, new AttemptEnd(AttemptOutcome.Accepted, DeliveryState.Sent), A.Now);

        Assert.Equal(2, await Db.Deliveries.ReplayAsync("webhook:erp", A.Now, A.Now + TimeSpan.FromMinutes(2), Token));
        Assert.Equal(2, (await Db.Deliveries.ListAsync(new DeliveryFilter(DeliveryState.Queued), Token)).Items.Count);
    }

    [Fact]
    public async Task Lists_are_filtered_and_turned_page_by_page()
    {
        await AddAsync([.. Enumerable.Range(0, 5).Select(n => Message($"d{n}") with { UserName = n < 4 ? "wang" : "li", CreatedAt = A.Now + TimeSpan.FromSeconds(n / 2) })]);

        var (first, next) = await Db.Deliveries.ListAsync(new DeliveryFilter(UserName: "wang", Limit: 3), Token);
        var (second, end) = await Db.Deliveries.ListAsync(new DeliveryFilter(UserName: "wang", After: next, Limit: 3), Token);

        Assert.Equal(["d3", "d2", "d1", "d0"], first.Concat(second).Select(d => d.Key));
        Assert.Null(end);
        Assert.Equal(5, (await Db.Deliveries.CountAsync(Token))[DeliveryState.Queued]);
    }

    [Fact]
    public async Task A_code_opens_its_page_for_its_person_only_and_not_for_ever()
    {
        await Db.Deliveries.AddAsync([], [], [new MessageCode("123456", "wang", "/tasks/t", A.Now + TimeSpan.FromDays(1))], Token);

        Assert.Equal("/tasks/t", await Db.Deliveries.FindCodeAsync("123456", "wang", A.Now, Token));
        Assert.Null(await Db.Deliveries.FindCodeAsync("123456", "li", A.Now, Token));
        Assert.Null(await Db.Deliveries.FindCodeAsync("123456", "wang", A.Now + TimeSpan.FromDays(1), Token));
    }

    [Fact]
    public async Task Templates_are_versioned_and_a_version_is_saved_once()
    {
        var before = await Db.MessageSettings.ReadStampAsync(Token);
        static StoredTemplate Template(int version, JsonObject? document) => new("task.assigned", "email", "zh", version, document, "wang", A.Now);

        Assert.True(await Db.MessageSettings.SaveTemplateAsync(Template(1, new JsonObject { ["subject"] = "一" }), Token));
        Assert.False(await Db.MessageSettings.SaveTemplateAsync(Template(1, new JsonObject { ["subject"] = "二" }), Token));
        Assert.True(await Db.MessageSettings.SaveTemplateAsync(Template(2, null), Token));

        Assert.Equal(2, Assert.Single(await Db.MessageSettings.ListTemplatesAsync(Token)).Version);
        Assert.Equal([2, 1], (await Db.MessageSettings.ListVersionsAsync("task.assigned", "email", "zh", Token)).Select(v => v.Version));
        Assert.True(await Db.MessageSettings.ReadStampAsync(Token) > before);
        await Db.MessageSettings.SavePreferenceAsync("wang", new JsonObject { ["language"] = "en" }, Token);
        await Db.MessageSettings.SavePreferenceAsync("wang", new JsonObject { ["language"] = "zh" }, Token);
        Assert.Equal("zh", (string?)(await Db.MessageSettings.ListPreferencesAsync(Token))["wang"]["language"]);
    }

    private static Delivery Message(string key, string channel = MessageChannels.Sms) => new()
    {
        Key = key,
        Cause = "cause-" + key,
        InstanceId = "i",
        Channel = channel,
        Gateway = "sms",
        Address = "+8613812345678",
        Subject = "subject",
        Content = new JsonObject { ["键"] = "值" },
        CreatedAt = A.Now,
        DueAt = A.Now,
    };

    private Task AddAsync(params Delivery[] deliveries) => AddAsync([.. deliveries.Select(d => new PlannedDelivery(d))]);

    private Task AddAsync(params PlannedDelivery[] deliveries) => Db.Deliveries.AddAsync(deliveries, [], [], Token);

    private Task<bool> EndAsync(ClaimedDelivery claim, AttemptEnd end, DateTimeOffset now) => Db.Deliveries.EndAsync(claim, end, now, Token);

    private Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(DateTimeOffset? now = null, string owner = "host", int batch = 100) =>
        Db.Deliveries.ClaimAsync(now ?? A.Now, "sms", owner, Lease, batch, Token);
}

public sealed class SqliteDeliveryStoreTests(SqliteFixture fixture) : DeliveryStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresDeliveryStoreTests(PostgresFixture fixture) : DeliveryStoreContract(fixture), IClassFixture<PostgresFixture>;
