namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>A place in an expression's text, both counted from 1.</summary>
internal readonly record struct Position(int Line, int Column);

/// <summary>Anything the parser makes.</summary>
internal abstract record Node(Position At);

/// <summary>A whole script: its statements run in strict mode, a top-level return is allowed.</summary>
internal sealed record Program(Position At, IReadOnlyList<Statement> Body) : Node(At);

// ---- patterns: what stands left of "=", in parameters and in for-of heads

/// <summary>Where a value is bound or assigned: an identifier, a member (assignment only), an array or an object pattern.</summary>
internal abstract record Pattern(Position At) : Node(At);

internal sealed record IdentifierPattern(Position At, string Name) : Pattern(At);

/// <summary>A member as assignment target; never in a declaration.</summary>
internal sealed record MemberPattern(Position At, Member Target) : Pattern(At);

/// <param name="Elements">Null is a hole.</param>
/// <param name="Rest">Takes what is left, as a list.</param>
internal sealed record ArrayPattern(Position At, IReadOnlyList<PatternElement?> Elements, Pattern? Rest) : Pattern(At);

internal sealed record ObjectPattern(Position At, IReadOnlyList<PatternProperty> Properties, Pattern? Rest) : Pattern(At);

internal sealed record PatternElement(Pattern Target, Expr? Default);

internal sealed record PatternProperty(PropertyKey Key, PatternElement Value);

/// <summary>Name of a property: fixed, or computed from an expression.</summary>
internal sealed record PropertyKey(string? Name, Expr? Computed);

// ---- functions

internal enum FunctionKind
{
    /// <summary>function: has its own "this" and "arguments".</summary>
    Function,

    /// <summary>Shorthand method of an object literal: as a function, but no constructor.</summary>
    Method,

    /// <summary>Arrow: "this" and "arguments" are those around it.</summary>
    Arrow,
}

/// <param name="Name">Empty when anonymous; the parser fills in the name of the variable or property it is assigned to.</param>
/// <param name="Body">Statements; an arrow with an expression body has one <see cref="Return"/>.</param>
internal sealed record Function(Position At, FunctionKind Kind, string Name, IReadOnlyList<PatternElement> Parameters, Pattern? Rest, IReadOnlyList<Statement> Body) : Node(At);

// ---- statements

internal abstract record Statement(Position At) : Node(At);

internal enum DeclarationKind
{
    Var,
    Let,
    Const,
}

internal sealed record Declaration(Position At, DeclarationKind Kind, IReadOnlyList<Declarator> Declarators) : Statement(At);

internal sealed record Declarator(Pattern Target, Expr? Value);

/// <summary>A function declaration; hoisted to the head of its block.</summary>
internal sealed record FunctionDeclaration(Position At, Function Function) : Statement(At);

internal sealed record ExpressionStatement(Position At, Expr Value) : Statement(At);

internal sealed record Block(Position At, IReadOnlyList<Statement> Body) : Statement(At);

internal sealed record Empty(Position At) : Statement(At);

internal sealed record If(Position At, Expr Condition, Statement Then, Statement? Else) : Statement(At);

/// <param name="Initial">A <see cref="Declaration"/>, an <see cref="ExpressionStatement"/> or null.</param>
internal sealed record For(Position At, Statement? Initial, Expr? Condition, Expr? Step, Statement Body) : Statement(At);

/// <param name="Declares">Null when <paramref name="Target"/> is assigned rather than declared.</param>
/// <param name="IsOf">for-of; false is for-in.</param>
internal sealed record ForEach(Position At, DeclarationKind? Declares, Pattern Target, Expr Source, bool IsOf, Statement Body) : Statement(At);

internal sealed record While(Position At, Expr Condition, Statement Body) : Statement(At);

internal sealed record DoWhile(Position At, Statement Body, Expr Condition) : Statement(At);

internal sealed record Switch(Position At, Expr Value, IReadOnlyList<SwitchCase> Cases) : Statement(At);

/// <param name="Test">Null is default.</param>
internal sealed record SwitchCase(Expr? Test, IReadOnlyList<Statement> Body);

internal sealed record Try(Position At, Block Body, Pattern? Caught, Block? Handler, Block? Finally) : Statement(At);

internal sealed record Throw(Position At, Expr Value) : Statement(At);

