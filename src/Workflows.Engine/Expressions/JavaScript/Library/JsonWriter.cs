using System.Runtime.CompilerServices;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>JSON.stringify, with replacer and spacing.</summary>
internal sealed class JsonWriter
{
    private const int MaxDepth = 200;
    private const int MaxSpacing = 10;

    private readonly Evaluation _e;
    private readonly TextBuilder _text;
    private readonly JsFunction? _replacer;
    private readonly List<string>? _only;
    private readonly string _spacing;
    private readonly List<JsObject> _open = [];

    private JsonWriter(Evaluation e, JsValue replacer, JsValue spacing)
    {
        _e = e;
        _text = new TextBuilder(e);
        _replacer = replacer.Object as JsFunction;
        _only = replacer.Object is JsArray list ? Names(e, list) : null;
        _spacing = spacing.IsNumber
            ? new string(' ', (int)Math.Clamp(Conversion.ToInteger(e, spacing), 0, MaxSpacing))
            : spacing.Text is { } text ? text[..Math.Min(text.Length, MaxSpacing)] : "";
    }

    /// <summary>The JSON text; undefined for what has none, such as undefined and functions.</summary>
    public static JsValue Write(Evaluation e, JsValue value, JsValue replacer, JsValue spacing)
    {
        var writer = new JsonWriter(e, replacer, spacing);
        var holder = JsValue.Undefined;
        if (writer._replacer is not null)
        {
            var wrapper = new JsObject();
            wrapper.Set(e, "", value);
            holder = wrapper;
        }

        return writer.TryPrepare(holder, "", ref value) && writer.Written(value) ? writer._text.ToString() : JsValue.Undefined;
    }

    private static List<string> Names(Evaluation e, JsArray list)
    {
        e.AllocateElements(list.Length);
        var names = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in list.Items.ToArray())
        {
            if ((value.IsText || value.IsNumber) && Conversion.ToText(e, value) is var name && known.Add(name))
                names.Add(name);
        }

        return names;
    }

    // What toJSON and the replacer make of a value; false when nothing is to be written.
    private bool TryPrepare(JsValue holder, string key, ref JsValue value)
    {
        _e.Step();
        if (value.Object is { } held && held.Get("toJSON") is { Object: JsFunction toJson })
            value = _e.Call(toJson, value, [key]);
        if (_replacer is not null)
            value = _e.Call(_replacer, holder, [key, value]);
        return !value.IsUndefined && value.Object is not JsFunction;
    }

    private bool Written(JsValue value)
    {
        if (value.Text is { } text)
            Quote(text);
        else if (value.IsNumber)
            _text.Append(double.IsFinite(value.Number) ? NumberText.Of(value.Number) : "null");
        else if (value.IsBoolean)
            _text.Append(value.Boolean ? "true" : "false");
        else if (value.Object is { } held)
            Nested(held);
        else
            _text.Append("null");
        return true;
    }

    private void Nested(JsObject held)
    {
        _e.Step(1 + (_open.Count / 8));
        if (_open.Contains(held))
            throw _e.TypeError("循环引用的对象不能转为 JSON (converting circular structure to JSON)");
        if (_open.Count >= MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ExpressionError($"JSON 嵌套超过 {MaxDepth} 层 (JSON nested deeper than {MaxDepth} levels)");
        _open.Add(held);
        if (held is JsArray list)
            List(list);
        else
            Object(held);
        _open.RemoveAt(_open.Count - 1);
    }

    private void List(JsArray list)
    {
        _text.Append('[');
        for (var i = 0; i < list.Length; i++)
        {
            if (i > 0)
                _text.Append(',');
            NewLine(_open.Count);
            var value = list[i];
            if (TryPrepare(list, _replacer is null && !value.IsObject ? "" : NumberText.Of(i), ref value))
                Written(value);
            else
                _text.Append("null");
        }

        if (list.Length > 0)
            NewLine(_open.Count - 1);
        _text.Append(']');
    }

    private void Object(JsObject held)
    {
        IReadOnlyList<string> keys = _only is null ? held.OwnKeys() : _only;
        _e.AllocateElements(keys.Count);
        _text.Append('{');
        var any = false;
        foreach (var key in keys)
        {
            var value = held.Get(key);
            if (!TryPrepare(held, key, ref value))
                continue;
            if (any)
                _text.Append(',');
            any = true;
            NewLine(_open.Count);
            Quote(key);
            _text.Append(_spacing.Length > 0 ? ": " : ":");
            Written(value);
        }

        if (any)
            NewLine(_open.Count - 1);
        _text.Append('}');
    }

    private void NewLine(int depth)
    {
        if (_spacing.Length == 0)
            return;
        _text.Append('\n');
        for (var i = 0; i < depth; i++)
            _text.Append(_spacing);
    }

    private void Quote(string text)
    {
        _text.Append('"');
        var done = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and not '"' and not '\\' && !char.IsSurrogate(c))
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            _text.Append(text.AsSpan(done, i - done)).Append(Escape(c));
            done = i + 1;
        }

        _text.Append(text.AsSpan(done)).Append('"');
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => $"\\u{(int)c:x4}",
    };
}
