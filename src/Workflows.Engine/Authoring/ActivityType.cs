using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workflows.Engine.Definitions;
using Workflows.Engine.Expressions;
using Linq = System.Linq.Expressions;

namespace Workflows.Engine.Authoring;

/// <summary>An input as derived from a property.</summary>
/// <param name="Default">The property's initial value: used when the definition gives none.</param>
public sealed record InputDescriptor(string Name, Type ClrType, InputAttribute Info, JsonNode? Default);

/// <summary>An output as derived from a property.</summary>
public sealed record OutputDescriptor(string Name, Type ClrType, OutputAttribute Info);

/// <summary>An embedded branch as derived from a property.</summary>
public sealed record BranchDescriptor(string Name, bool IsList, BranchAttribute Info);

/// <summary>
/// An activity class as the engine sees it: what its attributes say, and fast ways to make an object and to set and read
/// its properties. Built once per class by reflection.
/// </summary>
public sealed class ActivityType
{
    private readonly Func<Activity> _create;
    private readonly Dictionary<string, Action<Activity, object?>> _setInput = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(OutputDescriptor Descriptor, Func<Activity, object?> Get)> _outputs = [];
    private readonly List<(BranchDescriptor Descriptor, Action<Activity, object?> Set)> _branches = [];

    public ActivityType(Type clrType)
    {
        ClrType = clrType;
        Info = clrType.GetCustomAttribute<ActivityAttribute>()
            ?? throw new InvalidOperationException($"{clrType} has no [Activity] attribute.");
        Outcomes = [.. clrType.GetCustomAttributes<OutcomeAttribute>()];
        _create = Linq.Expression.Lambda<Func<Activity>>(Linq.Expression.New(clrType)).Compile();
        var sample = _create();

        var inputs = new List<InputDescriptor>();
        foreach (var property in clrType.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (property.GetCustomAttribute<InputAttribute>() is { } input)
            {
                inputs.Add(new InputDescriptor(input.Name ?? name, property.PropertyType, input, ValueConverter.ToJson(property.GetValue(sample))));
                _setInput[input.Name ?? name] = Setter(property);
            }
            else if (property.GetCustomAttribute<OutputAttribute>() is { } output)
            {
                _outputs.Add((new OutputDescriptor(output.Name ?? name, property.PropertyType, output), Getter(property)));
            }
            else if (property.GetCustomAttribute<BranchAttribute>() is { } branch)
            {
                _branches.Add((new BranchDescriptor(branch.Name ?? name, property.PropertyType != typeof(ActivityNode), branch), Setter(property)));
            }
        }

        Inputs = inputs;
    }

    public Type ClrType { get; }

    public ActivityAttribute Info { get; }

    public string Type => Info.Type;

    /// <summary>Named outcomes; empty means Done alone.</summary>
    public IReadOnlyList<OutcomeAttribute> Outcomes { get; }

    public IReadOnlyList<InputDescriptor> Inputs { get; }

    public IEnumerable<OutputDescriptor> Outputs => _outputs.Select(o => o.Descriptor);

    public IEnumerable<BranchDescriptor> Branches => _branches.Select(b => b.Descriptor);

    /// <summary>Outcomes of a node of this type, in order.</summary>
    public IReadOnlyList<string> OutcomesOf(ActivityNode node) =>
        Create(node).OutcomesOf(node) ?? (Outcomes.Count == 0 ? ["Done"] : [.. Outcomes.Select(o => o.Name)]);

    /// <summary>A new object with its branches set.</summary>
    public Activity Create(ActivityNode node)
    {
        var activity = _create();
        foreach (var (descriptor, set) in _branches)
        {
            if (node.Branches.TryGetValue(descriptor.Name, out var nodes))
                set(activity, descriptor.IsList ? nodes : nodes.Count > 0 ? nodes[0] : null);
        }

        return activity;
    }

    /// <summary>Sets an input; the value is converted to the property's type. Throws <see cref="ExpressionError"/> when it cannot be.</summary>
    public void SetInput(Activity activity, InputDescriptor input, JsonNode? value) =>
        _setInput[input.Name](activity, ValueConverter.To(value, input.ClrType));

    /// <summary>Outputs the object has set, by name.</summary>
    public IEnumerable<(string Name, JsonNode? Value)> ReadOutputs(Activity activity)
    {
        foreach (var (descriptor, get) in _outputs)
        {
            if (get(activity) is { } value)
                yield return (descriptor.Name, ValueConverter.ToJson(value));
        }
    }

    private static Action<Activity, object?> Setter(PropertyInfo property)
    {
        var target = Linq.Expression.Parameter(typeof(Activity));
        var value = Linq.Expression.Parameter(typeof(object));
        var assign = Linq.Expression.Assign(
            Linq.Expression.Property(Linq.Expression.Convert(target, property.DeclaringType!), property),
            Linq.Expression.Convert(value, property.PropertyType));
        return Linq.Expression.Lambda<Action<Activity, object?>>(assign, target, value).Compile();
    }

    private static Func<Activity, object?> Getter(PropertyInfo property)
    {
        var target = Linq.Expression.Parameter(typeof(Activity));
        var read = Linq.Expression.Property(Linq.Expression.Convert(target, property.DeclaringType!), property);
        return Linq.Expression.Lambda<Func<Activity, object?>>(Linq.Expression.Convert(read, typeof(object)), target).Compile();
    }
}
