using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>
/// An object of a script: a plain one, or the base of lists, functions, dates and the like. There are no prototypes to walk:
/// what is not an own property is looked up in the fixed library of the object's kind, and nothing there leads to the host.
/// </summary>
/// <remarks>
/// An object made from JSON data converts what is asked for when it is asked for; the data itself is never written to. The
/// first change takes all of it over and marks its <see cref="Origin"/>, so that a changed variable can be stored again.
/// </remarks>
internal class JsObject
{
    private const int IndexedFrom = 9;

    private string[] _keys = [];
    private JsValue[] _values = [];
    private Dictionary<string, int>? _index;
    private int _count;
    private bool _hasListKeys;
    private JsonObject? _source;

    public JsObject()
    {
    }

    /// <summary>An object that shows JSON data.</summary>
    public JsObject(JsonObject source, Origin? origin)
    {
        _source = source;
        Origin = origin;
    }

    /// <summary>The variable or input this object came out of; null for one made by the script.</summary>
    public Origin? Origin { get; protected set; }

    /// <summary>Object.freeze: no change at all.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Object.preventExtensions and seal: no new properties.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Object.seal: none removed either.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Kind as in Object.prototype.toString: "Object", "Array", "Function", "Date", ...</summary>
    public virtual string Kind => "Object";

    /// <summary>Methods of this kind; looked at after own properties.</summary>
    public virtual Members Library => Members.OfObject;

    /// <summary>The JSON data this object still shows unchanged; null once it was taken over or when it never had any.</summary>
    public virtual JsonNode? Unchanged => _count == 0 ? _source : null;

    /// <summary>Value of a property, own or of the library; undefined when there is none.</summary>
    public virtual JsValue Get(string key) => TryGetOwn(key, out var value) ? value : Library.Find(key);

    /// <summary>Value of an own property.</summary>
    public virtual bool TryGetOwn(string key, out JsValue value)
    {
        var at = IndexOf(key);
        if (at >= 0)
        {
            value = _values[at];
            return true;
        }

        if (_source is not null && _source.TryGetPropertyValue(key, out var node))
        {
            value = JsonData.In(node, Origin);
            Append(key, value);
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Sets a property. Throws a TypeError of the script when the object is frozen or closed.</summary>
    public virtual void Set(Evaluation e, string key, JsValue value)
    {
        Own(e);
        var at = IndexOf(key);
        if (at >= 0)
        {
            _values[at] = value;
            return;
        }

        if (IsClosed)
            throw e.TypeError($"对象不可扩展，不能添加“{key}” (object is not extensible)");
        e.Allocate(32 + (2 * key.Length));
        Append(key, value);
    }

    /// <summary>Removes an own property; false when a fixed one cannot be removed. Removing what is not there is no fault.</summary>
    public virtual bool Delete(Evaluation e, string key)
    {
        if (!TryGetOwn(key, out _))
            return true;
        Own(e);
        if (IsSealed)
            throw e.TypeError($"对象已锁定，不能删除“{key}” (object is sealed)");
        e.Step(_count);
        var at = IndexOf(key);
        _count--;
        Array.Copy(_keys, at + 1, _keys, at, _count - at);
        Array.Copy(_values, at + 1, _values, at, _count - at);
        _values[_count] = default;
        if (_index is not null)
            Reindex();
        return true;
    }

    /// <summary>Names of own enumerable properties in the order of the language: list positions ascending, then as they were added.</summary>
    public virtual IReadOnlyList<string> OwnKeys()
    {
        TakeOver();
        var keys = _keys.AsSpan(0, _count).ToArray();
        if (!_hasListKeys)
            return keys;
        return [.. keys.Where(IsListKey).OrderBy(k => uint.Parse(k, System.Globalization.CultureInfo.InvariantCulture)), .. keys.Where(k => !IsListKey(k))];
    }

    public virtual void Freeze()
    {
        TakeOver();
        IsFrozen = IsClosed = IsSealed = true;
    }

    public virtual void Close() => IsClosed = true;

    public virtual void Seal() => IsClosed = IsSealed = true;

    /// <summary>Text of a number that is a list position: "0", "17", never "01" or "-1".</summary>
    public static bool IsListKey(string key)
    {
        if (key.Length is 0 or > 10 || key[0] is < '0' or > '9' || (key[0] == '0' && key.Length > 1))
            return false;
        foreach (var c in key)
        {
            if (c is < '0' or > '9')
                return false;
        }

        return key.Length < 10 || string.CompareOrdinal(key, "4294967294") <= 0;
    }

    /// <summary>Before any change: refuses on a frozen object, takes the JSON data over, marks where it came from.</summary>
    protected void Own(Evaluation e)
    {
        if (IsFrozen)
            throw e.TypeError("对象已冻结，不能修改 (object is frozen)");
        TakeOver();
        if (Origin is not null)
            Origin.IsChanged = true;
    }

    /// <summary>Converts all of the JSON data one level deep, keeping what was handed out before.</summary>
    protected virtual void TakeOver()
    {
        if (_source is not { } source)
            return;
        var (keys, values, count) = (_keys, _values, _count);
        _source = null;
        _keys = new string[source.Count];
        _values = new JsValue[source.Count];
        _count = 0;
        _index = null;
        foreach (var (key, node) in source)
        {
            var known = Array.IndexOf(keys, key, 0, count);
            Append(key, known >= 0 ? values[known] : JsonData.In(node, Origin));
        }
    }

    private int IndexOf(string key)
    {
        if (_index is not null)
            return _index.TryGetValue(key, out var known) ? known : -1;
        var keys = _keys;
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(keys[i], key))
                return i;
        }

        for (var i = 0; i < _count; i++)
        {
            if (keys[i] == key)
                return i;
        }

        return -1;
    }

    private void Append(string key, JsValue value)
    {
        if (_count == _keys.Length)
        {
            var size = Math.Max(4, _count * 2);
            Array.Resize(ref _keys, size);
            Array.Resize(ref _values, size);
        }

        _keys[_count] = key;
        _values[_count] = value;
        _index?.Add(key, _count);
        _count++;
        _hasListKeys |= IsListKey(key);
        if (_index is null && _count >= IndexedFrom)
            Reindex();
    }

    private void Reindex()
    {
        _index = new Dictionary<string, int>(_keys.Length, StringComparer.Ordinal);
        for (var i = 0; i < _count; i++)
            _index[_keys[i]] = i;
    }
}
