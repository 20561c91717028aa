using Workflows.Engine.Expressions.JavaScript.Syntax;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>
/// Turns a syntax tree into delegates, once. Names are resolved to slots and cells here; what is left at run time is calls of
/// small closures.
/// </summary>
/// <remarks>
/// An evaluation notes the place of every operation that can fail just before it is tried (<see cref="Evaluation.At"/>),
/// not of every node: the fast paths of arithmetic and member access cost nothing for it.
/// </remarks>
internal sealed partial class Compiler
{
    private readonly ScopeAnalysis _names;
    private readonly ScriptNames _outside;
    private readonly List<(string Name, Position At)> _unknown = [];
    private FunctionScope _function;

    private Compiler(ScopeAnalysis names, ScriptNames outside)
    {
        _names = names;
        _outside = outside;
        _function = names.Script;
    }

    /// <summary>Code of a whole script, the names in it that mean nothing to anybody, and the values of the workflow it names.</summary>
    public static (FunctionCode Code, IReadOnlyList<(string Name, Position At)> Unknown, IReadOnlyList<ExpressionReference> References) Compile(Program program, ScriptNames outside)
    {
        var names = ScopeAnalysis.Of(program, outside);
        var compiler = new Compiler(names, outside);
        var enter = Enter(names.ScopeOf(program));
        var body = compiler.Body(program.Body);
        var code = new FunctionCode("", 0, names.Script, (frame, _) => enter(frame), body);
        return (code, compiler._unknown, [.. names.References]);
    }

    private bool IsOutermost => _function.Parent is null;

    /// <summary>Gives every name of a scope its place; the code makes them fresh each time the scope is entered.</summary>
    private static Action<Frame> Enter(Scope scope)
    {
        var cells = new List<(int Place, JsValue First)>();
        var slots = new List<int>();
        foreach (var binding in scope.Bindings)
        {
            scope.Function.Place(binding);
            if (binding.IsCaptured)
                cells.Add((binding.Place, binding.StartsUnset ? JsValue.Hole : JsValue.Undefined));
            else if (binding.StartsUnset)
                slots.Add(binding.Place);
        }

        var (freshCells, unsetSlots) = (cells.ToArray(), slots.ToArray());
        return frame =>
        {
            foreach (var (place, first) in freshCells)
                frame.Cells[place] = new Cell(first);
            foreach (var place in unsetSlots)
                frame.Slots[place] = JsValue.Hole;
        };
    }

    private static bool NeedsEntering(Scope scope) => scope.Bindings.Any(b => b.IsCaptured || b.StartsUnset);

    /// <summary>Code that reads a declared name.</summary>
    private Code Read(Binding binding, Position at)
    {
        var name = binding.Name;
        if (binding.Owner != _function)
        {
            var index = _function.Captures.IndexOf(binding);
            return binding.StartsUnset ? f => Checked(f, f.Captured[index].Value, name, at) : f => f.Captured[index].Value;
        }

        var place = binding.Place;
        if (binding.IsCaptured)
            return binding.StartsUnset ? f => Checked(f, f.Cells[place].Value, name, at) : f => f.Cells[place].Value;
        return binding.StartsUnset ? f => Checked(f, f.Slots[place], name, at) : f => f.Slots[place];
    }

    private static JsValue Checked(Frame frame, JsValue value, string name, Position at)
    {
        if (value.IsHole)
            throw frame.E.Placed(at).ReferenceError($"“{name}”在声明之前使用 (cannot access '{name}' before initialization)");
        return value;
    }

    /// <summary>Code that gives a declared name its first value.</summary>
    private Store Initialise(Binding binding)
    {
        var place = binding.Place;
        if (binding.Owner != _function)
        {
            var index = _function.Captures.IndexOf(binding);
            return (f, value) => f.Captured[index].Value = value;
        }

        return binding.IsCaptured ? (f, value) => f.Cells[place].Value = value : (f, value) => f.Slots[place] = value;
    }

    /// <summary>Code of "name = value".</summary>
    private Store Assignment(Binding binding, Position at)
    {
        var name = binding.Name;
        var initialise = Initialise(binding);
        if (!binding.StartsUnset && !binding.IsFixed)
            return initialise;

        var read = Read(binding, at);
        if (binding.IsFixed)
        {
            return (f, _) =>
            {
                read(f);
                throw f.E.Placed(at).TypeError($"常量“{name}”不能重新赋值 (assignment to constant variable '{name}')");
            };
        }

        return (f, value) =>
        {
            read(f);
            initialise(f, value);
        };
    }

    /// <summary>The words for an expression in a message: order.items, x, or (…).</summary>
    private static string Words(Expr expression) => expression switch
    {
        Identifier identifier => identifier.Name,
        This => "this",
        Constant { Value: var flag } => flag switch { true => "true", false => "false", null => "null" },
        Member { Name: { } name } member => Words(member.Target) + "." + name,
        Member { Computed: NumberLiteral number } member => $"{Words(member.Target)}[{NumberText.Of(number.Value)}]",
        Member member => Words(member.Target) + "[…]",
        Call call => Words(call.Callee) + "(…)",
        Chain chain => Words(chain.Value),
        _ => "(…)",
    };
}
