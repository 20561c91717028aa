using System.Text.Json.Nodes;
using Workflows.Engine.Instances;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Persistence.Inbox;
using Workflows.Testing;

namespace Workflows.Persistence.Tests;

/// <summary>Every test has a database of its own: claims take whatever is due.</summary>
public abstract class OutboxStoreContract(DatabaseFixture fixture) : OwnDatabaseContract(fixture)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_claimed_effect_reads_back_as_it_was_stored()
    {
        var effect = A.Effect("i-1", "i", EffectClass.Irreversible, payload: new JsonObject { ["to"] = "王芳" }) with { BookmarkId = "b", MaxAttempts = 3 };
        await AddAsync(effect);

        var claim = Assert.Single(await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token));

        Assert.Equal("王芳", (string?)claim.Effect.Payload!["to"]);
        Assert.Equal(effect with { Payload = null }, claim.Effect with { Payload = null });
        Assert.Equal((0, false), (claim.Attempts, claim.AnswerLost));
    }

    [Fact]
    public async Task Two_claimers_never_share_an_effect()
    {
        await AddAsync([.. Enumerable.Range(0, 200).Select(n => A.Effect($"e{n}"))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Db.Outbox.ClaimAsync(A.Now, $"host{n}", Lease, 40, beginNotices: false, Token)));
        var rest = await Db.Outbox.ClaimAsync(A.Now, "last", Lease, 1000, beginNotices: false, Token);

        var all = claims.SelectMany(c => c).Concat(rest).Select(c => c.Effect.Key).ToList();
        Assert.Equal(200, all.Count);
        Assert.Equal(200, all.Distinct().Count());
    }

    [Fact]
    public async Task Effects_that_have_not_ended_are_told_from_those_that_have()
    {
        await AddAsync(A.Effect("attempting"), A.Effect("claimed"), A.Effect("done"));
        var claims = await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token);
        await Db.Outbox.BeginAttemptsAsync([.. claims.Where(c => c.Effect.Key != "claimed")], Token);
        await Db.Committer.EndAsync(new EffectEnd(claims.Single(c => c.Effect.Key == "done"), EffectState.Done, null));
        await AddAsync(A.Effect("queued"));

        Assert.Equal(["attempting", "claimed", "queued"], await Db.Outbox.FindOpenAsync(["queued", "done", "claimed", "attempting", "unheard"], Token));
        Assert.Equal(["queued"], await Db.Outbox.FindOpenAsync(["queued", "done"], Token));
    }

    [Fact]
    public async Task An_effect_is_not_offered_before_its_time()
    {
        await AddAsync(A.Effect("e", dueAt: A.Now + TimeSpan.FromMinutes(1)));

        Assert.Empty(await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token));
        Assert.Equal(TimeSpan.FromMinutes(1), await Db.Outbox.UntilNextAsync(A.Now, Token));
        Assert.Single(await Db.Outbox.ClaimAsync(A.Now + TimeSpan.FromMinutes(1), "host", Lease, 10, beginNotices: false, Token));
        Assert.Null(await Db.Outbox.UntilNextAsync(A.Now, Token));
    }

    [Fact]
    public async Task A_host_that_slept_past_its_lease_can_record_nothing()
    {
        await AddAsync(A.Effect("e"));
        var asleep = (await Db.Outbox.ClaimAsync(A.Now, "asleep", Lease, 10, beginNotices: false, Token)).Single();
        var taken = (await Db.Outbox.ClaimAsync(A.Now + Lease, "awake", Lease, 10, beginNotices: false, Token)).Single();

        Assert.Empty(await Db.Outbox.BeginAttemptsAsync([asleep], Token));
        await Db.Committer.EndAsync(new EffectEnd(asleep, EffectState.Failed, "stale"));
        await Db.Outbox.RescheduleAsync(asleep, A.Now, TimeSpan.Zero, "stale", answerLost: false, Token);

        Assert.False(taken.AnswerLost);
        Assert.Equal(["e"], await Db.Outbox.BeginAttemptsAsync([taken], Token));
        await Db.Committer.EndAsync(new EffectEnd(taken, EffectState.Done, null));
        var row = Assert.Single(await Db.Outbox.ListAsync(null, null, 10, Token));
        Assert.Equal((EffectState.Done, 1, null), (row.State, row.Attempts, row.LastError));
    }

    [Fact]
    public async Task By_the_databases_clock_an_attempt_must_begin_within_its_lease()
    {
        await AddAsync(A.Effect("e", dueAt: DateTimeOffset.UnixEpoch));
        var claim = (await Db.Outbox.ClaimAsync(null, "host", TimeSpan.Zero, 10, beginNotices: false, Token)).Single();

        Assert.Empty(await Db.Outbox.BeginAttemptsAsync([claim], Token));
    }

    [Fact]
    public async Task A_notice_can_be_begun_with_its_claim_and_an_irreversible_act_never_is()
    {
        await AddAsync(A.Effect("notice"), A.Effect("act", @class: EffectClass.Irreversible));

        var claims = (await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: true, Token)).ToDictionary(c => c.Effect.Key);
        var later = (await Db.Outbox.ClaimAsync(A.Now + Lease, "other", Lease, 10, beginNotices: true, Token)).ToDictionary(c => c.Effect.Key);

        Assert.Equal((0, false, true), (claims["notice"].Attempts, claims["notice"].AnswerLost, claims["notice"].HasBegun));
        Assert.Equal((0, false, false), (claims["act"].Attempts, claims["act"].AnswerLost, claims["act"].HasBegun));
        Assert.Equal((1, true), (later["notice"].Attempts, later["notice"].AnswerLost));
        Assert.Equal((0, false), (later["act"].Attempts, later["act"].AnswerLost));
    }

    [Fact]
    public async Task The_answer_of_an_attempt_stays_lost_until_somebody_settles_it()
    {
        await AddAsync(A.Effect("e"));
        var first = (await Db.Outbox.ClaimAsync(A.Now, "first", Lease, 10, beginNotices: false, Token)).Single();
        await Db.Outbox.BeginAttemptsAsync([first], Token);

        var second = (await Db.Outbox.ClaimAsync(A.Now + Lease, "second", Lease, 10, beginNotices: false, Token)).Single();
        var third = (await Db.Outbox.ClaimAsync(A.Now + (2 * Lease), "third", Lease, 10, beginNotices: false, Token)).Single();

        Assert.Equal((1, true), (second.Attempts, second.AnswerLost));
        Assert.Equal((1, true), (third.Attempts, third.AnswerLost));
    }

    [Fact]
    public async Task A_rescheduled_effect_comes_back_after_its_delay_with_its_attempts_counted()
    {
        await AddAsync(A.Effect("e"));
        var claim = (await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token)).Single();
        await Db.Outbox.BeginAttemptsAsync([claim], Token);

        await Db.Outbox.RescheduleAsync(claim, A.Now, TimeSpan.FromMinutes(5), "busy", answerLost: false, Token);

        Assert.Empty(await Db.Outbox.ClaimAsync(A.Now + TimeSpan.FromMinutes(4), "host", Lease, 10, beginNotices: false, Token));
        var again = (await Db.Outbox.ClaimAsync(A.Now + TimeSpan.FromMinutes(5), "host", Lease, 10, beginNotices: false, Token)).Single();
        Assert.Equal((1, false), (again.Attempts, again.AnswerLost));
        Assert.Equal("busy", Assert.Single(await Db.Outbox.ListAsync(null, EffectState.Claimed, 10, Token)).LastError);
    }

    [Fact]
    public async Task A_try_whose_answer_was_lost_stays_on_record_when_it_is_put_back()
    {
        var id = A.Id();
        await CommitAsync(new ChangeSet { Instance = A.Instance(id), EffectsAdded = [A.Effect("e", id)] });
        var claim = (await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token)).Single();
        await Db.Outbox.BeginAttemptsAsync([claim], Token);

        await Db.Outbox.RescheduleAsync(claim, A.Now, TimeSpan.Zero, "no answer", answerLost: true, Token);
        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 1), EffectsSettled = [new("e", EffectState.Cancelled)] });

        // What may have been sent cannot be withdrawn as if it had not.
        Assert.True((await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token)).Single().AnswerLost);
    }

    [Fact]
    public async Task After_a_crash_everything_is_offered_again_and_running_attempts_count_as_lost()
    {
        await AddAsync(A.Effect("claimed"), A.Effect("attempting"));
        var claims = await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token);
        await Db.Outbox.BeginAttemptsAsync([.. claims.Where(c => c.Effect.Key == "attempting")], Token);

        await Db.Outbox.ReleaseAllAsync(Token);

        Assert.Equal(TimeSpan.Zero, await Db.Outbox.UntilNextAsync(A.Now, Token));
        var offered = await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token);
        Assert.Equal([("attempting", true), ("claimed", false)], offered.Select(c => (c.Effect.Key, c.AnswerLost)));
    }

    [Fact]
    public async Task An_instance_settles_only_what_is_not_final()
    {
        var id = A.Id();
        await CommitAsync(new ChangeSet { Instance = A.Instance(id), EffectsAdded = [A.Effect("queued", id), A.Effect("done", id), A.Effect("attempting", id)] });
        var claims = (await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token)).ToDictionary(c => c.Effect.Key);
        await Db.Outbox.RescheduleAsync(claims["queued"], A.Now, TimeSpan.FromHours(1), "later", answerLost: false, Token);
        await Db.Committer.EndAsync(new EffectEnd(claims["done"], EffectState.Done, null));
        await Db.Outbox.BeginAttemptsAsync([claims["attempting"]], Token);

        await CommitAsync(new ChangeSet
        {
            Instance = A.Instance(id, 1),
            EffectsSettled = [new("queued", EffectState.Cancelled), new("done", EffectState.Cancelled), new("attempting", EffectState.Cancelled)],
        });

        var states = (await Db.Outbox.ListAsync(id, null, 10, Token)).ToDictionary(e => e.Key, e => e.State);
        Assert.Equal(EffectState.Cancelled, states["queued"]);
        Assert.Equal(EffectState.Done, states["done"]);
        // On its way: what becomes of it must still be recorded.
        Assert.Equal(EffectState.Attempting, states["attempting"]);

        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 2), EffectsSettled = [new("attempting", EffectState.Unknown, "no answer")] });
        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 3), EffectsSettled = [new("attempting", EffectState.Done)] });
        Assert.Equal(EffectState.Done, Assert.Single(await Db.Outbox.ListAsync(id, EffectState.Done, 10, Token), e => e.Key == "attempting").State);
    }

    [Fact]
    public async Task An_operator_can_send_again_what_failed_or_is_unknown_and_nothing_else()
    {
        await AddAsync(A.Effect("failed"), A.Effect("done"));
        var claims = (await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token)).ToDictionary(c => c.Effect.Key);
        await Db.Outbox.BeginAttemptsAsync([.. claims.Values], Token);
        await Db.Committer.EndAsync(new EffectEnd(claims["failed"], EffectState.Failed, "refused"));
        await Db.Committer.EndAsync(new EffectEnd(claims["done"], EffectState.Done, null));
        Assert.Equal("refused", Assert.Single(await Db.Outbox.ListAsync(null, EffectState.Failed, 10, Token)).LastError);

        Assert.True(await Db.Outbox.RequeueAsync("failed", Token));
        Assert.False(await Db.Outbox.RequeueAsync("done", Token));
        Assert.False(await Db.Outbox.RequeueAsync("unheard of", Token));

        var again = Assert.Single(await Db.Outbox.ClaimAsync(A.Now, "host", Lease, 10, beginNotices: false, Token));
        Assert.Equal(("failed", 0, false), (again.Effect.Key, again.Attempts, again.AnswerLost));
    }

    [Fact]
    public async Task A_notice_begun_by_its_commit_is_offered_to_others_only_when_the_lease_is_over_and_then_as_one_whose_answer_was_lost()
    {
        await AddBegunAsync("mine", "queued");

        Assert.Equal("queued", Assert.Single(await Db.Outbox.ClaimAsync(A.Now, "other", Lease, 10, beginNotices: false, Token)).Effect.Key);
        Assert.Equal(["mine", "queued"], await Db.Outbox.FindOpenAsync(["mine", "queued"], Token));
        Assert.Empty(await Db.Outbox.ClaimAsync(A.Now + Lease - TimeSpan.FromMilliseconds(1), "other", Lease, 10, beginNotices: true, Token));

        var taken = (await Db.Outbox.ClaimAsync(A.Now + Lease, "other", Lease, 10, beginNotices: true, Token)).Single(c => c.Effect.Key == "mine");
        Assert.Equal((1, true), (taken.Attempts, taken.AnswerLost));
    }

    [Fact]
    public async Task A_notice_begun_by_its_commit_is_ended_by_whoever_holds_it_and_by_nobody_else()
    {
        var mine = (await AddBegunAsync("mine"))[0];
        await Db.Committer.EndAsync(new EffectEnd(mine with { Token = "given:another" }, EffectState.Failed, "stale"));
        Assert.Equal(EffectState.Attempting, Assert.Single(await Db.Outbox.ListAsync(null, null, 10, Token)).State);

        await Db.Committer.EndAsync(new EffectEnd(mine, EffectState.Failed, "no such\0 address \ud83d"));

        var ended = Assert.Single(await Db.Outbox.ListAsync(null, null, 10, Token));
        Assert.Equal((EffectState.Failed, 1, "no such\ufffd address \ufffd"), (ended.State, ended.Attempts, ended.LastError));
    }

    [Fact]
    public async Task A_notice_begun_by_its_commit_can_be_put_back_but_not_withdrawn()
    {
        var id = A.Id();
        await CommitAsync(new ChangeSet { Instance = A.Instance(id), EffectsAdded = [A.Effect("e", id)], EffectsBegun = Start("e") });

        await CommitAsync(new ChangeSet { Instance = A.Instance(id, 1), EffectsSettled = [new("e", EffectState.Cancelled)] });
        Assert.Equal(EffectState.Attempting, Assert.Single(await Db.Outbox.ListAsync(id, null, 10, Token)).State);

        await Db.Outbox.RescheduleAsync(new ClaimedEffect(A.Effect("e", id), 0, false, "given:mine", true), A.Now, TimeSpan.Zero, "busy", answerLost: false, Token);
        var again = Assert.Single(await Db.Outbox.ClaimAsync(A.Now, "other", Lease, 10, beginNotices: true, Token));
        Assert.Equal((1, false), (again.Attempts, again.AnswerLost));
    }

    [Fact]
    public async Task The_lease_of_a_notice_begun_by_its_commit_counts_by_the_databases_clock_when_none_is_given()
    {
        await CommitAsync(new ChangeSet
        {
            Instance = A.Instance(),
            EffectsAdded = [A.Effect("over"), A.Effect("held")],
            EffectsBegun = new EffectStart(new HashSet<string> { "over", "held" }, "host", "database:mine", TimeSpan.FromMinutes(1), null),
        });
        await Db.ExecuteAsync("update effect set lease_until = lease_until - 60000000 where key = 'over'");

        Assert.Equal("over", Assert.Single(await Db.Outbox.ClaimAsync(null, "other", Lease, 10, beginNotices: true, Token)).Effect.Key);
    }

    [Fact]
    public async Task A_message_inside_the_product_is_delivered_by_the_commit_that_asks_for_it()
    {
        var id = A.Id();
        var notice = new Notice("i-1", "alice", "主题", "正文", "task", id, A.Now);
        await CommitAsync(new ChangeSet { Instance = A.Instance(id), EffectsAdded = [A.Effect("i-1", id), A.Effect("i-2", id)], Notices = [notice] });

        Assert.Equal([notice], (await new NoticeStore(Db.Database).ListAsync("alice", null, 10, Token)).Items);
        var effects = (await Db.Outbox.ListAsync(id, null, 10, Token)).ToDictionary(e => e.Key);
        Assert.Equal((EffectState.Done, 1), (effects["i-1"].State, effects["i-1"].Attempts));
        Assert.Equal((EffectState.Queued, 0), (effects["i-2"].State, effects["i-2"].Attempts));
        Assert.Equal("i-2", Assert.Single(await Db.Outbox.ClaimAsync(A.Now + TimeSpan.FromDays(1), "other", Lease, 10, beginNotices: true, Token)).Effect.Key);
    }

    [Fact]
    public async Task Ends_travel_with_members_that_lose_or_are_refused_and_arrive_all_the_same()
    {
        var claims = await AddBegunAsync([.. Enumerable.Range(0, 40).Select(n => $"e{n:D2}")]);
        var taken = A.Id();
        await CommitAsync(A.ChangeSet(taken));

        var outcomes = new List<Task<CommitOutcome>>();
        var ends = new List<Task>();
        foreach (var claim in claims)
        {
            var refused = A.ChangeSet();
            outcomes.Add(Db.Committer.CommitAsync(A.ChangeSet(), Token));
            outcomes.Add(Db.Committer.CommitAsync(A.ChangeSet(taken), Token));
            outcomes.Add(Db.Committer.CommitAsync(refused with { Instance = refused.Instance with { Status = WorkflowStatus.Finished, SubStatus = WorkflowSubStatus.Finished, FinishedAt = null } }, Token));
            ends.Add(Db.Committer.EndAsync(new EffectEnd(claim, EffectState.Done, null)));
        }

        await Task.WhenAll(ends);
        var all = await Task.WhenAll(outcomes);

        Assert.Equal((40, 40, 40), (all.Count(o => o is CommitOutcome.Committed), all.Count(o => o is CommitOutcome.LostRace), all.Count(o => o is CommitOutcome.Poisoned)));
        Assert.Equal(40, (await Db.Outbox.ListAsync(null, EffectState.Done, 100, Token)).Count);
    }

    private static EffectStart Start(params string[] keys) => new(keys.ToHashSet(), "host", "given:mine", Lease, A.Now);

    /// <summary>Adds effects of which all but one called "queued" are begun by their commit.</summary>
    private async Task<IReadOnlyList<ClaimedEffect>> AddBegunAsync(params string[] keys)
    {
        var effects = keys.Select(k => A.Effect(k)).ToArray();
        await CommitAsync(new ChangeSet { Instance = A.Instance(), EffectsAdded = effects, EffectsBegun = Start([.. keys.Where(k => k != "queued")]) });
        return [.. effects.Select(e => new ClaimedEffect(e, 0, false, "given:mine", true))];
    }

    private Task AddAsync(params Effect[] effects) => CommitAsync(new ChangeSet { Instance = A.Instance(), EffectsAdded = effects });
}

public sealed class SqliteOutboxStoreTests(SqliteFixture fixture) : OutboxStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresOutboxStoreTests(PostgresFixture fixture) : OutboxStoreContract(fixture), IClassFixture<PostgresFixture>;
