using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

public sealed class BytesLibraryTests
{
    [Theory]
    [InlineData("bytesFromString", "\"a中😀\"", "[97,228,184,173,240,159,152,128]")]
    [InlineData("bytesToString", "[97,228,184,173]", "\"a中\"")]
    [InlineData("bytesToString", "\"5Lit\"", "\"中\"")]
    [InlineData("bytesToBase64", "[228,184,173]", "\"5Lit\"")]
    [InlineData("bytesFromBase64", "\"5Lit\"", "[228,184,173]")]
    [InlineData("stringToBase64", "\"中文\"", "\"5Lit5paH\"")]
    [InlineData("stringFromBase64", "\"5Lit5paH\"", "\"中文\"")]
    [InlineData("stringToBase64", "\"\"", "\"\"")]
    [InlineData("bytesToString", "[]", "\"\"")]
    [InlineData("bytesToBase64", "[]", "\"\"")]
    public void Bytes_text_and_Base64_turn_into_each_other(string function, string argument, string expected)
    {
        var e = LibraryCall.Begin();

        var given = e.Call(BytesLibrary.Functions.Find(function), default, LibraryCall.Read(e, argument));

        Assert.Equal(expected, LibraryCall.Show(e, given));
    }

    [Theory]
    [InlineData("bytesToString", "[256]")]
    [InlineData("bytesToString", "[-1]")]
    [InlineData("bytesToString", "[1.5]")]
    [InlineData("bytesToString", "[\"1\"]")]
    [InlineData("bytesToString", "[255,255]")]
    [InlineData("bytesToString", "5")]
    [InlineData("stringFromBase64", "\"***\"")]
    [InlineData("bytesFromBase64", "\"abc\"")]
    public void What_is_no_byte_list_or_no_Base64_is_a_type_error(string function, string argument)
    {
        var e = LibraryCall.Begin();

        var thrown = Assert.Throws<JsThrow>(() => e.Call(BytesLibrary.Functions.Find(function), default, LibraryCall.Read(e, argument)));

        Assert.Equal("TypeError", ((JsError)thrown.Value.Object!).Type);
    }
}
