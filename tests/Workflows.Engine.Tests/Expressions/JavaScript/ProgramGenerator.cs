namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>
/// Makes up programs over the data of globals.json; the same seed makes the same program. They end soon, change nothing
/// outside themselves, and avoid what the language leaves to the implementation: last digits of sines and powers, the order
/// a contradictory comparison gives, the wording of errors.
/// </summary>
internal sealed partial class ProgramGenerator
{
    private readonly Random _random;
    private readonly List<(string Name, char Type)> _names = [];
    private int _made;

    private ProgramGenerator(int seed) => _random = new Random(seed);

    public static string Program(int seed)
    {
        var generator = new ProgramGenerator(seed);
        return generator._random.Next(3) > 0 ? generator.Any(5) : generator.Script();
    }

    private int Next(int below) => _random.Next(below);

    private string One(params string[] choices) => choices[Next(choices.Length)];

    private string Pick(int depth, string[] leaves, Func<int, string>[] more) =>
        depth <= 0 || Next(6) == 0 ? One(leaves) : more[Next(more.Length)](depth - 1);

    /// <summary>A name of that type in sight, or null.</summary>
    private string? Known(char type)
    {
        var known = _names.Where(n => n.Type == type).ToList();
        return known.Count > 0 && Next(2) == 0 ? known[Next(known.Count)].Name : null;
    }

    private string Fresh(string hint) => hint + ++_made;

    /// <summary>Text made while a name is in sight.</summary>
    private string With(string name, char type, Func<string> content)
    {
        _names.Add((name, type));
        var text = content();
        _names.RemoveAt(_names.Count - 1);
        return text;
    }

    private string Arrow(char parameter, Func<string> body)
    {
        var name = Fresh("p");
        var content = With(name, parameter, body);
        return Next(8) == 0 ? $"function ({name}) {{ return {content} }}" : Next(8) == 0 ? $"({name}) => {{ return {content} }}" : $"{name} => {Guarded(content)}";
    }

    private static string Guarded(string body) => body.StartsWith('{') ? $"({body})" : body;

    // ---- expressions; the letter of a type: n number, s text, b flag, N S list of numbers or texts, I list of items, i item, o object

