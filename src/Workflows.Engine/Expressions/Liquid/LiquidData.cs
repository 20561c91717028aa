using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions.Liquid;

/// <summary>A list that is read by position.</summary>
internal abstract class LiquidList
{
    public abstract int Count { get; }

    public abstract LiquidValue this[int index] { get; }
}

internal sealed class JsonList(JsonArray array) : LiquidList
{
    public override int Count => array.Count;

    public override LiquidValue this[int index] => LiquidValue.From(array[index]);
}

/// <summary>A list made by a filter; whoever makes it has paid for its elements.</summary>
internal sealed class MadeList(IReadOnlyList<LiquidValue> elements) : LiquidList
{
    public static MadeList Empty { get; } = new([]);

    public override int Count => elements.Count;

    public override LiquidValue this[int index] => elements[index];
}

/// <summary>Whole numbers in a row; takes no room however long it is.</summary>
internal sealed class RangeList(decimal first, int count) : LiquidList
{
    public override int Count => count;

    public override LiquidValue this[int index] => LiquidValue.Of(first + index);
}

/// <summary>Values by name.</summary>
internal abstract class LiquidMap
{
    public abstract IEnumerable<string> Keys { get; }

    public abstract int Count { get; }

    public abstract bool TryGet(string name, out LiquidValue value);
}

internal sealed class JsonMap(JsonObject json) : LiquidMap
{
    public override IEnumerable<string> Keys => json.Select(member => member.Key);

    public override int Count => json.Count;

    public override bool TryGet(string name, out LiquidValue value)
    {
        var found = json.TryGetPropertyValue(name, out var node);
        value = LiquidValue.From(node);
        return found;
    }
}

/// <summary>A few values under fixed names: a group of group_by, a loop's position.</summary>
internal sealed class MadeMap(params (string Name, LiquidValue Value)[] members) : LiquidMap
{
    public override IEnumerable<string> Keys => members.Select(m => m.Name);

    public override int Count => members.Length;

    public override bool TryGet(string name, out LiquidValue value)
    {
        foreach (var member in members)
        {
            if (member.Name != name)
                continue;
            value = member.Value;
            return true;
        }

        value = default;
        return false;
    }
}

/// <summary>What an expression sees, under the names Elsa gives it.</summary>
internal sealed class ScopeMap(IExpressionScope scope) : LiquidMap
{
    public const string Variables = "Variables";
    public const string Input = "Input";

    public static readonly string[] Names =
        [Variables, Input, "CorrelationId", "WorkflowInstanceId", "WorkflowDefinitionId", "WorkflowDefinitionVersionId", "WorkflowDefinitionVersion", "WorkflowInstanceName"];

    private delegate bool Find(string name, out JsonNode? value);

    public override IEnumerable<string> Keys => Names;

    public override int Count => Names.Length;

    public override bool TryGet(string name, out LiquidValue value)
    {
        value = name switch
        {
            Variables => LiquidValue.Of(new NamedValues(scope, scope.TryGetVariable)),
            Input => LiquidValue.Of(new NamedValues(scope, scope.TryGetInput)),
            "CorrelationId" => Text(scope.CorrelationId),
            "WorkflowInstanceId" => Text(scope.InstanceId),
            "WorkflowInstanceName" => Text(scope.InstanceName),
            "WorkflowDefinitionId" => Text(scope.DefinitionId),
            "WorkflowDefinitionVersionId" => Text(scope.DefinitionVersionId),
            "WorkflowDefinitionVersion" => LiquidValue.Of((decimal)scope.DefinitionVersion),
            _ => LiquidValue.Nil,
        };
        return !value.IsNil;
    }

    private static LiquidValue Text(string? text) => text is null ? LiquidValue.Nil : LiquidValue.Of(text);

    private sealed class NamedValues(IExpressionScope scope, Find find) : LiquidMap
    {
        public override IEnumerable<string> Keys => scope.Names.Distinct().Where(name => find(name, out _));

        public override int Count => Keys.Count();

        public override bool TryGet(string name, out LiquidValue value)
        {
            var found = find(name, out var node);
            value = LiquidValue.From(node);
            return found;
        }
    }
}
