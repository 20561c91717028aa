namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Lists, objects and statements.</summary>
internal sealed partial class ProgramGenerator
{
    private string Nums(int d) => Known('N') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["numbers", "[]", "[1, 2, 3]", "[0, -0, NaN]", "matrix[0]", "[5, , 7]", "[...numbers, count]"],
        [
            k => $"[{Num(k)}, {Num(k)}]",
            k => $"[...{Nums(k)}, {Num(k)}]",
            k => $"{Nums(k)}.map({Arrow('n', () => Num(k))})",
            k => $"{Nums(k)}.map((x{_made}, i{_made}) => x{_made} {One("+", "*", "-")} i{_made})",
            k => $"{Nums(k)}.filter({Arrow('n', () => Bool(k))})",
            k => $"{Nums(k)}.slice({Num(k)}, {Num(k)})",
            k => $"{Nums(k)}.concat({Nums(k)})",
            k => $"[...{Nums(k)}].reverse()",
            k => $"[...{Nums(k)}].sort()",
            k => $"{Nums(k)}.map(x => x | 0).sort((a, b) => {One("a - b", "b - a", "a % 3 - b % 3")})",
            _ => "matrix.flat()",
            k => $"{Nums(k)}.flatMap(x => [x, {Num(k)}])",
            k => $"Array.from({{length: {Next(5)}}}, (_, i) => i * {Num(k)})",
            k => $"Array.from({Str(k)}, c => c.length)",
            k => $"{Items(k)}.map({One("i => i.price", "({price}) => price", "({quantity: q}) => q * 2", "i => i.tags?.length ?? -1")})",
            k => $"{Strs(k)}.map({One("s => s.length", "Number", "(s, i) => i", "s => s.indexOf('p')")})",
            k => $"[...new Set({Nums(k)})]",
            k => $"[...new Map({Nums(k)}.map(x => [x % 3, x])).values()]",
            k => $"((a, ...rest) => rest)(...{Nums(k)})",
            k => $"(([a = {Num(k)}, b = a] = []) => [b, a])({Nums(k)})",
            k => $"[...{Nums(k)}].fill({Num(k)}, {Next(3)})",
            k => $"[...{Nums(k)}].splice({Next(3)}, {Next(3)})",
            k => $"Object.values({{a: {Num(k)}, b: {Num(k)}}})",
        ]);

    private string Strs(int d) => Known('S') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["words", "[]", "['a', 'b']", "order.items[0].tags", "['b', 'a', 'C']"],
        [
            k => $"[{Str(k)}, {Str(k)}]",
            k => $"{Str(k)}.split({One("''", "','", "' '", "/[,; ]/", "/(-)/")})",
            k => $"[...{Str(k)}]",
            k => $"{Strs(k)}.map({Arrow('s', () => Str(k))})",
            k => $"{Strs(k)}.filter({Arrow('s', () => Bool(k))})",
            k => $"{Strs(k)}.slice({Num(k)})",
            k => $"[...{Strs(k)}].{One("sort()", "reverse()")}",
            k => $"Object.keys({Obj(k)})",
            k => $"{Items(k)}.map({One("i => i.name", "({sku}) => sku", "i => `${i.name}x${i.quantity}`")})",
            k => $"{Nums(k)}.map({One("String", "x => x.toFixed(1)", "x => typeof x", "x => x + ''")})",
            k => $"{Items(k)}.flatMap(i => i.tags ?? [])",
            k => $"({Str(k)}.match(/\\w/g) ?? [])",
            k => $"[...{Str(k)}.matchAll(/([a-z])(\\d)?/g)].map(m => m[2] ?? m[1])",
            k => $"Object.entries({Obj(k)}).map(([k, v]) => k + '=' + typeof v)",
        ]);

    private string Items(int d) => Known('I') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["order.items"],
        [
            k => $"{Items(k)}.filter({Arrow('i', () => Bool(k))})",
            k => $"{Items(k)}.slice({Next(3)})",
            k => $"[...{Items(k)}].sort((a, b) => {One("a.price - b.price", "b.quantity - a.quantity", "a.sku < b.sku ? 1 : -1")})",
            k => $"{Items(k)}.map(i => ({{...i, price: i.price + {Num(k)}}}))",
            k => $"[...{Items(k)}].reverse()",
            k => $"JSON.parse(JSON.stringify({Items(k)}))",
        ]);

    private string Item(int d) => Known('i') ?? One("order.items[0]", "order.items[1]", $"{Items(d)}[{Next(3)}]", $"{Items(d)}.find(i => i.quantity > {Num(d)})", "order.items[9]");

    private string Obj(int d) => Known('o') is { } known && Next(3) > 0 ? known : Pick(
        d,
        ["order.address", "customer", "({})", "order.items[0]", "({a: 1, b: 'x', 2: null})"],
        [
            k => $"({{a: {Any(k)}, b: {Any(k)}}})",
            k => $"({{...{Obj(k)}, {One("a", "name", "'x y'", "3")}: {Any(k)}}})",
            k => $"({{[{Str(k)}]: {Any(k)}}})",
            k => $"({{count, price, n: {Num(k)}}})",
            k => $"(({{name, ...rest}}) => rest)({Obj(k)})",
            k => $"(({{a = {Any(k)}, b: {{c = {Num(k)}}} = {{}}}} = {{}}) => ({{a, c}}))({Obj(k)})",
            k => $"Object.fromEntries({Strs(k)}.map((s, i) => [s, i]))",
            k => $"Object.assign({{}}, {Obj(k)}, {Obj(k)})",
            k => $"{Strs(k)}.reduce((o, s) => {{ o[s] = (o[s] ?? 0) + 1; return o }}, {{}})",
            k => $"JSON.parse(JSON.stringify({Obj(k)}))",
            k => $"({Bool(k)} ? {Obj(k)} : {Obj(k)})",
        ]);

    /// <summary>Values that are rare, and mixtures in which conversions happen.</summary>
    private string Odd(int d) => Pick(
        d,
        ["null", "undefined", "nothing", "missingName?.x", "order.missing?.a.b", "new Date(0)", "/a/g", "new Map([[1, 'a']])", "order.missing.a"],
        [
            k => $"new Map({Strs(k)}.map((s, i) => [s, i]))",
            k => $"new Set({Nums(k)})",
            k => $"({Any(k)} + {Any(k)})",
            k => $"(({Any(k)}) {One("-", "*", "<", "==", "&&", "||", "??")} ({Any(k)}))",
            k => $"({Obj(k)}).{One("a", "name", "city", "nope", "b")}",
            k => $"({Obj(k)})?.{One("a", "b", "nope")}?.{One("length", "x", "toString()")}",
            k => $"({Any(k)})?.[{Scalar(k)}]",
            k => $"[{Any(k)}, {Any(k)}, , ...{Nums(k)}]",
            k => $"Object.entries({Obj(k)})",
            k => $"{Str(k)}.match({Regex()})",
            k => $"({Any(k)}, {Any(k)})",
            k => $"(() => {{ try {{ return {Any(k)}.{One("x.y", "map(x => x)", "toFixed(1)", "length")} }} catch (e) {{ return e.name }} }})()",
            k => $"void {Num(k)}",
            k => $"new Date({Num(k)} * 1e9)",
            k => $"[...{Nums(k)}.entries()]",
            k => $"[{Any(k)}, {Any(k)}, {Any(k)}].sort()",
            k => $"(function () {{ return [...arguments, arguments.length, this] }})({Any(k)}, {Any(k)})",
            k => $"({{n: {Any(k)}, f() {{ return [this.n, (() => this.n)()] }}}}).f()",
            k => $"({Obj(k)}).{One("a", "name", "nope")}?.({Any(k)})",
            k => $"new Date({Num(k)} * 1e8).{One("toISOString()", "toJSON()", "toLocaleDateString('zh-CN')", "toLocaleString('zh-CN')", "toString()", "getTimezoneOffset()", "toUTCString()")}",
            k => $"new Date(2026, {Num(k)}, {Num(k)}, {Num(k)}).getTime()",
            k => $"({Num(k)}).{One("toLocaleString('zh-CN')", "toExponential(2)", "toLocaleString('zh-CN', {minimumFractionDigits: 2})", "toPrecision(3)", "toString(3)")}",
            k => $"[...new Map({Nums(k)}.map((x, i) => [x, i]))].map(([k, v]) => [v, k])",
            k => $"JSON.stringify({Any(k)}, null, {One("0", "2", "'--'")})",
            k => $"JSON.stringify({Any(k)}, (k, v) => typeof v === 'number' ? v + 1 : v)",
            k => $"JSON.parse(JSON.stringify([{Any(k)}]), (k, v) => Array.isArray(v) ? v.length : v)",
            k => $"(() => {{ const f = [{Num(k)}, {Num(k)}].map(n => () => n + {Num(k)}); return f.map(g => g()) }})()",
            k => $"(() => {{ const f = []; for (let i = 0; i < 3; i++) {{ f.push(() => i); {One("i += 0", "if (i > 1) continue", "f.length")} }} return f.map(g => g()) }})()",
            k => $"(() => {{ let [a, b] = [{Any(k)}, {Any(k)}]; [a, b] = [b, a]; return {{a, b}} }})()",
            k => $"(() => {{ try {{ return {Any(k)} }} finally {{ {One("", "null?.x", "{ }", "if (flag) return 1")} }} }})()",
            k => $"(() => {{ try {{ throw {Any(k)} }} catch (e) {{ return [e, typeof e] }} }})()",
            k => $"(() => {{ const o = {{...{Obj(k)}}}; delete o.{One("name", "a", "zip")}; o.z = {Any(k)}; return Object.entries(o) }})()",
            k => $"(() => {{ const a = [...{Nums(k)}]; return [a.push({Num(k)}), a.shift(), a.unshift({Num(k)}), a.pop(), a.splice({Num(k)}, {Next(3)}), a.length, a] }})()",
            k => $"(() => {{ const a = []; a[{Next(4)}] = {Num(k)}; a.length = {Next(4)}; return a }})()",
            k => $"(() => {{ const r = {Regex()}; const s = {Str(k)}; return [r.exec(s), r.lastIndex, r.exec(s)] }})()",
            k => $"(() => {{ let s = ''; o: for (const a of {Strs(k)}) {{ for (const c of a) {{ if (c === 'p') continue o; if (s.length > 9) break o; s += c }} }} return s }})()",
            k => $"(() => {{ let n = {Next(5)}, s = []; do {{ s.push(n--) }} while (n > 0 && s.length < 4); return s }})()",
            k => $"(() => {{ var x = {Num(k)}; {{ let x = {Str(k)}; var y = x }} return [x, y] }})()",
            k => $"(() => {{ const m = new Map(); for (const w of {Strs(k)}) m.set(w.length, (m.get(w.length) ?? []).concat(w)); return m }})()",
            k => $"Object.entries({Obj(k)}).sort().map(([k, v]) => `${{k}}:${{v}}`).join()",
            k => $"[{Any(k)}, {Any(k)}].map(x => x == {Scalar(k)})",
            k => $"[{Any(k)}, {Any(k)}].map(x => `${{x}}`.length)",
            k => $"[{Any(k)}, {Any(k)}].map(x => isNaN(x) || +x)",
            k => $"[{Str(k)}, {Str(k)}].map(s => [s.codePointAt(1), s.split('').length, [...s].length, s.at(-1)])",
            k => $"({Bool(k)} ? {Any(k)} : {Bool(k)} ? {Any(k)} : {Any(k)})",
            k => $"[...{Str(k)}, ...new Set({Strs(k)}), ...{Nums(k)}].length",
            k => $"Object.fromEntries([...{Str(k)}].map((c, i) => [c, i]))",
            k => $"{Strs(k)}.reduceRight((a, s, i) => a + i + s, '')",
            k => $"{Any(k)} instanceof Error || new {One("TypeError", "RangeError", "Error")}({Str(k)}).message",
            k => $"encodeURI({Str(k)}) + decodeURIComponent(encodeURIComponent({Str(k)}))",
        ]);

    // ---- statements

    private string Script()
    {
        var before = _names.Count;
        var lines = new List<string>();
        for (var i = 1 + Next(4); i > 0; i--)
            lines.Add(Statement(3));
        lines.Add(Next(4) == 0 ? Statement(2) : Last());
        _names.RemoveRange(before, _names.Count - before);
        return string.Join(Next(3) == 0 ? "\n;" : "; ", lines);
    }

    private string Last() => _names.Count > 0 && Next(2) == 0 ? $"[{string.Join(", ", _names.Select(n => n.Name))}]" : Any(3).TrimStart() is var value && value.StartsWith('{') ? $"({value})" : value;

    private string Statement(int d)
    {
        switch (Next(12))
        {
            case 0 or 1 or 2:
                var type = "nsbNSIo"[Next(7)];
                var value = Of(type, 3);
                var name = Fresh("v");
                _names.Add((name, type));
                return $"let {name} = {value}";
            case 3:
                var (a, b) = (Fresh("v"), Fresh("v"));
                var list = Nums(3);
                var text = $"let [{a} = {Num(2)}, , {b} = {Num(2)}] = {list}";
                _names.Add((a, 'n'));
                _names.Add((b, 'n'));
                return text;
            case 4 when d > 0:
                var item = Fresh("e");
                var source = Nums(2);
                return $"for (const {item} of {source}) {{ {With(item, 'n', () => Block(d - 1))} }}";
            case 5 when d > 0:
                var index = Fresh("k");
                return $"for (let {index} = 0; {index} < {Next(5)}; {index}++) {{ {With(index, 'b', () => Block(d - 1))}; if ({Bool(2)}) {One("break", "continue")} }}";
            case 6 when d > 0:
                return $"if ({Bool(3)}) {{ {Block(d - 1)} }} else {{ {Block(d - 1)} }}";
            case 7 when d > 0:
                return $"switch ({Next(3)}) {{ case {Next(3)}: {Block(d - 1)}; break; case {Next(3)}: {Block(d - 1)}; default: {Block(d - 1)} }}";
            case 8 when d > 0:
                return $"try {{ {Block(d - 1)}; {(Next(2) == 0 ? "null.x" : "")} }} catch (e) {{ {Block(d - 1)} }} finally {{ {Change()} }}";
            case 9:
                var (function, parameter) = (Fresh("f"), Fresh("p"));
                var body = With(parameter, 'n', () => Num(3));
                return $"function {function}({parameter} = {Num(1)}) {{ return {body} }} {function}({Num(1)})";
            default:
                return Change();
        }
    }

    private string Block(int d)
    {
        var before = _names.Count;
        var text = Statement(d) + "; " + (Next(2) == 0 ? Change() : Statement(d));
        _names.RemoveRange(before, _names.Count - before);
        return text;
    }

    private string Change()
    {
        if (_names.Count == 0)
            return Num(2);
        var (name, type) = _names[Next(_names.Count)];
        if (name[0] is not 'v')
            return Num(1);
        return type switch
        {
            'n' => One($"{name} {One("=", "+=", "-=", "*=", "%=", "??=", "||=", "&&=")} {Num(2)}", $"{name}++", $"--{name}"),
            's' => $"{name} = ({name} + {Str(1)}).slice(0, 30)",
            'b' => $"{name} {One("=", "||=", "&&=")} {Bool(2)}",
            'N' => One($"{name} = [...{name}, {Num(1)}].slice(-8)", $"{name} = {name}.filter(x => x)"),
            _ => $"{name} = {Of(type, 2)}",
        };
    }

    private string Of(char type, int d) => type switch
    {
        'n' => Num(d),
        's' => Str(d),
        'b' => Bool(d),
        'N' => Nums(d),
        'S' => Strs(d),
        'I' => Items(d),
        _ => Obj(d),
    };
}