    private string Num(int d) => Known('n') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["0", "1", "-1", "2", "3.5", "10", "100", "0.1", "1e3", "0x1F", "count", "price", "order.total", "customer.level", "order.items.length", "numbers[2]", "order.items[1].price", "matrix[1][0]", "NaN", "-0"],
        [
            k => $"({Num(k)} {One("+", "-", "*", "/", "%")} {Num(k)})",
            k => $"{Num(k)} {One("+", "-", "*")} {Num(k)}",
            k => $"({Num(k)} {One("&", "|", "^", "<<", ">>", ">>>")} {Num(k)})",
            k => $"({Num(k)} | 0) ** {One("2", "3", "0", "1")}",
            k => $"{One("-", "+", "~")}({Num(k)})",
            k => $"Math.{One("round", "floor", "ceil", "trunc", "abs", "sign", "sqrt")}({Num(k)})",
            k => $"Math.{One("max", "min")}({Num(k)}, {Num(k)})",
            k => $"Math.{One("max", "min")}(...{Nums(k)})",
            k => $"{Str(k)}.length",
            k => $"{Str(k)}.{One("indexOf", "lastIndexOf")}({Str(k)})",
            k => $"{Str(k)}.charCodeAt({Num(k)})",
            k => $"{Nums(k)}.reduce((a, x) => a + x, {Num(k)})",
            k => $"{Nums(k)}.length",
            k => $"{Nums(k)}.{One("indexOf", "lastIndexOf")}({Num(k)})",
            k => $"{Items(k)}.reduce((sum, {{price, quantity: q = 1}}) => sum + price * q, 0)",
            k => $"({Bool(k)} ? {Num(k)} : {Num(k)})",
            k => $"({Nums(k)}[{Num(k)}] ?? {Num(k)})",
            k => $"({Nums(k)}.at({Num(k)}) ?? {Num(k)})",
            k => $"({Nums(k)}.find({Arrow('n', () => Bool(k))}) ?? {Num(k)})",
            k => $"{Nums(k)}.findIndex({Arrow('n', () => Bool(k))})",
            k => $"{One("parseInt", "parseFloat", "Number")}({Str(k)})",
            k => $"Number({Any(k)})",
            k => $"({Arrow('n', () => Num(k))})({Num(k)})",
            k => $"+{Str(0)}",
            k => $"new Date({Num(k)}).getTime()",
            k => $"new Date(order.createdAt).{One("getDate", "getHours", "getDay", "getMonth", "getUTCHours")}()",
            k => $"+({Num(k)}).toFixed({Next(4)})",
        ]);

    private string Str(int d) => Known('s') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["'a'", "''", "'b c'", "\"it's\"", "'12'", "'中文😀'", "'x,y;z'", "customer.name", "customer.email", "order.id", "order.status", "text", "words[1]", "words[5]", "order.items[2].name", "' pad '", "'3.5e1x'"],
        [
            k => $"({Str(k)} + {Any(k)})",
            k => $"`{One("", "<", "n=")}${{{Any(k)}}}{One("", " ", "-")}${{{Str(k)}}}`",
            k => $"{Str(k)}.{One("toUpperCase", "toLowerCase", "trim", "trimStart", "trimEnd", "toString")}()",
            k => $"{Str(k)}.{One("slice", "substring")}({Num(k)}, {Num(k)})",
            k => $"{Str(k)}.{One("slice", "substring", "charAt")}({Num(k)})",
            k => $"{Str(k)}.{One("replace", "replaceAll")}({Str(0)}, {Str(k)})",
            k => $"{Str(k)}.replace({Regex()}, {Str(0)})",
            k => $"{Str(k)}.replace({Regex()}, {Arrow('s', () => Str(k))})",
            k => $"{Str(k)}.{One("padStart", "padEnd")}({Next(9)}, {Str(0)})",
            k => $"{Str(k)}.repeat({Next(4)})",
            k => $"{Str(k)}.concat({Any(k)}, {Str(k)})",
            k => $"({Str(k)}.at({Num(k)}) ?? {Str(k)})",
            k => $"String({Any(k)})",
            k => $"typeof {Any(0)}",
            k => $"(JSON.stringify({Any(k)}) + '')",
            k => $"({Num(k)}).toFixed({Next(5)})",
            k => $"({Num(k)} | 0).toString({One("2", "8", "16", "36")})",
            k => $"({Num(k)}).toPrecision({1 + Next(8)})",
            k => $"String({Num(k)})",
            k => $"{Strs(k)}.join({One("", "'-'", "', '")})",
            k => $"{Nums(k)}.join({One("", "'|'")})",
            k => $"({Bool(k)} ? {Str(k)} : {Str(k)})",
            k => $"({Strs(k)}[{Num(k)}] ?? {Str(k)})",
            k => $"({Str(k)} || {Str(k)})",
            k => $"(({Item(k)})?.name ?? {Str(k)})",
            k => $"({Str(k)}.match({Regex()})?.[0] ?? {Str(0)})",
            k => $"encodeURIComponent({Str(k)})",
            k => $"new Date(order.createdAt).toISOString().slice({Next(6)})",
        ]);

    private string Regex() => One("/a/", "/[a-z]+/g", "/\\d+/g", "/\\s/g", "/(.)(.)/", "/[^a-z]/gi", "/(?:x|y|b)/", "/^./", "/.$/", "/\\b\\w/g", "/(\\w)\\1/", "/[一-龥]/g", "/e(?=r|l)/g");

    private string Bool(int d) => Known('b') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["true", "false", "flag", "order.paid", "customer.vip", "!nothing", "order.total > 1000", "order.status === 'paid'"],
        [
            k => $"({Num(k)} {One("<", ">", "<=", ">=", "===", "!==", "==", "!=")} {Num(k)})",
            k => $"({Str(k)} {One("<", ">", "<=", ">=", "===", "!==")} {Str(k)})",
            k => $"({Any(k)} {One("==", "!=", "===", "<", ">=")} {Scalar(k)})",
            k => $"({Bool(k)} {One("&&", "||")} {Bool(k)})",
            k => $"!{Bool(k)}",
            k => $"!!({Any(k)})",
            k => $"{Str(k)}.{One("includes", "startsWith", "endsWith")}({Str(k)})",
            k => $"{Nums(k)}.includes({Num(k)})",
            k => $"{Nums(k)}.{One("some", "every")}({Arrow('n', () => Bool(k))})",
            k => $"{Items(k)}.{One("some", "every")}({Arrow('i', () => Bool(k))})",
            k => $"({Str(k)} in {Obj(k)})",
            k => $"({Num(k)} in {Nums(k)})",
            k => $"({Any(k)} instanceof {One("Array", "Object", "Map", "Date")})",
            k => $"{One("isNaN", "Number.isInteger", "Number.isFinite", "Array.isArray", "Boolean")}({Any(k)})",
            k => $"Object.is({Num(k)}, {Num(k)})",
            k => $"{Regex()}.test({Str(k)})",
            k => $"new Set({Nums(k)}).has({Num(k)})",
            k => $"Object.hasOwn({Obj(k)}, {Str(0)})",
        ]);

    private string Scalar(int d) => Next(5) switch { 0 => One("null", "undefined", "nothing", "order.note"), 1 => Bool(d), 2 => Str(d), _ => Num(d) };

    private string Any(int d) => Next(13) switch
    {
        0 or 1 => Num(d),
        2 or 3 => Str(d),
        4 => Bool(d),
        5 => Nums(d),
        6 => Strs(d),
        7 => Items(d),
        8 or 9 => Obj(d),
        10 => Scalar(d),
        _ => Odd(d),
    };
}
