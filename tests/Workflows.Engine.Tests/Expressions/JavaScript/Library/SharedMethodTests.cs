namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Methods that every object has are found on each kind of value, though there are no prototypes.</summary>
public sealed class SharedMethodTests
{
    [Theory]
    [InlineData("'hasOwnProperty' in []")]
    [InlineData("'push' in []")]
    [InlineData("'size' in new Map()")]
    [InlineData("'message' in new Error()")]
    [InlineData("'toString' in {}")]
    [InlineData("'getTime' in new Date()")]
    [InlineData("!('zzz' in {})")]
    [InlineData("!(1 in [0])")]
    [InlineData("[5].hasOwnProperty(0)")]
    [InlineData("'ab'.hasOwnProperty('length')")]
    [InlineData("new Date().hasOwnProperty('x') === false")]
    [InlineData("(() => 1).hasOwnProperty('name')")]
    [InlineData("true.hasOwnProperty('x') === false")]
    public void It_is_so(string expression) => Assert.Equal("true", ProgramRun.Answer(expression));
}
