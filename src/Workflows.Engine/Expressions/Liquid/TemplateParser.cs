namespace Workflows.Engine.Expressions.Liquid;

/// <summary>Makes the tree of a template.</summary>
internal sealed class TemplateParser(LiquidSource source)
{
    // Blocks within blocks. Keeps parsing and rendering far from the end of the stack.
    private const int DeepestBlocks = 100;

    private static readonly string[] Tags =
        ["if", "unless", "case", "for", "tablerow", "break", "continue", "cycle", "assign", "capture", "increment", "decrement", "echo", "liquid", "raw", "comment"];

    private static readonly string[] Parts = ["else", "elsif", "when", "endif", "endunless", "endcase", "endfor", "endtablerow", "endcapture", "endraw", "endcomment"];

    private static readonly string[] OtherFiles = ["include", "render", "layout", "block", "section", "extends"];

    private Pieces _pieces = new TemplatePieces(source);
    private int _depth;

    public ReferenceCollector References { get; } = new(source);

    public Block ParseAll()
    {
        var (block, end) = ParseBlock([]);
        return end.Kind == PieceKind.End ? block : throw Stray(end);
    }

    /// <summary>Nodes up to one of the tags in <paramref name="until"/>, which is answered too, or to the end.</summary>
    private (Block Block, Piece End) ParseBlock(string[] until)
    {
        if (++_depth > DeepestBlocks)
            throw source.Error(_pieces.Next().Offset, $"模板超出限制：标签嵌套不得超过 {DeepestBlocks} 层", $"the template exceeds the limit on nested tags, {DeepestBlocks}");
        var nodes = new List<Node>();
        while (true)
        {
            var piece = _pieces.Next();
            if (piece.Kind == PieceKind.End || (piece.Kind == PieceKind.Tag && until.Contains(piece.Text)))
            {
                _depth--;
                return (new Block(nodes), piece);
            }

            if (piece.Kind == PieceKind.Text)
                nodes.Add(new TextNode(piece.Text));
            else if (piece.Kind == PieceKind.Output)
                nodes.Add(new OutputNode(Inside(piece).ParseFiltered(), piece.Offset));
            else if (ParseTag(piece) is { } node)
                nodes.Add(node);
        }
    }

    /// <summary>The body of <paramref name="opening"/> up to its end tag or one of <paramref name="parts"/>; it is an error if neither comes.</summary>
    private (Block Block, Piece End) ParseBody(Piece opening, params string[] parts)
    {
        var (block, end) = ParseBlock([.. parts, "end" + opening.Text]);
        if (end.Kind == PieceKind.End)
            throw source.Error(opening.Offset, $"“{opening.Text}”没有用“end{opening.Text}”结束", $"{opening.Text} is not closed by end{opening.Text}");
        if (end.Text is not ("elsif" or "when"))
            Inside(end).Lexer.ExpectEnd();
        return (block, end);
    }

    private Node? ParseTag(Piece tag)
    {
        switch (tag.Text)
        {
            case "if" or "unless":
                return ParseIf(tag);
            case "case":
                return ParseCase(tag);
            case "for" or "tablerow":
                return ParseLoop(tag);
            case "break" or "continue":
                Inside(tag).Lexer.ExpectEnd();
                return new FlowNode(tag.Text == "break" ? Flow.Break : Flow.Continue);
            case "cycle":
                return ParseCycle(tag);
            case "assign":
                return ParseAssign(tag);
            case "capture":
                return ParseCapture(tag);
            case "increment" or "decrement":
                return ParseCounter(tag);
            case "echo":
                return Inside(tag) is var echo && echo.Lexer.AtEnd ? null : new OutputNode(echo.ParseFiltered(), tag.Offset);
            case "liquid":
                return ParseLines(tag);
            case "raw":
                return new TextNode(Verbatim(tag));
            case "comment":
                Verbatim(tag);
                return null;
            case "#":
                return null;
            default:
                throw Parts.Contains(tag.Text) ? Stray(tag)
                    : OtherFiles.Contains(tag.Text) ? source.Error(tag.Offset, $"不支持标签“{tag.Text}”：模板不能引用别的文件", $"tag {tag.Text} is refused: a template cannot use another file")
                    : tag.Text.Length == 0 ? source.Error(tag.Offset, "标签没有名称", "a tag without a name")
                    : source.Unknown(tag.Offset, "标签", "tag", tag.Text, [.. Tags, .. Parts]);
        }
    }

    private IfNode ParseIf(Piece tag)
    {
        var branches = new List<(Term Condition, bool Wanted, Block Body, int Offset)>();
        var (opening, wanted) = (tag, tag.Text == "if");
        while (true)
        {
            var inside = Inside(opening);
            var condition = inside.ParseCondition();
            inside.Lexer.ExpectEnd();
            var (body, end) = ParseBody(tag, "elsif", "else");
            branches.Add((condition, wanted, body, opening.Offset));
            if (end.Text == "elsif")
            {
                (opening, wanted) = (end, true);
                continue;
            }

            return new IfNode(branches, end.Text == "else" ? Last(tag) : null);
        }
    }