internal sealed record Return(Position At, Expr? Value) : Statement(At);

internal sealed record Break(Position At, string? Label) : Statement(At);

internal sealed record Continue(Position At, string? Label) : Statement(At);

internal sealed record Labelled(Position At, string Label, Statement Body) : Statement(At);

// ---- expressions

internal abstract record Expr(Position At) : Node(At);

internal sealed record NumberLiteral(Position At, double Value) : Expr(At);

internal sealed record StringLiteral(Position At, string Value) : Expr(At);

/// <summary>true, false, null: the value as it is.</summary>
internal sealed record Constant(Position At, bool? Value) : Expr(At);

/// <param name="Texts">One more than <paramref name="Parts"/>, escapes resolved.</param>
internal sealed record TemplateLiteral(Position At, IReadOnlyList<string> Texts, IReadOnlyList<Expr> Parts) : Expr(At);

/// <summary>The parser checks that the flags are known and not repeated; the pattern is for the compiler to check.</summary>
internal sealed record RegexLiteral(Position At, string Source, string Flags) : Expr(At);

internal sealed record Identifier(Position At, string Name) : Expr(At);

internal sealed record This(Position At) : Expr(At);

/// <param name="Elements">Null is a hole; a <see cref="Spread"/> pours its elements in.</param>
internal sealed record ArrayLiteral(Position At, IReadOnlyList<Expr?> Elements) : Expr(At);

internal sealed record ObjectLiteral(Position At, IReadOnlyList<ObjectMember> Members) : Expr(At);

/// <param name="Key">Null for a spread, whose value is in <paramref name="Value"/>.</param>
internal sealed record ObjectMember(PropertyKey? Key, Expr Value);

internal sealed record FunctionExpression(Position At, Function Function) : Expr(At)
{
    /// <summary>Written with a name of its own, which is a constant inside the function; false when the name was filled in.</summary>
    public bool BindsOwnName { get; init; }
}

internal sealed record Spread(Position At, Expr Value) : Expr(At);

/// <param name="Operator">- + ! ~ typeof void</param>
internal sealed record Unary(Position At, string Operator, Expr Value) : Expr(At);

/// <summary>delete of a member; deleting anything else is refused by the parser. May stand directly in a <see cref="Chain"/>.</summary>
internal sealed record Delete(Position At, Member Target) : Expr(At);

/// <param name="Target">An <see cref="IdentifierPattern"/> or a <see cref="MemberPattern"/>.</param>
/// <param name="By">+1 or -1.</param>
internal sealed record Update(Position At, Pattern Target, int By, bool IsPrefix) : Expr(At);

/// <param name="Operator">Arithmetic, bitwise, comparison, in, instanceof.</param>
internal sealed record Binary(Position At, string Operator, Expr Left, Expr Right) : Expr(At);

/// <param name="Operator">&amp;&amp; || ??</param>
internal sealed record Logical(Position At, string Operator, Expr Left, Expr Right) : Expr(At);

internal sealed record Conditional(Position At, Expr Condition, Expr Then, Expr Else) : Expr(At);

/// <param name="Operator">Empty for "=", else the operator before it: + - * / % ** &lt;&lt; &gt;&gt; &gt;&gt;&gt; &amp; | ^ &amp;&amp; || ??</param>
/// <param name="Target">Array and object patterns only with an empty operator.</param>
internal sealed record Assign(Position At, string Operator, Pattern Target, Expr Value) : Expr(At);

/// <param name="Name">Fixed name; null when computed.</param>
/// <param name="Computed">a[b].</param>
/// <param name="IsOptional">a?.b: undefined and the end of the chain when a is null or undefined.</param>
internal sealed record Member(Position At, Expr Target, string? Name, Expr? Computed, bool IsOptional) : Expr(At);

/// <param name="Arguments">May hold <see cref="Spread"/>.</param>
internal sealed record Call(Position At, Expr Callee, IReadOnlyList<Expr> Arguments, bool IsOptional) : Expr(At);

/// <summary>The whole of a chain with ?. in it: where a short cut ends.</summary>
internal sealed record Chain(Position At, Expr Value) : Expr(At);

internal sealed record New(Position At, Expr Callee, IReadOnlyList<Expr> Arguments) : Expr(At);

internal sealed record Sequence(Position At, IReadOnlyList<Expr> Values) : Expr(At);
