using Workflows.Host.Demo;

namespace Workflows.Host.Tests;

/// <summary>The stories that show the product to somebody who meets it for the first time.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Every_story_ends_as_it_should_and_tells_its_timeline()
    {
        await using var host = await HostUnderTest.StartAsync();
        // One shop for all, whose time each of them moves on.
        foreach (var story in DemoStory.All)
        {
            await using var output = new StringWriter();

            var code = await DemoCommand.PlayAsync(story, host.Address, output, TestContext.Current.CancellationToken);

            TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
            Assert.True(code == 0, output.ToString());
            Assert.Contains("流程结束状态", output.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("✗", output.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--list", 0)]
    [InlineData("no_such_story", 2)]
    public async Task The_list_and_an_unknown_name_show_what_can_be_played(string argument, int code)
    {
        await using var output = new StringWriter();

        Assert.Equal(code, await DemoCommand.RunAsync([argument], output, TestContext.Current.CancellationToken));

        foreach (var story in DemoStory.All)
            Assert.Contains(story.Id, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deletion", "activity_deletion")]
    [InlineData("trial", "new_product_trial")]
    [InlineData("clearance", "slow_mover_clearance")]
    [InlineData("complaint", "complaint_handling")]
    [InlineData("emergency", "system_failure")]
    [InlineData("crisis_pr", "system_failure")]
    public void A_story_is_found_by_the_key_of_its_process_and_by_a_shorter_word(string name, string id)
    {
        Assert.Equal(id, DemoStory.Find(name)?.Id);
        Assert.Equal(id, DemoStory.Find(id)?.Id);
    }
}
