using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>
/// Counts what one rendering uses and stops it at its limits. Everything whose cost grows with the data asks here first,
/// before it makes the text or walks the list: a filter that multiplies a text is stopped before the memory is taken.
/// </summary>
internal sealed class Meter(LiquidLimits limits, TimeProvider timer, LiquidSource source)
{
    private const int StepsBetweenLooksAtTheClock = 256;
    private const int CharactersPerStep = 128;
    private const int CharactersPerElement = 16;
    private const int GrowthBetweenPayments = 4_096;

    private readonly long _start = timer.GetTimestamp();
    private long _steps;
    private long _memory;
    private long _nextLook = StepsBetweenLooksAtTheClock;

    /// <summary>Where the template is, for errors.</summary>
    public int Offset { get; set; }

    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps > limits.Steps)
            throw Exceeded("步数", "steps", limits.Steps);
        if (_steps < _nextLook)
            return;
        _nextLook = _steps + StepsBetweenLooksAtTheClock;
        if (timer.GetElapsedTime(_start) > limits.Time)
            throw Exceeded("用时（毫秒）", "time in milliseconds", (long)limits.Time.TotalMilliseconds);
    }

    /// <summary>Work on a text of this length that makes nothing new.</summary>
    public void Scan(long characters) => Step(1 + characters / CharactersPerStep);

    /// <summary>A text of this length is about to be made.</summary>
    public void Text(long characters)
    {
        Take(characters);
        Scan(characters);
    }

    /// <summary>Pays for what a text under construction has grown by, now and then: for one whose length cannot be told before.</summary>
    public void Grown(StringBuilder text, ref int paid)
    {
        if (text.Length - paid < GrowthBetweenPayments)
            return;
        Text(text.Length - paid);
        paid = text.Length;
    }

    /// <summary>A list of this many elements is about to be made.</summary>
    public void Elements(long count)
    {
        Take(count * CharactersPerElement);
        Step(1 + count);
    }

    /// <summary>One level deeper into lists or objects.</summary>
    public void Depth(int depth)
    {
        if (depth > limits.Depth)
            throw Exceeded("数据嵌套层数", "depth of nested data", limits.Depth);
    }

    public void Output(long length)
    {
        if (length > limits.OutputLength)
            throw Exceeded("输出长度", "output length", limits.OutputLength);
    }

    public ExpressionError Error(string zh, string en) => source.Error(Offset, zh, en);

    private void Take(long characters)
    {
        _memory += characters;
        if (_memory > limits.Memory)
            throw Exceeded("内存（字符数）", "memory in characters", limits.Memory);
    }

    private ExpressionError Exceeded(string zh, string en, long limit) =>
        Error($"模板超出限制：{zh}不得超过 {limit}", $"the template exceeds the limit on {en}, {limit}");
}
