namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>Anything that can be called.</summary>
internal abstract class JsFunction(string name, int length) : JsObject
{
    public string Name { get; } = name;

    /// <summary>Number of parameters it announces.</summary>
    public int ParameterCount { get; } = length;

    public override string Kind => "Function";

    public override Members Library => Members.OfFunction;

    /// <summary>Runs the function. Call it through Evaluation.Call, which counts depth and steps.</summary>
    public abstract JsValue Invoke(Evaluation e, JsValue self, JsValue[] arguments);

    /// <summary>new f(...). Throws a TypeError of the script for what is no constructor.</summary>
    public virtual JsValue Construct(Evaluation e, JsValue[] arguments) => throw e.TypeError($"{Name} 不是构造函数 ({Name} is not a constructor)");

    /// <summary>Whether "value instanceof f" holds; null for a function that has no instances, which is a TypeError there.</summary>
    public virtual bool? IsInstance(JsValue value) => null;

    public override bool TryGetOwn(string key, out JsValue value)
    {
        switch (key)
        {
            case "name":
                value = Name;
                return true;
            case "length":
                value = ParameterCount;
                return true;
            default:
                return base.TryGetOwn(key, out value);
        }
    }

    public override void Set(Evaluation e, string key, JsValue value) => throw e.TypeError($"函数的属性“{key}”不能设置 (properties of functions cannot be set)");

    public override bool Delete(Evaluation e, string key) => TryGetOwn(key, out _) ? throw e.TypeError($"函数的属性“{key}”不能删除 (properties of functions cannot be deleted)") : true;
}

/// <summary>What a built-in function does. Arguments that were not given read as undefined.</summary>
internal delegate JsValue NativeCode(Evaluation e, JsValue self, Arguments arguments);

/// <summary>Arguments of a built-in function.</summary>
internal readonly struct Arguments(JsValue[] values)
{
    public JsValue[] All => values;

    public int Count => values.Length;

    public JsValue this[int index] => index < values.Length ? values[index] : default;
}

/// <summary>A function of the library. One object serves all evaluations on all threads, so nothing in it can be changed.</summary>
/// <param name="name">Name as scripts see it.</param>
/// <param name="length">Number of parameters it announces.</param>
/// <param name="code">What it does.</param>
/// <param name="statics">Members such as Number.MAX_VALUE or Object.keys.</param>
/// <param name="construct">What new does; null for what is no constructor.</param>
/// <param name="isInstance">What instanceof answers; null for what is no constructor.</param>
internal sealed class NativeFunction(
    string name, int length, NativeCode code, Members? statics = null, Func<Evaluation, Arguments, JsValue>? construct = null, Func<JsValue, bool>? isInstance = null) : JsFunction(name, length)
{
    public override bool? IsInstance(JsValue value) => isInstance?.Invoke(value);

    public override JsValue Invoke(Evaluation e, JsValue self, JsValue[] arguments) => code(e, self, new Arguments(arguments));

    public override JsValue Construct(Evaluation e, JsValue[] arguments) => construct is null ? base.Construct(e, arguments) : construct(e, new Arguments(arguments));

    public override bool TryGetOwn(string key, out JsValue value)
    {
        if (statics is null)
            return base.TryGetOwn(key, out value);
        value = statics.FindOrHole(key);
        return !value.IsHole || base.TryGetOwn(key, out value);
    }

    public override IReadOnlyList<string> OwnKeys() => [];

    public override void Freeze()
    {
    }

    public override void Close()
    {
    }

    public override void Seal()
    {
    }
}

/// <summary>A fixed object of the library, such as Math or JSON.</summary>
internal sealed class NativeObject(string kind, Members members) : JsObject
{
    public override string Kind => kind;

    public override bool TryGetOwn(string key, out JsValue value)
    {
        value = members.FindOrHole(key);
        return !value.IsHole;
    }

    public override void Set(Evaluation e, string key, JsValue value) => throw e.TypeError($"{kind} 不能修改 ({kind} cannot be changed)");

    public override bool Delete(Evaluation e, string key) => throw e.TypeError($"{kind} 不能修改 ({kind} cannot be changed)");

    public override IReadOnlyList<string> OwnKeys() => [];

    public override void Freeze()
    {
    }

    public override void Close()
    {
    }

    public override void Seal()
    {
    }
}
