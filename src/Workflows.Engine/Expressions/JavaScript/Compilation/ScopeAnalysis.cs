using Workflows.Engine.Expressions.JavaScript.Syntax;
using UnreachableException = System.Diagnostics.UnreachableException;

namespace Workflows.Engine.Expressions.JavaScript.Compilation;

/// <summary>
/// Finds out, before any code is made, what every name means and which names inner functions use. Names that are declared
/// nowhere are left for the library and the workflow.
/// </summary>
internal sealed class ScopeAnalysis
{
    private readonly Dictionary<Node, Scope> _scopes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Node, Binding> _names = new(ReferenceEqualityComparer.Instance);
    private Scope _scope;

    private readonly ScriptNames _outside;
    private readonly HashSet<ExpressionReference> _references = [];

    private ScopeAnalysis(Program program, ScriptNames outside)
    {
        _outside = outside;
        Script = new FunctionScope(null, FunctionKind.Function);
        _scope = new Scope(null, Script);
        _scopes[program] = _scope;
        HoistVars(program.Body);
        DeclareLexical(program.Body);
        Visit(program.Body);
    }

    /// <summary>The script as the outermost function.</summary>
    public FunctionScope Script { get; }

    /// <summary>Values of the workflow that the script names in so many words.</summary>
    public IReadOnlyCollection<ExpressionReference> References => _references;

    public static ScopeAnalysis Of(Program program, ScriptNames outside) => new(program, outside);

    /// <summary>The scope a program, function, block, loop, switch or try opens.</summary>
    public Scope ScopeOf(Node node) => _scopes[node];

    /// <summary>What an identifier or identifier pattern means; null for a name that is declared nowhere in the script.</summary>
    public Binding? BindingOf(Node identifier) => _names.GetValueOrDefault(identifier);

    private void Open(Node node, Action content)
    {
        var outer = _scope;
        _scope = _scopes[node] = new Scope(outer, outer.Function);
        content();
        _scope = outer;
    }

    private void Resolve(Node node, string name)
    {
        for (var scope = _scope; scope is not null; scope = scope.Parent)
        {
            var found = scope.Find(name);
            if (found is null && name == "arguments" && scope.Function is { Parent: not null, Kind: not FunctionKind.Arrow } && scope.Parent?.Function != scope.Function)
                found = scope.Declare(name, BindingKind.Arguments);
            if (found is null)
                continue;
            _names[node] = found;
            if (found.Owner == _scope.Function)
                return;
            found.IsCaptured = true;
            for (var user = _scope.Function; user != found.Owner; user = user!.Parent)
            {
                if (!user!.Captures.Contains(found))
                    user.Captures.Add(found);
            }

            return;
        }
    }

    private void Note(Identifier outer, string? word)
    {
        if (BindingOf(outer) is null && _outside.ReferenceOf(outer.Name, word) is { } reference)
            _references.Add(reference);
    }

    private void Function(Function function, bool hasOwnName)
    {
        var outer = _scope;
        _scope = _scopes[function] = new Scope(outer, new FunctionScope(outer.Function, function.Kind));
        if (hasOwnName && function.Name.Length > 0)
            _scope.Declare(function.Name, BindingKind.OwnName);
        foreach (var parameter in function.Parameters)
            DeclareNames(parameter.Target, BindingKind.Parameter);
        if (function.Rest is not null)
            DeclareNames(function.Rest, BindingKind.Parameter);

        // A default may look at parameters before it, not at those after it.
        if (function.Parameters.Any(p => p.Default is not null))
        {
            foreach (var parameter in _scope.Bindings.Where(b => b.Kind == BindingKind.Parameter))
                parameter.IsLate = true;
        }

        HoistVars(function.Body);
        DeclareLexical(function.Body);
        foreach (var parameter in function.Parameters)
            Visit(parameter);
        if (function.Rest is not null)
            Visit(function.Rest);
        Visit(function.Body);
        _scope = outer;
    }

