using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workflows.Engine.Bookmarks;

namespace Workflows.Engine.Tests.Bookmarks;

public sealed class StimulusHashTests
{
    /// <summary>printf '%s' 'Elsa.Event|{"EventName":"Approve"}' | sha256sum</summary>
    private const string Approve = "802177C5084D12EE38685C120CC5A6B33E2012B3B9E7A5B225BFFF40EEA91CF8";

    [Fact]
    public void An_event_hashes_as_Elsa_hashes_it() =>
        Assert.Equal(Approve, StimulusHash.Compute("Elsa.Event", new JsonObject { ["EventName"] = "Approve" }));

    [Fact]
    public void Null_members_are_left_out_at_every_depth() =>
        Assert.Equal(
            Sha("x|{\"A\":{\"C\":1}}"),
            StimulusHash.Compute("x", new JsonObject { ["A"] = new JsonObject { ["B"] = null, ["C"] = 1 }, ["D"] = null }));

    [Fact]
    public void Without_payload_the_name_stands_alone() => Assert.Equal(Sha("Elsa.Delay"), StimulusHash.Compute("Elsa.Delay", null));

    [Fact]
    public void The_activity_instance_comes_last() =>
        Assert.Equal(Sha("n|{\"P\":1}|i-7"), StimulusHash.Compute("n", new JsonObject { ["P"] = 1 }, "i-7"));

    [Fact]
    public void Empty_parts_are_left_out()
    {
        Assert.Equal(Sha("{\"P\":1}"), StimulusHash.Compute("", new JsonObject { ["P"] = 1 }));
        Assert.Equal(Sha("n"), StimulusHash.Compute("n", null, ""));
    }

    [Fact]
    public void Chinese_text_is_escaped_as_the_default_serializer_does() =>
        Assert.Equal(Sha("n|{\"EventName\":\"\\u540C\\u610F\"}"), StimulusHash.Compute("n", new JsonObject { ["EventName"] = "同意" }));

    [Fact]
    public void Members_keep_their_names_and_order() =>
        Assert.NotEqual(
            StimulusHash.Compute("n", new JsonObject { ["EventName"] = "a" }),
            StimulusHash.Compute("n", new JsonObject { ["eventName"] = "a" }));

    private static string Sha(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
