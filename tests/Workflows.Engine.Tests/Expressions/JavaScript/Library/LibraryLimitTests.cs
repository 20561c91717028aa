using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>One call of a built-in cannot hang the host, exhaust its memory or throw what is no error of the script.</summary>
public sealed class LibraryLimitTests
{
    [Theory]
    [InlineData("\"§global Array\"", "new", "[4294967295]")]
    [InlineData("\"§global Array\"", "new", "[200000000]")]
    [InlineData("\"§global Array\"", "from", """[{"length":1e9}]""")]
    [InlineData("\"§global Array\"", "from", """[{"length":"§Infinity"}]""")]
    [InlineData("\"§fn all\"", "apply", """[null,{"length":9007199254740991}]""")]
    public void A_huge_list_ends_at_the_memory_limit(string self, string method, string arguments)
    {
        var error = Assert.Throws<ExpressionError>(() => LibraryCall.Run(self, method, arguments));

        Assert.Contains("memory limit", error.Message);
    }

    [Fact]
    public void Flattening_a_list_that_contains_itself_ends_at_a_limit()
    {
        var e = LibraryCall.Begin();
        var list = new JsArray(1, 2);
        list.Add(e, list);

        Assert.Throws<ExpressionError>(() => LibraryCall.Call(e, list, "flat", double.PositiveInfinity));
    }

    [Fact]
    public void Text_of_a_list_that_contains_itself_leaves_it_out()
    {
        var e = LibraryCall.Begin();
        var list = new JsArray("a", "b");
        list.Add(e, list);

        Assert.Equal("a,b,", LibraryCall.Call(e, list, "join").Text);
        Assert.Equal("a,b,", LibraryCall.Call(e, list, "toString").Text);
        Assert.Empty(e.Joining);
    }

    [Fact]
    public void Lists_nested_too_deep_for_text_end_at_the_call_depth()
    {
        var e = LibraryCall.Begin();
        var list = new JsArray();
        for (var i = 0; i < 5000; i++)
            list = new JsArray(list);

        Assert.Throws<ExpressionError>(() => LibraryCall.Call(e, list, "join"));
        Assert.Empty(e.Joining);
    }

    [Fact]
    public void Doubling_a_list_ends_at_the_memory_limit()
    {
        var e = LibraryCall.Begin();
        JsValue list = new JsArray(1, 2);

        Assert.Throws<ExpressionError>(() =>
        {
            for (var i = 0; i < 100; i++)
                list = LibraryCall.Call(e, list, "concat", list);
        });
    }

    [Fact]
    public void Joining_long_texts_ends_at_the_memory_limit_before_they_are_joined()
    {
        var e = LibraryCall.Begin();
        var list = new JsArray(Enumerable.Repeat(JsValue.Of(new string('x', 1_000_000)), 1000).ToArray());

        Assert.Throws<ExpressionError>(() => LibraryCall.Call(e, list, "join"));
    }

    [Theory]
    [InlineData("indexOf")]
    [InlineData("includes")]
    [InlineData("lastIndexOf")]
    public void Looking_for_a_long_text_among_nearly_equal_ones_ends_at_the_step_limit(string method)
    {
        var e = LibraryCall.Begin();
        var list = new JsArray(Enumerable.Repeat(JsValue.Of(new string('x', 4_000_000) + "a"), 100_000).ToArray());

        Assert.Throws<ExpressionError>(() => LibraryCall.Call(e, list, method, new string('x', 4_000_000) + "b"));
    }