    private CaseNode ParseCase(Piece tag)
    {
        var inside = Inside(tag);
        var value = inside.ParseValue();
        inside.Lexer.ExpectEnd();
        // What stands before the first "when" is nobody's branch.
        var (_, end) = ParseBody(tag, "when", "else");
        var branches = new List<(IReadOnlyList<Term> Values, Block Body)>();
        while (end.Text == "when")
        {
            var when = Inside(end);
            var values = new List<Term> { when.ParseValue() };
            while (when.Lexer.Skip(",") || (when.Lexer.IsName("or") && when.Lexer.Take().Text == "or"))
                values.Add(when.ParseValue());
            when.Lexer.ExpectEnd();
            (var body, end) = ParseBody(tag, "when", "else");
            branches.Add((values, body));
        }

        return new CaseNode(value, branches, end.Text == "else" ? Last(tag) : null, tag.Offset);
    }

    private Node ParseLoop(Piece tag)
    {
        var inside = Inside(tag);
        var lexer = inside.Lexer;
        var name = lexer.ExpectName("变量名", "a name");
        if (!lexer.IsName("in"))
            throw lexer.Unexpected("应为“in”", "expected in");
        lexer.Take();
        var start = lexer.Next.Offset;
        var items = inside.ParseValue();
        var source1 = source.Text[start..lexer.Next.Offset].Trim();
        var loop = new LoopHead { Name = name, Items = items, Label = $"{name}-{source1}", Offset = tag.Offset };
        while (!lexer.AtEnd)
        {
            lexer.Skip(",");
            var offset = lexer.Next.Offset;
            var modifier = lexer.ExpectName("limit、offset 或 reversed", "limit, offset or reversed");
            if (modifier == "reversed")
            {
                loop.IsReversed = true;
                continue;
            }

            if (!lexer.Skip("="))
                lexer.Expect(":");
            switch (modifier)
            {
                case "limit":
                    loop.Limit = inside.ParseValue();
                    break;
                case "offset" when lexer.IsName("continue"):
                    lexer.Take();
                    loop.Continues = true;
                    break;
                case "offset":
                    loop.Start = inside.ParseValue();
                    break;
                case "cols" when tag.Text == "tablerow":
                    loop.Columns = inside.ParseValue();
                    break;
                default:
                    throw source.Unknown(offset, "循环选项", "loop option", modifier, ["limit", "offset", "reversed", "cols"]);
            }
        }

        References.Make(name);
        if (tag.Text == "tablerow")
            return new TableNode(loop, ParseBody(tag).Block);
        var (body, end) = ParseBody(tag, "else");
        return new ForNode(loop, body, end.Text == "else" ? Last(tag) : null);
    }

    private CycleNode ParseCycle(Piece tag)
    {
        var inside = Inside(tag);
        var first = inside.ParseValue();
        var group = inside.Lexer.Skip(":") ? first : null;
        var start = inside.Lexer.Next.Offset;
        var values = new List<Term> { group is null ? first : inside.ParseValue() };
        while (inside.Lexer.Skip(","))
            values.Add(inside.ParseValue());
        inside.Lexer.ExpectEnd();
        return new CycleNode(group, values, source.Text[(group is null ? tag.Start : start)..tag.End].Trim(), tag.Offset);
    }

    private AssignNode ParseAssign(Piece tag)
    {
        var inside = Inside(tag);
        var name = inside.Lexer.ExpectName("变量名", "a name");
        inside.Lexer.Expect("=");
        References.Make(name);
        return new AssignNode(name, inside.ParseFiltered(), tag.Offset);
    }

    private CaptureNode ParseCapture(Piece tag)
    {
        var lexer = Inside(tag).Lexer;
        var name = lexer.Next.Kind == TokenKind.Text ? lexer.Take().Text : lexer.ExpectName("变量名", "a name");
        lexer.ExpectEnd();
        References.Make(name);
        return new CaptureNode(name, ParseBody(tag).Block);
    }

    private CounterNode ParseCounter(Piece tag)
    {
        var lexer = Inside(tag).Lexer;
        var name = lexer.ExpectName("变量名", "a name");
        lexer.ExpectEnd();
        References.Make(name);
        return new CounterNode(name, tag.Text == "increment");
    }

    private Block ParseLines(Piece tag)
    {
        var outer = _pieces;
        _pieces = new LinePieces(source, tag.Start, tag.End);
        var (block, end) = ParseBlock([]);
        _pieces = outer;
        return end.Kind == PieceKind.End ? block : throw Stray(end);
    }

    /// <summary>The body after "else": nothing but the end may follow.</summary>
    private Block Last(Piece opening) => ParseBody(opening).Block;

    private string Verbatim(Piece tag) => _pieces.ReadVerbatim(tag.Text)
        ?? throw source.Error(tag.Offset, $"“{tag.Text}”没有用“end{tag.Text}”结束", $"{tag.Text} is not closed by end{tag.Text}");

    private ExpressionParser Inside(Piece piece) => new(new Lexer(source, piece.Start, piece.End), References);

    private ExpressionError Stray(Piece tag) => source.Error(tag.Offset, $"“{tag.Text}”前面没有与它对应的标签", $"nothing is open that {tag.Text} belongs to");
}
