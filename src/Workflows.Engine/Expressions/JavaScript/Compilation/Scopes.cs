using Workflows.Engine.Expressions.JavaScript.Syntax;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

internal enum BindingKind
{
    Var,
    Let,
    Const,
    Parameter,

    /// <summary>A function declaration.</summary>
    Function,

    /// <summary>The own name of a function expression, inside it.</summary>
    OwnName,

    /// <summary>"arguments".</summary>
    Arguments,
}

/// <summary>A declared name. It lives in a slot of its function's frame, or in a cell of its own when an inner function uses it.</summary>
internal sealed class Binding(string name, BindingKind kind, FunctionScope owner)
{
    public string Name { get; } = name;

    public BindingKind Kind { get; } = kind;

    public FunctionScope Owner { get; } = owner;

    /// <summary>An inner function uses it, so it may outlive the frame.</summary>
    public bool IsCaptured { get; set; }

    /// <summary>Number of the slot or cell, given when code is made; -1 before.</summary>
    public int Place { get; set; } = -1;

    public bool IsFixed => Kind is BindingKind.Const or BindingKind.OwnName;

    /// <summary>A parameter of a function with defaults, which are given one after the other.</summary>
    public bool IsLate { get; set; }

    /// <summary>let and const: not readable before their declaration has run.</summary>
    public bool StartsUnset => IsLate || Kind is BindingKind.Let or BindingKind.Const;
}

/// <summary>A function (or the script itself) as far as names are concerned.</summary>
internal sealed class FunctionScope(FunctionScope? parent, FunctionKind kind)
{
    public FunctionScope? Parent { get; } = parent;

    public FunctionKind Kind { get; } = kind;

    /// <summary>Names of outer functions it uses, in the order of its captured cells.</summary>
    public List<Binding> Captures { get; } = [];

    public int Slots { get; private set; }

    public int Cells { get; private set; }

    public int NewSlot() => Slots++;

    public void Place(Binding binding)
    {
        if (binding.Place < 0)
            binding.Place = binding.IsCaptured ? Cells++ : Slots++;
    }
}

/// <summary>A block in which names are declared.</summary>
internal sealed class Scope(Scope? parent, FunctionScope function)
{
    private readonly Dictionary<string, Binding> _names = new(StringComparer.Ordinal);

    public Scope? Parent { get; } = parent;

    public FunctionScope Function { get; } = function;

    public IReadOnlyCollection<Binding> Bindings => _names.Values;

    public Binding? Find(string name) => _names.GetValueOrDefault(name);

    public Binding Declare(string name, BindingKind kind) => _names[name] = new Binding(name, kind, Function);
}