    [Theory]
    [InlineData("slice", 1)]
    [InlineData("slice", 2)]
    [InlineData("splice", 1)]
    [InlineData("splice", 2)]
    [InlineData("fill", 2)]
    [InlineData("fill", 3)]
    [InlineData("copyWithin", 1)]
    [InlineData("copyWithin", 2)]
    [InlineData("copyWithin", 3)]
    [InlineData("indexOf", 2)]
    [InlineData("includes", 2)]
    [InlineData("lastIndexOf", 2)]
    [InlineData("with", 1)]
    [InlineData("at", 1)]
    [InlineData("toSpliced", 2)]
    [InlineData("flat", 1)]
    public void An_argument_that_shortens_the_list_while_it_is_read_does_no_harm(string method, int argument)
    {
        foreach (var said in (double[])[0, 1, 3, 5, 100])
        {
            var e = LibraryCall.Begin();
            var list = new JsArray(1, 2, 3, 4, 5);
            var trap = new JsObject();
            trap.Set(e, "valueOf", new NativeFunction("valueOf", 0, (_, _, _) =>
            {
                list.SetLength(e, 1);
                return said;
            }));
            var arguments = Enumerable.Repeat(JsValue.Of(0), argument - 1).Append(trap).ToArray();

            try
            {
                LibraryCall.Call(e, list, method, arguments);
            }
            catch (JsThrow thrown)
            {
                Assert.Equal("RangeError", ((JsError)thrown.Value.Object!).Type);
            }
        }
    }

    [Fact]
    public void A_comparer_that_contradicts_itself_or_changes_the_list_ends()
    {
        var e = LibraryCall.Begin();
        var random = new Random(7);
        var list = new JsArray([.. Enumerable.Range(0, 5000).Select(i => JsValue.Of(i))]);

        LibraryCall.Call(e, list, "sort", new NativeFunction("", 2, (_, _, _) =>
        {
            if (list.Length is > 10 and < 6000)
                list.SetLength(e, random.Next(6000));
            return random.Next(3) - 1;
        }));

        Assert.True(list.Length >= 5000);
    }

    [Fact]
    public void Sorting_is_stable()
    {
        var e = LibraryCall.Begin();
        var random = new Random(11);
        var list = new JsArray([.. Enumerable.Range(0, 3000).Select(i => (JsValue)new JsArray(random.Next(20), i))]);

        LibraryCall.Call(e, list, "sort", new NativeFunction("", 2, (_, _, a) => a[0].Object!.Get("0").Number - a[1].Object!.Get("0").Number));

        var pairs = list.Items.ToArray().Select(v => (v.Object!.Get("0").Number, v.Object.Get("1").Number)).ToList();
        Assert.Equal(pairs.Order(), pairs);
    }

    [Fact]
    public void A_Map_changed_while_it_is_walked_visits_what_is_added_and_skips_what_is_removed()
    {
        var e = LibraryCall.Begin();
        var map = (JsMap)LibraryCall.Read(e, """["§Map",[1,"a"],[2,"b"],[3,"c"]]""").Object!;
        var seen = new List<double>();

        LibraryCall.Call(e, map, "forEach", new NativeFunction("", 2, (_, _, a) =>
        {
            seen.Add(a[1].Number);
            LibraryCall.Call(e, map, "delete", 2);
            if (seen.Count == 1)
                LibraryCall.Call(e, map, "set", 4, "d");
            return default;
        }));

        Assert.Equal([1, 3, 4], seen);
    }

    [Fact]
    public void A_Map_that_grows_while_it_is_walked_ends_at_a_limit()
    {
        var e = LibraryCall.Begin();
        var set = LibraryCall.Read(e, """["§Set",1]""");
        var next = 1;

        Assert.Throws<ExpressionError>(() => LibraryCall.Call(e, set, "forEach", new NativeFunction("", 1, (_, _, _) => LibraryCall.Call(e, set, "add", ++next))));
    }

    [Fact]
    public void Numbers_chosen_to_share_a_hash_do_not_slow_a_Set()
    {
        var e = LibraryCall.Begin(limits: LibraryCall.Generous with { Time = TimeSpan.FromSeconds(5) });
        var set = LibraryCall.Read(e, """["§Set"]""");

        // The two halves of each of these cancel out in the hash code .NET gives a double.
        for (var i = 1; i < 100_000; i++)
            LibraryCall.Call(e, set, "add", BitConverter.Int64BitsToDouble(((long)(0x40000000 + i) << 32) | (uint)(0x40000000 + i)));

        Assert.Equal(99_999, set.Object!.Get("size").Number);
    }

    [Fact]
    public void A_set_of_many_removed_members_keeps_its_order()
    {
        var e = LibraryCall.Begin();
        var set = LibraryCall.Read(e, """["§Set"]""");
        for (var i = 0; i < 1000; i++)
        {
            LibraryCall.Call(e, set, "add", i);
            if (i >= 3)
                LibraryCall.Call(e, set, "delete", i - 3);
        }

        Assert.Equal("[997,998,999]", LibraryCall.Show(e, LibraryCall.Call(e, set, "values")));
    }

