using Workflows.Host.Pages.Detail;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Tests.Pages;

/// <summary>What people did stands out of what the system noted.</summary>
public sealed class TrailRunTests
{
    [Theory]
    [InlineData("start system system system good", "start system system system good")]
    [InlineData("start system system system system good system end", "start [4] good system end")]
    [InlineData("system system system system system", "[5]")]
    [InlineData("system system trouble system system", "system system trouble system system")]
    [InlineData("", "")]
    public void A_run_of_four_or_more_system_lines_is_folded_and_nothing_else(string kinds, string shown)
    {
        var nodes = kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => new TrailNode(k, k)).ToList();

        var runs = TrailRun.Of(nodes);

        Assert.Equal(nodes, runs.SelectMany(r => r.Nodes));
        Assert.Equal(shown, string.Join(' ', runs.Select(r => r.IsFolded ? $"[{r.Nodes.Count}]" : string.Join(' ', r.Nodes.Select(n => n.Kind)))));
    }

    [Theory]
    [InlineData("时限“首次答复”停止，超时 1小时5分", "“首次答复” stopped, 1 h 5 min late")]
    [InlineData("时限“解决”开始计时：48小时，截止 2026-11-28 周六 10:00", "“解决” began: 48 h, due 2026-11-28 Sat 10:00")]
    [InlineData("时限“解决”升级：已通知 技术总监、运营总监", "“解决” escalated: 技术总监, 运营总监 were told")]
    [InlineData("时限“解决”停止，按时", "“解决” stopped in time")]
    public void Deadlines_are_told_in_English_too(string zh, string en) => Assert.Equal(en, RecordWords.In(Texts.English, zh));
}
