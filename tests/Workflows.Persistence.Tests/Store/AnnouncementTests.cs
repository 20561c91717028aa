using Workflows.Engine.Store;
using Workflows.Testing;

namespace Workflows.Persistence.Tests.Store;

/// <summary>Notices to all customers: published once, withdrawn by their undo, kept on record.</summary>
public abstract class AnnouncementContract(DatabaseFixture fixture) : EmbeddedStoreContract(fixture)
{
    [Fact]
    public async Task An_announcement_is_published_once_and_withdrawing_keeps_it_on_record()
    {
        var publish = new StoreOperation.PublishAnnouncement("i1-4", "系统维护", "系统故障公告", "预计30分钟内恢复。");
        await DoAsync(publish, "k1");
        await DoAsync(publish, "k1");
        Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new Announcement("i1-4", "系统维护", "系统故障公告", "预计30分钟内恢复。", A.Now, null), Assert.Single(await Shop.ListAnnouncementsAsync(10, Token)));

        Assert.True((bool)(await DoAsync(new StoreOperation.WithdrawAnnouncement("i1-4")))["withdrawn"]!);

        Assert.Equal(A.Now + TimeSpan.FromMinutes(5), Assert.Single(await Shop.ListAnnouncementsAsync(10, Token)).WithdrawnAt);
    }

    [Fact]
    public async Task What_was_never_published_is_withdrawn_without_complaint_and_a_number_serves_once()
    {
        Assert.False((bool)(await DoAsync(new StoreOperation.WithdrawAnnouncement("i1-4")))["withdrawn"]!);
        await DoAsync(new StoreOperation.PublishAnnouncement("i1-4", "公告", "一", "一"));

        Assert.Contains("i1-4", await RefusalAsync(new StoreOperation.PublishAnnouncement("i1-4", "公告", "二", "二")), StringComparison.Ordinal);
        Assert.Equal("一", Assert.Single(await Shop.ListAnnouncementsAsync(10, Token)).Title);
    }

    [Fact]
    public async Task The_newest_come_first_and_no_more_than_asked_for()
    {
        foreach (var n in Enumerable.Range(1, 4))
        {
            await DoAsync(new StoreOperation.PublishAnnouncement($"a-{n}", "公告", $"{n}", "正文"));
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["4", "3", "2"], (await Shop.ListAnnouncementsAsync(3, Token)).Select(a => a.Title));
    }
}

public sealed class SqliteAnnouncementTests(SqliteFixture fixture) : AnnouncementContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PostgresAnnouncementTests(PostgresFixture fixture) : AnnouncementContract(fixture), IClassFixture<PostgresFixture>;
