using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Workflow;

/// <summary>
/// The functions Elsa gives its scripts (elsa-compat 3.8), over the data of the instance: variables.X, getVariable,
/// setVariable, getInput, getOutputFrom, getLastResult, get and set of the correlation id and instance name, ids, text,
/// GUID and byte helpers; and getX(), setX(v), getOutputFromActivity() by naming convention. getConfig and the stream
/// helpers are not offered: they reach into the host.
/// </summary>
internal sealed class WorkflowNames : ScriptNames
{
    private static readonly Members Functions = new()
    {
        { "getVariable", 1, (e, _, a) => Variable(e, Name(e, a[0])) },
        { "setVariable", 2, (e, _, a) => SetVariable(e, Name(e, a[0]), a[1]) },
        { "getInput", 1, (e, _, a) => e.Workflow.TryGetInput(Name(e, a[0]), out var value) ? value : JsValue.Undefined },
        { "getOutputFrom", 2, (e, _, a) => e.Workflow.TryGetOutput(Name(e, a[0]), a[1].IsNullish ? null : Name(e, a[1]), out var value) ? value : JsValue.Undefined },
        { "getLastResult", 0, (e, _, _) => JsonData.In(e.Scope.LastResult, null) },
        { "getWorkflowInstanceId", 0, (e, _, _) => e.Scope.InstanceId },
        { "getWorkflowDefinitionId", 0, (e, _, _) => e.Scope.DefinitionId },
        { "getWorkflowDefinitionVersionId", 0, (e, _, _) => e.Scope.DefinitionVersionId },
        { "getWorkflowDefinitionVersion", 0, (e, _, _) => e.Scope.DefinitionVersion },
        { "getCorrelationId", 0, (e, _, _) => Given(e.Scope.CorrelationId) },
        { "setCorrelationId", 1, (e, _, a) => Done(e.Scope.CorrelationId = TextOrNull(e, a[0])) },
        { "getWorkflowInstanceName", 0, (e, _, _) => Given(e.Scope.InstanceName) },
        { "setWorkflowInstanceName", 1, (e, _, a) => Done(e.Scope.InstanceName = TextOrNull(e, a[0])) },
        { "isNullOrEmpty", 1, (_, _, a) => a[0].IsNullish || (a[0].IsText && a[0].TextLength == 0) },
        { "isNullOrWhiteSpace", 1, (_, _, a) => a[0].IsNullish || (a[0].Text is { } text && string.IsNullOrWhiteSpace(text)) },
        { "toJson", 1, (e, _, a) => e.Call(Json("stringify"), default, a[0]) },
        { "fromJson", 1, (e, _, a) => e.Call(Json("parse"), default, a[0]) },
        { "parseGuid", 1, (e, _, a) => Guid.TryParse(Name(e, a[0]), out var id) ? id.ToString() : throw e.TypeError("不是有效的 GUID (not a valid GUID)") },
        { "newGuid", 0, (e, _, _) => NewGuid(e).ToString() },
        { "newGuidString", 0, (e, _, _) => NewGuid(e).ToString() },
        { "newShortGuid", 0, (e, _, _) => Convert.ToBase64String(NewGuid(e).ToByteArray())[..22].Replace('/', '_').Replace('+', '-') },
    };

    private WorkflowNames()
    {
    }

    public static WorkflowNames Instance { get; } = new();

    public override Func<Evaluation, JsValue>? Find(string name)
    {
        if (name == "variables")
            return e => e.Workflow.Variables;
        if (Function(name) is { IsHole: false } function)
            return _ => function;
        if (Convention(name) is not { } convention)
            return null;
        JsValue made = new NativeFunction(name, convention.IsSet ? 1 : 0, (e, _, a) =>
            convention.IsSet ? SetConventional(e, convention.Name, a[0]) : Conventional(e, convention.Name));
        return _ => made;
    }

