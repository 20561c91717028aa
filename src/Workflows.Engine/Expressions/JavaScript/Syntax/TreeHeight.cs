namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>
/// How high a tree is. The parser reads chains such as a + b + c in a loop, but whoever walks the tree recurses, and the
/// compiled delegates nest the same way; so the height is limited here, without recursion.
/// </summary>
internal static class TreeHeight
{
    /// <summary>Where a tree first exceeds a height; null when it does not.</summary>
    public static Position? FirstTooHigh(Node root, int limit)
    {
        Stack<(Node Node, int Height)> open = new();
        open.Push((root, 0));
        while (open.TryPop(out var next))
        {
            if (next.Height > limit)
                return next.Node.At;
            Children(next.Node, child =>
            {
                if (child is not null)
                    open.Push((child, next.Height + 1));
            });
        }

        return null;
    }

    private static void Children(Node node, Action<Node?> visit)
    {
        switch (node)
        {
            case Program program: All(program.Body, visit); break;
            case Function function:
                Elements(function.Parameters, visit);
                visit(function.Rest);
                All(function.Body, visit);
                break;
            case Pattern pattern: OfPattern(pattern, visit); break;
            case Statement statement: OfStatement(statement, visit); break;
            case Expr expression: OfExpression(expression, visit); break;
        }
    }

    private static void OfPattern(Pattern pattern, Action<Node?> visit)
    {
        switch (pattern)
        {
            case MemberPattern member: visit(member.Target); break;
            case ArrayPattern array:
                Elements(array.Elements, visit);
                visit(array.Rest);
                break;
            case ObjectPattern members:
                foreach (var property in members.Properties)
                    visit(property.Key.Computed);
                Elements(members.Properties.Select(p => p.Value), visit);
                visit(members.Rest);
                break;
        }
    }

    private static void OfStatement(Statement statement, Action<Node?> visit)
    {
        switch (statement)
        {
            case Declaration declaration:
                foreach (var declarator in declaration.Declarators)
                {
                    visit(declarator.Target);
                    visit(declarator.Value);
                }

                break;
            case FunctionDeclaration function: visit(function.Function); break;
            case ExpressionStatement expression: visit(expression.Value); break;
            case Block block: All(block.Body, visit); break;
            case If branch: All([branch.Condition, branch.Then, branch.Else], visit); break;
            case For loop: All([loop.Initial, loop.Condition, loop.Step, loop.Body], visit); break;
            case ForEach loop: All([loop.Target, loop.Source, loop.Body], visit); break;
            case While loop: All([loop.Condition, loop.Body], visit); break;
            case DoWhile loop: All([loop.Body, loop.Condition], visit); break;
            case Switch choice:
                visit(choice.Value);
                foreach (var part in choice.Cases)
                {
                    visit(part.Test);
                    All(part.Body, visit);
                }

                break;
            case Try attempt: All([attempt.Body, attempt.Caught, attempt.Handler, attempt.Finally], visit); break;
            case Throw thrown: visit(thrown.Value); break;
            case Return returned: visit(returned.Value); break;
            case Labelled labelled: visit(labelled.Body); break;
        }
    }

    private static void OfExpression(Expr expression, Action<Node?> visit)
    {
        switch (expression)
        {
            case TemplateLiteral template: All(template.Parts, visit); break;
            case ArrayLiteral array: All(array.Elements, visit); break;
            case ObjectLiteral members:
                foreach (var member in members.Members)
                {
                    visit(member.Key?.Computed);
                    visit(member.Value);
                }

                break;
            case FunctionExpression function: visit(function.Function); break;
            case Spread spread: visit(spread.Value); break;
            case Unary unary: visit(unary.Value); break;
            case Delete delete: visit(delete.Target); break;
            case Update update: visit(update.Target); break;
            case Binary binary: All([binary.Left, binary.Right], visit); break;
            case Logical logical: All([logical.Left, logical.Right], visit); break;
            case Conditional conditional: All([conditional.Condition, conditional.Then, conditional.Else], visit); break;
            case Assign assign: All([assign.Target, assign.Value], visit); break;
            case Member member: All([member.Target, member.Computed], visit); break;
            case Call call:
                visit(call.Callee);
                All(call.Arguments, visit);
                break;
            case Chain chain: visit(chain.Value); break;
            case New made:
                visit(made.Callee);
                All(made.Arguments, visit);
                break;
            case Sequence sequence: All(sequence.Values, visit); break;
        }
    }

    private static void All(IEnumerable<Node?> nodes, Action<Node?> visit)
    {
        foreach (var node in nodes)
            visit(node);
    }

    private static void Elements(IEnumerable<PatternElement?> elements, Action<Node?> visit)
    {
        foreach (var element in elements)
        {
            visit(element?.Target);
            visit(element?.Default);
        }
    }
}
