using System.Globalization;
using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A list. Elements never set are holes; its length is bounded by the memory limit, not by the number in it.</summary>
internal sealed class JsArray : JsObject
{
    private const int BytesPerElement = 16;

    private JsValue[] _items;
    private JsonArray? _source;
    private int _length;

    /// <summary>A list over these elements; the array becomes the list's own. Charge it with <see cref="Evaluation.AllocateElements"/>.</summary>
    public JsArray(params JsValue[] items)
    {
        _items = items;
        _length = items.Length;
    }

    public JsArray(JsonArray source, Origin? origin)
    {
        _items = [];
        _source = source;
        _length = source.Count;
        Origin = origin;
    }

    public override string Kind => "Array";

    public override Members Library => Members.OfArray;

    public override JsonNode? Unchanged => _source;

    public int Length => _length;

    /// <summary>index, input and groups of the result of a regular expression; null for every other list.</summary>
    public JsObject? Named { get; init; }

    /// <summary>The elements, holes included; do not keep it over a change of the list.</summary>
    public ReadOnlySpan<JsValue> Items
    {
        get
        {
            TakeOver();
            return _items.AsSpan(0, _length);
        }
    }

    /// <summary>The element, undefined for a hole or a position outside.</summary>
    public JsValue this[int index]
    {
        get
        {
            TakeOver();
            return (uint)index < (uint)_length && !_items[index].IsHole ? _items[index] : default;
        }
    }

    public override JsValue Get(string key) =>
        key == "length" ? _length : TryPosition(key, out var index) ? this[index] : Named is not null && Named.TryGetOwn(key, out var named) ? named : Library.Find(key);

    public override bool TryGetOwn(string key, out JsValue value)
    {
        TakeOver();
        if (key == "length")
        {
            value = _length;
            return true;
        }

        value = default;
        if (Named is not null && Named.TryGetOwn(key, out value))
            return true;
        if (!TryPosition(key, out var index) || index >= _length || _items[index].IsHole)
            return false;
        value = _items[index];
        return true;
    }

    public override void Set(Evaluation e, string key, JsValue value)
    {
        if (TryPosition(key, out var index))
            Set(e, index, value);
        else if (key == "length")
            SetLength(e, Conversion.ToNumber(e, value));
        else
            throw e.TypeError($"列表没有可设置的属性“{key}” (a list has no settable property '{key}')");
    }

    public void Set(Evaluation e, int index, JsValue value)
    {
        Own(e);
        if (index >= _length)
        {
            if (IsClosed)
                throw e.TypeError("列表不可扩展 (list is not extensible)");
            Grow(e, index + 1L);
        }

        _items[index] = value;
    }

    public void Add(Evaluation e, JsValue value) => Set(e, _length, value);

    /// <summary>Cuts the list or lengthens it with holes. Throws a RangeError for what is no length.</summary>
    public void SetLength(Evaluation e, double length)
    {
        if (length is not (>= 0 and <= uint.MaxValue) || length != Math.Floor(length))
            throw e.RangeError("列表长度无效 (invalid array length)");
        Own(e);
        if (length > _length)
        {
            Grow(e, (long)length);
            return;
        }

        if (IsSealed && length < _length)
            throw e.TypeError("列表已锁定，不能删除元素 (list is sealed)");
        Array.Fill(_items, default, (int)length, _length - (int)length);
        _length = (int)length;
    }

    /// <summary>Replaces <paramref name="removed"/> elements from <paramref name="start"/> by others; gives back those removed.</summary>
    public JsValue[] Splice(Evaluation e, int start, int removed, ReadOnlySpan<JsValue> added)
    {
        Own(e);
        if (IsClosed && removed < added.Length)
            throw e.TypeError("列表不可扩展 (list is not extensible)");
        if (IsSealed && removed > added.Length)
            throw e.TypeError("列表已锁定，不能删除元素 (list is sealed)");

        // Moving what stands behind is a block copy: far cheaper than a step for each, so that a queue of shift() stays usable.
        e.Step(1 + ((_length - start) / 16));
        var taken = _items.AsSpan(start, removed).ToArray();
        e.AllocateElements(taken.Length);
        var (tail, before) = (_length - start - removed, _length);
        if (added.Length > removed)
            Grow(e, before + (long)added.Length - removed);
        Array.Copy(_items, start + removed, _items, start + added.Length, tail);
        added.CopyTo(_items.AsSpan(start));
        _length = before + added.Length - removed;
        if (_length < before)
            Array.Fill(_items, default, _length, before - _length);
        return taken;
    }

    /// <summary>The elements, to be changed in place. Refuses on a frozen list.</summary>
    public Span<JsValue> Change(Evaluation e)
    {
        Own(e);
        return _items.AsSpan(0, _length);
    }

    /// <summary>Puts these elements in place of all.</summary>
    public void Replace(Evaluation e, JsValue[] items)
    {
        Own(e);
        (_items, _length) = (items, items.Length);
    }

    public override bool Delete(Evaluation e, string key)
    {
        if (TryPosition(key, out var index) && index < _length)
        {
            Own(e);
            if (IsSealed && !_items[index].IsHole)
                throw e.TypeError("列表已锁定，不能删除元素 (list is sealed)");
            _items[index] = JsValue.Hole;
        }

        return key != "length";
    }

    public override IReadOnlyList<string> OwnKeys()
    {
        TakeOver();
        var keys = new List<string>(_length);
        for (var i = 0; i < _length; i++)
        {
            if (!_items[i].IsHole)
                keys.Add(i.ToString(CultureInfo.InvariantCulture));
        }

        if (Named is not null)
            keys.AddRange(Named.OwnKeys());
        return keys;
    }

    protected override void TakeOver()
    {
        if (_source is not { } source)
            return;
        _source = null;
        _items = new JsValue[source.Count];
        for (var i = 0; i < _items.Length; i++)
            _items[i] = JsonData.In(source[i], Origin);
    }

    private static bool TryPosition(string key, out int index)
    {
        index = -1;
        return IsListKey(key) && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private void Grow(Evaluation e, long length)
    {
        e.Allocate((length - _length) * BytesPerElement);
        if (length > _items.Length)
            Array.Resize(ref _items, (int)Math.Max(length, Math.Min(_items.Length * 2L, 1 << 24)));
        Array.Fill(_items, JsValue.Hole, _length, (int)length - _length);
        _length = (int)length;
    }
}