    public override string Unknown(string name)
    {
        var near = NearestName.Of(name, [.. Functions.Names, .. BytesLibrary.Functions.Names, "variables", .. Globals.All.Names]);
        return near is null
            ? $"没有名为“{name}”的变量或函数；流程变量请写 variables.{name} ('{name}' is not defined; a workflow variable is variables.{name})"
            : $"没有名为“{name}”的变量或函数，是否要写“{near}”？ ('{name}' is not defined; did you mean '{near}'?)";
    }

    public override ExpressionReference? ReferenceOf(string name, string? word) => name switch
    {
        "variables" when word is not null && Members.OfObject.FindOrHole(word).IsHole => new(ReferenceKind.Variable, word),
        "getVariable" or "setVariable" when word is not null => new(ReferenceKind.Variable, word),
        "getInput" when word is not null => new(ReferenceKind.Input, word),
        _ when Function(name).IsHole && Convention(name) is var (_, named) && !named.Contains("From", StringComparison.Ordinal) => new(ReferenceKind.Value, named),
        _ => null,
    };

    /// <summary>getX and setX for any X with a capital: a variable or an input, or the output of an activity.</summary>
    internal static (bool IsSet, string Name)? Convention(string name) =>
        name.Length > 3 && (name.StartsWith("get", StringComparison.Ordinal) || name.StartsWith("set", StringComparison.Ordinal)) && (char.IsUpper(name[3]) || name[3] > 127)
            ? (name[0] == 's', name[3..])
            : null;

    private static JsValue Function(string name) => Functions.FindOrHole(name) is { IsHole: false } own ? own : BytesLibrary.Functions.FindOrHole(name);

    private static JsValue Variable(Evaluation e, string name) => e.Workflow.TryGet(name, out var value) ? value : throw e.Workflow.NoVariable(name);

    private static JsValue SetVariable(Evaluation e, string name, JsValue value) => e.Workflow.TrySet(name, value) ? JsValue.Undefined : throw e.Workflow.NoVariable(name);

    private static JsValue Conventional(Evaluation e, string name)
    {
        foreach (var spelt in Spellings(name))
        {
            if (e.Workflow.TryGet(spelt, out var value) || e.Workflow.TryGetInput(spelt, out value))
                return value;
        }

        for (var at = name.IndexOf("From", StringComparison.Ordinal); at > 0; at = name.IndexOf("From", at + 1, StringComparison.Ordinal))
        {
            foreach (var activity in Spellings(name[(at + 4)..]))
            {
                foreach (var output in Spellings(name[..at]))
                {
                    if (e.Workflow.TryGetOutput(activity, output, out var value))
                        return value;
                }
            }

            if (at + 4 < name.Length)
                return JsValue.Undefined;
        }

        throw e.Workflow.NoVariable(name);
    }

    private static JsValue SetConventional(Evaluation e, string name, JsValue value) =>
        Spellings(name).Any(spelt => e.Workflow.TrySet(spelt, value)) ? JsValue.Undefined : throw e.Workflow.NoVariable(name);

    /// <summary>Elsa writes the first letter of a name large whatever it was.</summary>
    private static IEnumerable<string> Spellings(string name) => name.Length == 0 ? [] : [name, char.ToLowerInvariant(name[0]) + name[1..]];

    private static string Name(Evaluation e, JsValue value) => Conversion.ToText(e, value);

    private static string? TextOrNull(Evaluation e, JsValue value) => value.IsNullish ? null : Conversion.ToText(e, value);

    private static JsValue Given(string? text) => text is null ? JsValue.Null : text;

    private static JsValue Done(string? _) => JsValue.Undefined;

    private static JsValue Json(string function) => Globals.All.Find("JSON").Object!.Get(function);

    /// <summary>A GUID from the instance's own counter: the same in every run of the same burst, so a rehearsal repeats.</summary>
    private static Guid NewGuid(Evaluation e)
    {
        var id = e.Scope.NewId();
        if (Guid.TryParse(id, out var given))
            return given;
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(e.Scope.InstanceId + "/" + id), hash);
        // Marked as a name-based GUID of the custom kind (version 8).
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
