namespace Workflows.Engine.Expressions.JavaScript.Syntax;

/// <summary>Which names are declared where, and which jumps have a target: errors that the standard reports before running.</summary>
internal sealed partial class Parser
{
    private Scope _scope = new(null, isFunction: true);
    private Jumps _jumps = new(null);

    private sealed class Scope(Scope? outer, bool isFunction)
    {
        public Scope? Outer => outer;

        public bool IsFunction => isFunction;

        /// <summary>let, const, and functions in blocks.</summary>
        public HashSet<string> Lexical { get; } = [];

        /// <summary>var of this block and those inside it.</summary>
        public HashSet<string> Vars { get; } = [];

        /// <summary>Parameters, and the names of a catch.</summary>
        public HashSet<string> Parameters { get; } = [];

        /// <summary>The one name of a simple catch, which var may repeat.</summary>
        public string? Caught { get; set; }
    }

    /// <summary>Loops, switches and labels around a place, within one function.</summary>
    private sealed class Jumps(Jumps? outer)
    {
        public Jumps? Outer => outer;

        public int Loops { get; set; }

        public int Switches { get; set; }

        public List<(string Name, bool IsLoop)> Labels { get; } = [];
    }

    private void Declare(Pattern pattern, DeclarationKind kind)
    {
        foreach (var (name, at) in NamesOf(pattern))
        {
            if (kind == DeclarationKind.Var)
                DeclareVar(name, at);
            else
                DeclareLexical(name, at);
        }
    }

    private void DeclareVar(string name, Position at)
    {
        for (var scope = _scope; scope is not null; scope = scope.IsFunction ? null : scope.Outer)
        {
            if (scope.Lexical.Contains(name) || (!scope.IsFunction && scope.Parameters.Contains(name) && scope.Caught != name))
                throw Twice(name, at);
            scope.Vars.Add(name);
        }
    }

    private void DeclareLexical(string name, Position at)
    {
        if (_scope.Vars.Contains(name) || _scope.Parameters.Contains(name) || !_scope.Lexical.Add(name))
            throw Twice(name, at);
    }

    private void DeclareFunction(string name, Position at)
    {
        if (!_scope.IsFunction)
            DeclareLexical(name, at);
        else if (_scope.Lexical.Contains(name))
            throw Twice(name, at);
        else
            _scope.Vars.Add(name);
    }

    private void DeclareParameters(Pattern pattern)
    {
        foreach (var (name, at) in NamesOf(pattern))
        {
            if (!_scope.Parameters.Add(name))
                throw Twice(name, at);
        }
    }

    private static ExpressionError Twice(string name, Position at) =>
        SourceText.Error(at, $"“{name}”重复声明", $"'{name}' is declared twice");

    /// <summary>Names a declaration pattern binds. Throws for members, which only an assignment can have.</summary>
    private static List<(string Name, Position At)> NamesOf(Pattern pattern)
    {
        List<(string, Position)> names = [];
        Collect(pattern);
        return names;

        void Collect(Pattern? part)
        {
            switch (part)
            {
                case IdentifierPattern identifier:
                    names.Add((identifier.Name, identifier.At));
                    break;
                case MemberPattern member:
                    throw SourceText.Error(member.At, "此处应为变量名", "expected a variable name");
                case ArrayPattern array:
                    foreach (var element in array.Elements)
                        Collect(element?.Target);
                    Collect(array.Rest);
                    break;
                case ObjectPattern properties:
                    foreach (var property in properties.Properties)
                        Collect(property.Value.Target);
                    Collect(properties.Rest);
                    break;
            }
        }
    }

    private string? ParseJumpTarget(bool isContinue, Token word)
    {
        if (_token.Kind == TokenKind.Name && !_token.AfterLineEnd && !Reserved.Contains(_token.Text))
        {
            var label = _token.Text;
            var known = _jumps.Labels.FindLast(l => l.Name == label);
            if (known.Name is null)
                throw Error(_token, $"没有名为“{label}”的标签", $"there is no label '{label}'");
            if (isContinue && !known.IsLoop)
                throw Error(_token, $"标签“{label}”不是循环，不能 continue", $"label '{label}' is not a loop");
            Advance();
            return label;
        }

        if (_jumps.Loops == 0 && (isContinue || _jumps.Switches == 0))
        {
            throw isContinue
                ? Error(word, "continue 只能用在循环中", "continue outside of a loop")
                : Error(word, "break 只能用在循环或 switch 中", "break outside of a loop or switch");
        }

        return null;
    }
}
