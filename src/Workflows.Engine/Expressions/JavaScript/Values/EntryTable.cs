using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>The entries of a Map or Set in the order they were added; keys are equal as SameValueZero says.</summary>
/// <remarks>
/// A function called by forEach may add and remove entries: added ones are visited, removed ones are not. So a removed entry
/// leaves a gap, and gaps are closed only while nobody walks.
/// </remarks>
internal sealed class EntryTable
{
    private const int BytesPerEntry = 64;

    private readonly Dictionary<JsValue, int> _positions = new(SameValueZero.Instance);
    private readonly List<(JsValue Key, JsValue Value)> _entries = [];
    private int _walks;

    public int Count => _positions.Count;

    public JsValue Find(Evaluation e, JsValue key)
    {
        Lists.Look(e, key);
        return _positions.TryGetValue(key, out var at) ? _entries[at].Value : default;
    }

    public bool Has(Evaluation e, JsValue key)
    {
        Lists.Look(e, key);
        return _positions.ContainsKey(key);
    }

    public void Set(Evaluation e, JsValue key, JsValue value)
    {
        Lists.Look(e, key);
        if (key.IsNumber && key.Number == 0)
            key = 0;
        if (_positions.TryGetValue(key, out var at))
        {
            _entries[at] = (key, value);
            return;
        }

        e.Allocate(BytesPerEntry);
        CloseGaps(e);
        _positions.Add(key, _entries.Count);
        _entries.Add((key, value));
    }

    public bool Remove(Evaluation e, JsValue key)
    {
        Lists.Look(e, key);
        if (!_positions.Remove(key, out var at))
            return false;
        _entries[at] = (JsValue.Hole, default);
        return true;
    }

    public void Clear(Evaluation e)
    {
        e.Step(_entries.Count);
        _positions.Clear();
        if (_walks == 0)
            _entries.Clear();
        for (var i = 0; i < _entries.Count; i++)
            _entries[i] = (JsValue.Hole, default);
    }

    /// <summary>Calls for each entry; those added meanwhile too.</summary>
    public void Walk(Evaluation e, Action<JsValue, JsValue> visit)
    {
        _walks++;
        try
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                e.Step();
                var (key, value) = _entries[i];
                if (!key.IsHole)
                    visit(key, value);
            }
        }
        finally
        {
            _walks--;
        }
    }

    /// <summary>The entries one by one; those added meanwhile too.</summary>
    public IEnumerable<(JsValue Key, JsValue Value)> Live(Evaluation e)
    {
        _walks++;
        try
        {
            for (var i = 0; i < _entries.Count; i++)
            {
                e.Step();
                if (!_entries[i].Key.IsHole)
                    yield return _entries[i];
            }
        }
        finally
        {
            _walks--;
        }
    }

    /// <summary>One element for each entry, in an array that is the caller's own.</summary>
    public JsValue[] List(Evaluation e, Func<JsValue, JsValue, JsValue> element)
    {
        e.AllocateElements(Count);
        var items = new JsValue[Count];
        var at = 0;
        Walk(e, (key, value) => items[at++] = element(key, value));
        return items;
    }

    private void CloseGaps(Evaluation e)
    {
        if (_walks > 0 || _entries.Count < 32 || _entries.Count < 2 * Count)
            return;
        e.Step(_entries.Count);
        _entries.RemoveAll(entry => entry.Key.IsHole);
        for (var i = 0; i < _entries.Count; i++)
            _positions[_entries[i].Key] = i;
    }

    private sealed class SameValueZero : IEqualityComparer<JsValue>
    {
        public static readonly SameValueZero Instance = new();

        public bool Equals(JsValue left, JsValue right) => Conversion.SameValueZero(left, right);

        // Mixed with a seed of this process, so that no script can choose numbers that all fall together.
        public int GetHashCode(JsValue value)
        {
            if (value.Text is { } text)
                return text.GetHashCode(StringComparison.Ordinal);
            if (value.IsNumber || value.IsBoolean)
                return HashCode.Combine(double.IsNaN(value.Number) ? 1 : BitConverter.DoubleToInt64Bits(value.Number + 0.0) >> 32, BitConverter.DoubleToInt64Bits(value.Number + 0.0) & uint.MaxValue);
            return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value.Reference!);
        }
    }
}
