using Microsoft.Extensions.Options;
using Workflows.Engine.Outbox;
using Workflows.Engine.Runtime;
using Workflows.Engine.Storage;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Runtime;

public sealed class OutboxDoorTests
{
    private static readonly Effect Notice = A.Effect("n");

    private readonly List<(string Key, string Token)> _performed = [];
    private readonly OutboxDoor _door = new([new Mail(), new Site()], new ManualClock(), Options.Create(new EngineOptions { EffectConcurrency = 2 }));

    [Fact]
    public void A_notice_that_is_due_at_once_is_begun_and_handed_over_after_the_commit()
    {
        Open();

        using var departure = _door.Prepare(Changes(Notice, A.Effect("m")));

        Assert.Equal(["m", "n"], departure.Changes.EffectsBegun!.Keys.Order());
        Assert.False(departure.LeavesQueued);
        Assert.Empty(_performed);
        departure.Send();
        Assert.Equal([("n", departure.Changes.EffectsBegun.Token), ("m", departure.Changes.EffectsBegun.Token)], _performed);
    }

    [Fact]
    public void Every_change_set_has_a_claim_of_its_own()
    {
        Open();
        using var first = _door.Prepare(Changes(Notice));
        using var second = _door.Prepare(Changes(Notice));

        Assert.NotEqual(first.Changes.EffectsBegun!.Token, second.Changes.EffectsBegun!.Token);
    }

    [Fact]
    public void What_must_not_be_repeated_or_is_not_due_yet_or_has_no_channel_is_queued()
    {
        Open();

        using var departure = _door.Prepare(Changes(
            A.Effect("irreversible", @class: EffectClass.Irreversible), A.Effect("later", dueAt: A.Now.AddSeconds(1)), Notice with { Kind = "unknown" }));

        Assert.Null(departure.Changes.EffectsBegun);
        Assert.True(departure.LeavesQueued);
    }

    [Fact]
    public void Nothing_is_begun_while_no_loop_runs_or_as_many_are_under_way_as_may_be()
    {
        using (var before = _door.Prepare(Changes(Notice)))
            Assert.Null(before.Changes.EffectsBegun);

        Open();
        _door.Enter();
        _door.Enter();
        using (var full = _door.Prepare(Changes(Notice)))
            Assert.Null(full.Changes.EffectsBegun);
        _door.Leave();
        using (var room = _door.Prepare(Changes(Notice)))
            Assert.NotNull(room.Changes.EffectsBegun);

        _door.Close();
        using var after = _door.Prepare(Changes(Notice));
        Assert.Null(after.Changes.EffectsBegun);
    }

    [Fact]
    public void Commits_on_their_way_begin_a_bounded_number_and_make_room_when_they_are_over()
    {
        Open();
        var many = Changes([.. Enumerable.Range(0, 1_200).Select(n => A.Effect($"e{n}"))]);

        using (var departure = _door.Prepare(many))
        {
            Assert.Equal(1_000, departure.Changes.EffectsBegun!.Keys.Count);
            Assert.True(departure.LeavesQueued);
        }

        using var next = _door.Prepare(many);
        Assert.Equal(1_000, next.Changes.EffectsBegun!.Keys.Count);
    }

    [Fact]
    public void A_row_of_this_database_needs_no_loop_unless_somebody_waits_for_it()
    {
        var site = Notice with { Kind = "site" };

        using var alone = _door.Prepare(Changes(site));
        Assert.Equal("n", Assert.Single(alone.Changes.Notices).Id);
        Assert.False(alone.LeavesQueued);

        using var awaited = _door.Prepare(Changes(site with { BookmarkId = "b" }));
        Assert.Empty(awaited.Changes.Notices);
        Assert.True(awaited.LeavesQueued);
    }

    private void Open() => _door.Open((claims, _) => _performed.AddRange(claims.Select(c => (c.Effect.Key, c.Token))));

    private static ChangeSet Changes(params Effect[] effects) => new() { Instance = A.Instance(), EffectsAdded = effects };

    private class Mail : IEffectChannel
    {
        public virtual bool Accepts(string kind) => kind == "mail";

        public bool IsKeyed(string kind) => false;

        public Task<EffectOutcome> PerformAsync(Effect effect, int attempt, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Site : Mail, IEffectChannel
    {
        public override bool Accepts(string kind) => kind == "site";

        Notice? IEffectChannel.RowOf(Effect effect) => new(effect.Key, "alice", "", "", null, null, A.Now);
    }
}