    private void DeclareNames(Pattern pattern, BindingKind kind)
    {
        switch (pattern)
        {
            case IdentifierPattern identifier:
                if (kind != BindingKind.Var || _scope.Find(identifier.Name) is null or { Kind: BindingKind.OwnName })
                    _scope.Declare(identifier.Name, kind);
                break;
            case ArrayPattern list:
                foreach (var element in list.Elements.OfType<PatternElement>())
                    DeclareNames(element.Target, kind);
                if (list.Rest is not null)
                    DeclareNames(list.Rest, kind);
                break;
            case ObjectPattern held:
                foreach (var property in held.Properties)
                    DeclareNames(property.Value.Target, kind);
                if (held.Rest is not null)
                    DeclareNames(held.Rest, kind);
                break;
        }
    }

    private void DeclareLexical(IEnumerable<Statement> body)
    {
        foreach (var statement in body)
        {
            switch (statement)
            {
                case Declaration { Kind: not DeclarationKind.Var } declaration:
                    foreach (var declarator in declaration.Declarators)
                        DeclareNames(declarator.Target, KindOf(declaration.Kind));
                    break;
                case FunctionDeclaration function:
                    _scope.Declare(function.Function.Name, BindingKind.Function);
                    break;
            }
        }
    }

    private static BindingKind KindOf(DeclarationKind kind) => kind switch
    {
        DeclarationKind.Let => BindingKind.Let,
        DeclarationKind.Const => BindingKind.Const,
        _ => BindingKind.Var,
    };

    /// <summary>var is declared in the whole function, however deep it stands.</summary>
    private void HoistVars(IEnumerable<Statement?> body)
    {
        foreach (var statement in body)
        {
            switch (statement)
            {
                case Declaration { Kind: DeclarationKind.Var } declaration:
                    foreach (var declarator in declaration.Declarators)
                        DeclareNames(declarator.Target, BindingKind.Var);
                    break;
                case Block block:
                    HoistVars(block.Body);
                    break;
                case If branch:
                    HoistVars([branch.Then, branch.Else]);
                    break;
                case For loop:
                    HoistVars([loop.Initial, loop.Body]);
                    break;
                case ForEach each:
                    if (each.Declares == DeclarationKind.Var)
                        DeclareNames(each.Target, BindingKind.Var);
                    HoistVars([each.Body]);
                    break;
                case While loop:
                    HoistVars([loop.Body]);
                    break;
                case DoWhile loop:
                    HoistVars([loop.Body]);
                    break;
                case Labelled labelled:
                    HoistVars([labelled.Body]);
                    break;
                case Switch choice:
                    foreach (var one in choice.Cases)
                        HoistVars(one.Body);
                    break;
                case Try attempt:
                    HoistVars([attempt.Body, attempt.Handler, attempt.Finally]);
                    break;
            }
        }
    }

    private void Visit(IEnumerable<Statement> body)
    {
        foreach (var statement in body)
            Visit(statement);
    }

    private void Visit(Statement statement)
    {
        switch (statement)
        {
            case Declaration declaration:
                foreach (var (target, value) in declaration.Declarators)
                {
                    Visit(target);
                    Visit(value);
                }

                break;
            case FunctionDeclaration declared:
                Resolve(declared, declared.Function.Name);
                Function(declared.Function, hasOwnName: false);
                break;
            case ExpressionStatement expression:
                Visit(expression.Value);
                break;
            case Block block:
                Open(block, () =>
                {
                    DeclareLexical(block.Body);
                    Visit(block.Body);
                });
                break;
            case If branch:
                Visit(branch.Condition);
                Visit(branch.Then);
                if (branch.Else is not null)
                    Visit(branch.Else);
                break;
            case For loop:
                Open(loop, () =>
                {
                    if (loop.Initial is not null)
                    {
                        DeclareLexical([loop.Initial]);
                        Visit(loop.Initial);
                    }

                    Visit(loop.Condition);
                    Visit(loop.Step);
                    Visit(loop.Body);
                });
                break;
            case ForEach each:
                Visit(each.Source);
                Open(each, () =>
                {
                    if (each.Declares is { } kind and not DeclarationKind.Var)
                        DeclareNames(each.Target, KindOf(kind));
                    Visit(each.Target);
                    Visit(each.Body);
                });
                break;
            case While loop:
                Visit(loop.Condition);
                Visit(loop.Body);
                break;
            case DoWhile loop:
                Visit(loop.Body);
                Visit(loop.Condition);
                break;
            case Switch choice:
                Visit(choice.Value);
                Open(choice, () =>
                {
                    foreach (var one in choice.Cases)
                        DeclareLexical(one.Body);
                    foreach (var one in choice.Cases)
                    {
                        Visit(one.Test);
                        Visit(one.Body);
                    }
                });
                break;
            case Try attempt:
                Visit(attempt.Body);
                if (attempt.Handler is not null)
                {
                    Open(attempt, () =>
                    {
                        if (attempt.Caught is not null)
                        {
                            DeclareNames(attempt.Caught, BindingKind.Let);
                            Visit(attempt.Caught);
                        }

                        Visit(attempt.Handler);
                    });
                }

                if (attempt.Finally is not null)
                    Visit(attempt.Finally);
                break;
            case Throw thrown:
                Visit(thrown.Value);
                break;
            case Return result:
                Visit(result.Value);
                break;
            case Labelled labelled:
                Visit(labelled.Body);
                break;
            case Empty or Break or Continue:
                break;
            default:
                throw new UnreachableException(statement.GetType().Name);
        }
    }

