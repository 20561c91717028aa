using System.Collections;
using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>A fixed table of built-in functions and constants, filled where it is declared and never changed after.</summary>
/// <param name="parent">Where what is not in the table is looked for, such as the methods every object has.</param>
internal sealed class Members(Members? parent = null) : IEnumerable<KeyValuePair<string, JsValue>>
{
    private readonly Dictionary<string, JsValue> _members = new(StringComparer.Ordinal);

    public static Members OfObject => ObjectLibrary.Methods;

    public static Members OfArray => ArrayLibrary.Methods;

    public static Members OfFunction => FunctionLibrary.Methods;

    /// <summary>Methods that a value of any kind has: those of numbers, texts, flags; undefined members otherwise.</summary>
    public static Members Of(JsValue value) => value switch
    {
        { IsText: true } => StringLibrary.Methods,
        { IsNumber: true } => NumberLibrary.Methods,
        { IsBoolean: true } => BooleanLibrary.Methods,
        { Object: { } held } => held.Library,
        _ => ObjectLibrary.Methods,
    };

    /// <summary>All names, for suggestions.</summary>
    public IReadOnlyCollection<string> Names => _members.Keys;

    public void Add(string name, int length, NativeCode code) => _members.Add(name, new NativeFunction(name, length, code));

    public void Add(string name, JsValue value) => _members.Add(name, value);

    /// <summary>All of another table, so that a long one can stand in several files.</summary>
    public void Add(Members others)
    {
        foreach (var (name, value) in others)
            _members.Add(name, value);
    }

    /// <summary>The member, of this table or its parent; undefined when there is none.</summary>
    public JsValue Find(string name) => _members.TryGetValue(name, out var value) ? value : parent?.Find(name) ?? default;

    /// <summary>The member of this very table.</summary>
    public JsValue FindOrHole(string name) => _members.TryGetValue(name, out var value) ? value : JsValue.Hole;

    public IEnumerator<KeyValuePair<string, JsValue>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
