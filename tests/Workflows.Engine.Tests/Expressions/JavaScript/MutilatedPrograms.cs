namespace Workflows.Engine.Tests.Expressions.JavaScript;

/// <summary>Valid programs with a few random changes, always the same ones.</summary>
internal static class MutilatedPrograms
{
    private const string Noise = "(){}[];,.:?'\"`\\=>+-*&|!~^%<$ \n0x1eaetuf文（";

    private static readonly string[] Programs =
    [
        "const {a, b: [c = 1, ...d], ...e} = variables.order ?? {}; return `${a} ${c?.[0]?.x ?? 'none'}` + d.map((x, i) => x * i ** 2)",
        "let sum = 0; outer: for (const item of order.items) { for (let i = 0; i < item.n; i++) { if (i % 2) continue outer; sum += i } } sum",
        "function f(n, {k = 2} = {}) { try { return n <= 1 ? 1 : n * f(n - 1) } catch (e) { throw new Error('x' + e.message) } finally { k++ } } f(5)",
        "switch (typeof x) { case 'string': x = x.replace('a-z', m => m.toUpperCase()); break; default: x = null } x",
        "({a, 'b c': 0x1F, [k + 1]: 1_000.5e-3, f(x, ...y) { return this.a }, ...z, g: q => -q}).f(...[1, , 2])",
        "do { var q = !p && void 0 || delete o.p, r = 'k' in o; [q, r] = [r, q] } while (--n > 0 && !(o instanceof Map))\nif (q) r++\nelse --r",
        "(a, b = a, {c, ...d} = {}, [e, , f] = []) => { let g = h => ({h}); var a; { let a = b } return g(a ??= b, (c, d)) }",
        "x = y\n++z\nwhile (a) { b: { break b } if (a) continue; else break }\nreturn {get: 1, set: 2, async: 3, of: [`${`${x}`}`]}",
    ];

    private static readonly string[] Words =
    [
        "let ", "const ", "=>", "...", "${", "for (", "in ", "of ", "?.", "**", "function ", "return ", "/*", "\\u{", "new ", "a", "b", "(a)", "{a}", "[a]",
        "=", "??", "||", "var a;", "let b;", ";", "\n", "-", "++", "({a = 1})", "if (a)", "else ", "a:", "break ", "continue ", "'use strict'", "arguments", "eval",
    ];

    public static IEnumerable<string> Of(int count)
    {
        var random = new Random(20240607);
        for (var round = 0; round < count; round++)
        {
            var text = Programs[round % Programs.Length];
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                text = random.Next(6) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 8), text.Length - at)),
                    1 => text.Insert(at, Noise[random.Next(Noise.Length)].ToString()),
                    2 or 3 => text.Insert(at, Words[random.Next(Words.Length)]),
                    4 => text[at..] + text[..at],
                    _ => text.Insert(at, text.Substring(at, Math.Min(random.Next(1, 20), text.Length - at))),
                };
                if (text.Length == 0)
                    text = ";";
            }

            yield return text;
        }
    }
}
