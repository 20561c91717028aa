using System.Text;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Whether a block goes on, or a break or continue is on its way to the loop around it.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>One rendering: the names in sight, the text so far, and the meter.</summary>
internal sealed class RenderContext
{
    private readonly LiquidMap _root;
    private readonly Dictionary<string, LiquidValue> _assigned = [];
    private readonly Dictionary<string, LiquidValue> _counters = [];
    private readonly List<(string Name, LiquidValue Value)> _loops = [];
    private StringBuilder _output = new();

    public RenderContext(LiquidSource source, LiquidMap root, LiquidOptions options)
    {
        _root = root;
        Options = options;
        Meter = new Meter(options.Limits, options.Timer, source);
    }

    public LiquidOptions Options { get; }

    public Meter Meter { get; }

    /// <summary>Next turn of each cycle tag, by what it cycles through.</summary>
    public Dictionary<string, int> Cycles { get; } = [];

    /// <summary>Where each loop stopped, for <c>offset: continue</c>.</summary>
    public Dictionary<string, int> LoopEnds { get; } = [];

    public TimeZoneInfo TimeZone => Options.TimeZone ?? ShopTime.China;

    /// <summary>Loop variables hide assigned ones, those hide counters, those hide the data.</summary>
    public LiquidValue Find(string name)
    {
        for (var i = _loops.Count - 1; i >= 0; i--)
        {
            if (_loops[i].Name == name)
                return _loops[i].Value;
        }

        if (_assigned.TryGetValue(name, out var value) || _counters.TryGetValue(name, out value))
            return value;
        return _root.TryGet(name, out value) ? value : LiquidValue.Nil;
    }

    public void Assign(string name, LiquidValue value) => _assigned[name] = value;

    /// <summary>Counters live apart from assigned names; one that was never counted starts from the data, else from 0.</summary>
    public decimal Counter(string name) => _counters.TryGetValue(name, out var value) || (_root.TryGet(name, out value) && value is { Kind: LiquidKind.Number, IsExact: true }) ? value.Exact : 0;

    public void Count(string name, decimal value) => _counters[name] = LiquidValue.Of(value);

    /// <summary>Puts a loop's names in sight until <see cref="LeaveLoop"/>.</summary>
    public void EnterLoop(string name, string position)
    {
        _loops.Add((name, LiquidValue.Nil));
        _loops.Add((position, LiquidValue.Nil));
    }

    public void Turn(LiquidValue item, LiquidValue position)
    {
        _loops[^2] = (_loops[^2].Name, item);
        _loops[^1] = (_loops[^1].Name, position);
    }

    public void LeaveLoop() => _loops.RemoveRange(_loops.Count - 2, 2);

    /// <summary>Text of the template, or of a value that is ready.</summary>
    public void Write(string text)
    {
        Meter.Scan(text.Length);
        Meter.Output((long)_output.Length + text.Length);
        _output.Append(text);
    }

    public void Write(LiquidValue value, bool isSafe)
    {
        var text = LiquidText.Of(value, Meter);
        Write(Options.Escaping == LiquidEscaping.Html && !isSafe && !value.IsMarkup ? TextFilters.Escape(text, Meter) : text);
    }

    /// <summary>What a block writes, as a value; in HTML it is markup already, for its values were escaped as they went in.</summary>
    public Flow Capture(Block body, out LiquidValue captured)
    {
        var outer = _output;
        _output = new StringBuilder();
        var flow = body.Render(this);
        var text = _output.ToString();
        Meter.Text(text.Length);
        captured = Options.Escaping == LiquidEscaping.Html ? LiquidValue.Markup(text) : LiquidValue.Of(text);
        _output = outer;
        return flow;
    }

    public string Finish() => _output.ToString();
}
