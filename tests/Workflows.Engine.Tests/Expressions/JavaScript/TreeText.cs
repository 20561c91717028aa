using System.Globalization;
using Workflows.Engine.Expressions.JavaScript.Syntax;

namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Writes a syntax tree as text: every operator in parentheses, so that binding is seen.</summary>
internal static class TreeText
{
    public static string Of(Node? node) => node switch
    {
        null => "_",
        Program program => Statements(program.Body),
        Statement statement => OfStatement(statement),
        Pattern pattern => OfPattern(pattern),
        Function function => OfFunction(function),
        Expr expression => OfExpression(expression),
        _ => node.ToString(),
    };

    private static string Statements(IEnumerable<Statement> body) => string.Join(" ", body.Select(Of));

    private static string List(IEnumerable<Node?> nodes) => string.Join(",", nodes.Select(Of));

    private static string OfStatement(Statement statement) => statement switch
    {
        Declaration d => $"{Word(d.Kind)} {string.Join(",", d.Declarators.Select(x => Of(x.Target) + (x.Value is null ? "" : "=" + Of(x.Value))))};",
        FunctionDeclaration f => Of(f.Function),
        ExpressionStatement e => Of(e.Value) + ";",
        Block b => $"{{{Statements(b.Body)}}}",
        Empty => ";",
        If i => $"if({Of(i.Condition)}){Of(i.Then)}{(i.Else is null ? "" : " else " + Of(i.Else))}",
        For f => $"for({(f.Initial is null ? ";" : Of(f.Initial))}{Of(f.Condition)};{Of(f.Step)}){Of(f.Body)}",
        ForEach f => $"for({(f.Declares is { } kind ? Word(kind) + " " : "")}{Of(f.Target)} {(f.IsOf ? "of" : "in")} {Of(f.Source)}){Of(f.Body)}",
        While w => $"while({Of(w.Condition)}){Of(w.Body)}",
        DoWhile d => $"do {Of(d.Body)} while({Of(d.Condition)});",
        Switch s => $"switch({Of(s.Value)}){{{string.Join(" ", s.Cases.Select(c => (c.Test is null ? "default" : "case " + Of(c.Test)) + ":" + Statements(c.Body)))}}}",
        Try t => $"try{Of(t.Body)}{(t.Handler is null ? "" : $"catch({Of(t.Caught)}){Of(t.Handler)}")}{(t.Finally is null ? "" : "finally" + Of(t.Finally))}",
        Throw t => $"throw {Of(t.Value)};",
        Return r => r.Value is null ? "return;" : $"return {Of(r.Value)};",
        Break b => $"break{Label(b.Label)};",
        Continue c => $"continue{Label(c.Label)};",
        Labelled l => $"{l.Label}:{Of(l.Body)}",
        _ => statement.GetType().Name,
    };

    private static string OfPattern(Pattern pattern) => pattern switch
    {
        IdentifierPattern i => i.Name,
        MemberPattern m => Of(m.Target),
        ArrayPattern a => $"[{string.Join(",", a.Elements.Select(Element).Concat(Rest(a.Rest)))}]",
        ObjectPattern o => $"{{{string.Join(",", o.Properties.Select(p => Key(p.Key) + ":" + Element(p.Value)).Concat(Rest(o.Rest)))}}}",
        _ => pattern.GetType().Name,
    };

    private static string OfFunction(Function f) =>
        $"{(f.Kind == FunctionKind.Arrow ? "arrow" : f.Kind == FunctionKind.Method ? "method" : "function")} {f.Name}({string.Join(",", f.Parameters.Select(Element).Concat(Rest(f.Rest)))}){{{Statements(f.Body)}}}";

    private static string OfExpression(Expr expression) => expression switch
    {
        NumberLiteral n => n.Value.ToString("R", CultureInfo.InvariantCulture),
        StringLiteral s => $"'{s.Value}'",
        Constant c => c.Value is { } flag ? flag ? "true" : "false" : "null",
        TemplateLiteral t => "`" + string.Concat(t.Texts.Select((text, i) => text + (i < t.Parts.Count ? "${" + Of(t.Parts[i]) + "}" : ""))) + "`",
        RegexLiteral r => $"/{r.Source}/{r.Flags}",
        Identifier i => i.Name,
        This => "this",
        ArrayLiteral a => $"[{List(a.Elements)}]",
        ObjectLiteral o => $"{{{string.Join(",", o.Members.Select(m => m.Key is null ? "..." + Of(m.Value) : Key(m.Key) + ":" + Of(m.Value)))}}}",
        FunctionExpression f => $"<{(f.BindsOwnName ? "own " : "")}{Of(f.Function)}>",
        Spread s => "..." + Of(s.Value),
        Unary u => $"({u.Operator} {Of(u.Value)})",
        Delete d => $"(delete {Of(d.Target)})",
        Update u => u.IsPrefix ? $"({(u.By > 0 ? "++" : "--")}{Of(u.Target)})" : $"({Of(u.Target)}{(u.By > 0 ? "++" : "--")})",
        Binary b => $"({Of(b.Left)} {b.Operator} {Of(b.Right)})",
        Logical l => $"({Of(l.Left)} {l.Operator} {Of(l.Right)})",
        Conditional c => $"({Of(c.Condition)}?{Of(c.Then)}:{Of(c.Else)})",
        Assign a => $"({Of(a.Target)} {a.Operator}= {Of(a.Value)})",
        Member m => Of(m.Target) + (m.IsOptional ? "?." : m.Name is null ? "" : ".") + (m.Name ?? $"[{Of(m.Computed)}]"),
        Call c => $"{Of(c.Callee)}{(c.IsOptional ? "?." : "")}({List(c.Arguments)})",
        Chain c => $"<{Of(c.Value)}>",
        New n => $"new {Of(n.Callee)}({List(n.Arguments)})",
        Sequence s => $"({List(s.Values)})",
        _ => expression.GetType().Name,
    };

    private static string Element(PatternElement? element) =>
        element is null ? "_" : Of(element.Target) + (element.Default is null ? "" : "=" + Of(element.Default));

    private static IEnumerable<string> Rest(Pattern? rest) => rest is null ? [] : ["..." + Of(rest)];

    private static string Key(PropertyKey key) => key.Name ?? $"[{Of(key.Computed)}]";

    private static string Word(DeclarationKind kind) => kind switch { DeclarationKind.Var => "var", DeclarationKind.Let => "let", _ => "const" };

    private static string Label(string? label) => label is null ? "" : " " + label;
}