    private void Visit(PatternElement element)
    {
        Visit(element.Target);
        Visit(element.Default);
    }

    private void Visit(Pattern pattern)
    {
        switch (pattern)
        {
            case IdentifierPattern identifier:
                Resolve(identifier, identifier.Name);
                break;
            case MemberPattern member:
                Visit(member.Target);
                break;
            case ArrayPattern list:
                foreach (var element in list.Elements.OfType<PatternElement>())
                    Visit(element);
                if (list.Rest is not null)
                    Visit(list.Rest);
                break;
            case ObjectPattern held:
                foreach (var property in held.Properties)
                {
                    Visit(property.Key.Computed);
                    Visit(property.Value);
                }

                if (held.Rest is not null)
                    Visit(held.Rest);
                break;
            default:
                throw new UnreachableException(pattern.GetType().Name);
        }
    }

    private void Visit(Expr? expression)
    {
        switch (expression)
        {
            case null or NumberLiteral or StringLiteral or Constant or RegexLiteral or This:
                break;
            case Identifier identifier:
                Resolve(identifier, identifier.Name);
                break;
            case TemplateLiteral template:
                Visit(template.Parts);
                break;
            case ArrayLiteral list:
                Visit(list.Elements);
                break;
            case ObjectLiteral held:
                foreach (var (key, value) in held.Members)
                {
                    Visit(key?.Computed);
                    Visit(value);
                }

                break;
            case FunctionExpression function:
                Function(function.Function, function.BindsOwnName);
                break;
            case Spread spread:
                Visit(spread.Value);
                break;
            case Unary unary:
                Visit(unary.Value);
                break;
            case Delete delete:
                Visit(delete.Target);
                break;
            case Update update:
                Visit(update.Target);
                break;
            case Binary binary:
                Visit(binary.Left);
                Visit(binary.Right);
                break;
            case Logical logical:
                Visit(logical.Left);
                Visit(logical.Right);
                break;
            case Conditional conditional:
                Visit(conditional.Condition);
                Visit(conditional.Then);
                Visit(conditional.Else);
                break;
            case Assign assign:
                Visit(assign.Target);
                Visit(assign.Value);
                break;
            case Member member:
                Visit(member.Target);
                Visit(member.Computed);
                if (member is { Target: Identifier holder, Name: { } name })
                    Note(holder, name);
                break;
            case Call call:
                Visit(call.Callee);
                if (call.Callee is Identifier called)
                    Note(called, call.Arguments is [StringLiteral word, ..] ? word.Value : null);
                Visit(call.Arguments);
                break;
            case Chain chain:
                Visit(chain.Value);
                break;
            case New made:
                Visit(made.Callee);
                Visit(made.Arguments);
                break;
            case Sequence sequence:
                Visit(sequence.Values);
                break;
            default:
                throw new UnreachableException(expression.GetType().Name);
        }
    }

    private void Visit(IEnumerable<Expr?> expressions)
    {
        foreach (var expression in expressions)
            Visit(expression);
    }
}