    [Fact]
    public void A_function_bound_many_times_is_called_without_a_chain()
    {
        var e = LibraryCall.Begin();
        JsValue function = new NativeFunction("f", 3, (_, self, a) => new JsArray([self, .. a.All]));
        for (var i = 0; i < 1000; i++)
            function = LibraryCall.Call(e, function, "bind", i, i < 2 ? i : "x");

        var given = (JsArray)e.Call(function, "ignored", "last").Object!;

        Assert.Equal([0, 0, 1], given.Items[..3].ToArray().Select(v => v.Number));
        Assert.Equal(1002, given.Length);
        Assert.Equal("last", given[1001].Text);
        Assert.Equal(0, function.Object!.Get("length").Number);
    }

    [Theory]
    [InlineData("push", "[1]")]
    [InlineData("pop", "[]")]
    [InlineData("shift", "[]")]
    [InlineData("unshift", "[1]")]
    [InlineData("splice", "[0,1]")]
    [InlineData("sort", "[]")]
    [InlineData("reverse", "[]")]
    [InlineData("fill", "[0]")]
    [InlineData("copyWithin", "[0,1]")]
    public void A_frozen_list_refuses_every_change(string method, string arguments)
    {
        var e = LibraryCall.Begin();
        var list = (JsArray)LibraryCall.Read(e, "[3,1,2]").Object!;
        LibraryCall.Call(e, Globals.All.Find("Object"), "freeze", list);

        var thrown = Assert.Throws<JsThrow>(() => LibraryCall.Call(e, list, method, [.. ((JsArray)LibraryCall.Read(e, arguments).Object!).Items]));

        Assert.Equal("TypeError", ((JsError)thrown.Value.Object!).Type);
        Assert.Equal("[3,1,2]", LibraryCall.Show(e, list));
    }

    [Fact]
    public void Nothing_of_the_library_can_be_changed_or_leads_to_the_host()
    {
        var e = LibraryCall.Begin();
        foreach (var (name, value) in Globals.All)
        {
            if (value.Object is not { } held)
                continue;
            foreach (var key in (string[])["x", "name", "keys", "from", "length", "prototype"])
            {
                Assert.Throws<JsThrow>(() => held.Set(e, key, 1));
                if (held.TryGetOwn(key, out _))
                    Assert.Throws<JsThrow>(() => held.Delete(e, key));
            }

            foreach (var key in (string[])["constructor", "__proto__", "prototype", "getPrototypeOf", "setPrototypeOf", "defineProperty", "create", "caller", "arguments"])
                Assert.True(held.Get(key).IsUndefined, $"{name}.{key}");
            LibraryCall.Call(e, Globals.All.Find("Object"), "freeze", value);
            LibraryCall.Call(e, Globals.All.Find("Object"), "preventExtensions", value);
            Assert.False(held.IsFrozen || held.IsClosed);
        }
    }

    [Fact]
    public void A_search_whose_start_shortens_the_list_gives_no_steps_back()
    {
        var e = LibraryCall.Begin(limits: LibraryCall.Generous with { Steps = 200_000 });
        var list = new JsArray();
        var trap = new JsObject();
        trap.Set(e, "valueOf", new NativeFunction("valueOf", 0, (_, _, _) =>
        {
            list.SetLength(e, 0);
            return 1000;
        }));

        Assert.Throws<ExpressionError>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                list.SetLength(e, 10);
                LibraryCall.Call(e, list, "includes", 1, trap);
                LibraryCall.Call(e, list, "indexOf", 1, trap);
            }
        });
    }

    [Fact]
    public void Looping_over_what_was_removed_from_a_Set_counts()
    {
        const string program = "const s = new Set(); for (let i = 0; i < 50000; i++) s.add(i); for (let i = 0; i < 50000; i++) s.delete(i); for (;;) for (const x of s) {}";

        Assert.StartsWith("limit:", ProgramRun.Answer(program, ScriptLimits.Default), StringComparison.Ordinal);
    }
}
