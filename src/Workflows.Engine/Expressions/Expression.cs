using System.Text.Json.Nodes;

namespace Workflows.Engine.Expressions;

/// <summary>An expression as a definition carries it.</summary>
/// <param name="Type">Literal, Object, Variable, Input, JavaScript, Liquid, ...</param>
/// <param name="Value">Text, or the reference object of Variable and Input.</param>
public sealed record Expression(string Type, JsonNode? Value);

/// <summary>An expression made ready; pure, thread safe. Throws <see cref="ExpressionError"/> and nothing else on purpose.</summary>
public delegate JsonNode? CompiledExpression(IExpressionScope scope);

/// <summary>What an expression can see. Values are JSON data, never .NET objects; they must not be changed in place.</summary>
public interface IExpressionScope
{
    /// <summary>Value of the nearest variable with this id; false when there is none.</summary>
    bool TryGetVariableById(string id, out JsonNode? value);

    /// <summary>Value of the nearest variable with this name, looking outward; loop variables too.</summary>
    bool TryGetVariable(string name, out JsonNode? value);

    /// <summary>Sets the nearest variable with this name; false when there is none.</summary>
    bool TrySetVariable(string name, JsonNode? value);

    bool TryGetInput(string name, out JsonNode? value);

    /// <summary>Output of an activity that ran in this burst, by activity id or name; <paramref name="output"/> null means "result".</summary>
    bool TryGetOutput(string activity, string? output, out JsonNode? value);

    JsonNode? LastResult { get; }

    string InstanceId { get; }

    string DefinitionId { get; }

    string DefinitionVersionId { get; }

    int DefinitionVersion { get; }

    string? CorrelationId { get; set; }

    string? InstanceName { get; set; }

    DateTimeOffset Now { get; }

    /// <summary>Names of all variables and inputs in sight, for helpful errors.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>A new id made from the instance's own counter, the same in every run of the same burst.</summary>
    string NewId();
}

/// <summary>An expression that cannot be parsed or evaluated; becomes an incident that names the input, or a fault at publication.</summary>
public sealed class ExpressionError(string message) : Exception(message);

/// <summary>One expression syntax. The built-in ones are Literal, Object, Variable and Input; others are added at registration.</summary>
public abstract class ExpressionLanguage
{
    /// <summary>Elsa's name of the syntax.</summary>
    public abstract string Type { get; }

    /// <summary>Makes an expression ready. Throws <see cref="ExpressionError"/> for one that cannot be parsed: found at publication.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="targetType">CLR type of the input it is for; null when unknown.</param>
    public abstract CompiledExpression Compile(Expression expression, Type? targetType);

    /// <summary>The workflow's values an expression names, as far as its text tells, for the check at publication. Never throws.</summary>
    public virtual IReadOnlyList<ExpressionReference> ReferencesOf(Expression expression) => [];
}

/// <summary>What an expression names.</summary>
public enum ReferenceKind
{
    /// <summary>A variable, by name.</summary>
    Variable,

    /// <summary>A workflow input, by name.</summary>
    Input,

    /// <summary>A variable or an input, whichever there is.</summary>
    Value,

    /// <summary>A name that means nothing in this syntax, and is empty when it runs.</summary>
    Nothing,
}

/// <summary>A value of the workflow that an expression names.</summary>
public readonly record struct ExpressionReference(ReferenceKind Kind, string Name)
{
    /// <summary>For <see cref="ReferenceKind.Nothing"/>: the name that was probably meant.</summary>
    public string? Meant { get; init; }
}
