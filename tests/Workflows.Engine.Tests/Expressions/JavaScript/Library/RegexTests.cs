namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Regular expressions; the results are those of Node 20.</summary>
public sealed class RegexTests
{
    private const string Table = """
        /(a*)*/.exec('b') → ["",undefined]@0undefined
        /(?:(a)|b)*/.exec('ab') → ["ab",undefined]@0undefined
        /(?:(a)|(b)|(c))+/.exec('abca') → ["abca","a",undefined,undefined]@0undefined
        /(a?)*?$/.exec('aa') → ["aa","a"]@0undefined
        /(?=(a))ab/.exec('ab') → ["ab","a"]@0undefined
        /(?!(a))b/.exec('b') → ["b",undefined]@0undefined
        /(?<=(\d+)(\d+))$/.exec('1053') → ["","1","053"]@4undefined
        /(?<=\1(a))b/.exec('aab') → ["b","a"]@2undefined
        /(?<!a)b/.exec('ab bb') → ["b"]@3undefined
        /\1(a)/.exec('aa') → ["a","a"]@0undefined
        /(?:\2)(a)(b)/.exec('ab') → ["ab","a","b"]@0undefined
        /(a(?:\1b)?)/.exec('aab') → ["a","a"]@0undefined
        /^(?:a{2,3}){2}$/.test('aaaaa') → true
        /(?:ab?){2,5}?c/.exec('abaac') → ["abaac"]@0undefined
        /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac') → ["zaacbbbcac","z","ac","a",undefined,"c"]@0undefined
        /a{,2}/.exec('a{,2}') → ["a{,2}"]@0undefined
        /a{2/.exec('a{2') → ["a{2"]@0undefined
        /x{1}{/.test('x{') → true
        /]/.test(']') → true
        /}/.test('}') → true
        /[\b]/.test('\b') → true
        /[\w-a]/.exec('-') → ["-"]@0undefined
        /[a-\d]/.exec('-') → ["-"]@0undefined
        /[]-a]/.exec('b-a]') → null
        /[^]/.exec('\n') → ["\n"]@0undefined
        /[]/.exec('a') → null
        /\07/.test('\x07') → true
        /\8/.test('8') → true
        /\0/.test('\0') → true
        /\c/.test('\\c') → true
        /\cJ/.test('\n') → true
        /[\c]/.test('\\') → true
        /\x4/.test('x4') → true
        /\u00e9/.test('é') → true
        /\u{61}/.test('u'.repeat(61)) → true
        /\u{61}/u.test('a') → true
        /\ud83d\ude00/u.exec('😀') → ["😀"]@0undefined
        /^[😀]$/u.test('😀') → true
        /^[^x]$/u.test('😀') → true
        /^[^x]$/.test('😀') → false
        /\udf06/u.test('\ud834\udf06') → false
        /\udf06/.test('\ud834\udf06') → true
        /^\S$/u.test('😀') → true
        /(.)(.)/u.exec('😀a') → ["😀a","😀","a"]@0undefined
        '😀😀'.match(/./gu) → ["😀","😀"]
        'a😀'.split(/(?:)/u) → ["a","😀"]
        /\p{Lu}/u.exec('aÀ') → ["À"]@1undefined
        /\P{Lu}+/u.exec('Àab') → ["ab"]@1undefined
        /[\p{L}\d]+/u.exec('-中1a-') → ["中1a"]@1undefined
        /[^\p{Script=Han}]+/u.exec('中ab文') → ["ab"]@1undefined
        /\p{Script_Extensions=Han}+/u.exec('a中、') → ["中、"]@1undefined
        /\p{Emoji_Presentation}/u.exec('a😀') → ["😀"]@1undefined
        /\p{L}/.test('p{L}') → true
        /k/iu.test('\u212a') → true
        /k/i.test('\u212a') → false
        /ſ/i.test('s') → false
        /ſ/iu.test('S') → true
        /[^k]/iu.test('\u212a') → false
        /ß/i.test('ẞ') → false
        /ß/iu.test('ẞ') → true
        /σ/i.test('ς') → true
        /[α-ω]+/i.exec('ΑΒΓ') → ["ΑΒΓ"]@0undefined
        /\w/iu.test('ſ') → true
        /\bſ/iu.test('ſ') → true
        /(é)\1/i.exec('éÉ') → ["éÉ","é"]@0undefined
        /[a-z]+/i.exec('ABC') → ["ABC"]@0undefined
        /[^a]/i.test('A') → false
        /a.c/s.test('a\nc') → true
        /a.c/.test('a\u2028c') → false
        /^b$/m.exec('a\nb\nc') → ["b"]@2undefined
        /^b/.exec('a\nb') → null
        /b$/m.exec('ab\r\n') → ["b"]@1undefined
        /[\s\S]+/.exec('a\nb') → ["a\nb"]@0undefined
        /(?<year>\d{4})-(?<month>\d\d)/.exec('2024-05') → ["2024-05","2024","05"]@0{year:"2024",month:"05"}
        /(?<a>x)|(?<b>y)/.exec('y') → ["y",undefined,"y"]@0{a:undefined,b:"y"}
        /(x)(?<a>y)(z)/.exec('xyz') → ["xyz","x","y","z"]@0{a:"y"}
        /(?<a>.)\k<a>/.exec('abb') → ["bb","b"]@1{a:"b"}
        /\k<a>(?<a>x)/.exec('x') → ["x","x"]@0{a:"x"}
        /\k<a>/.test('k<a>') → true
        /(?<中文>x)/.exec('x') → ["x","x"]@0{中文:"x"}
        /(?<$_>x)/.exec('x') → ["x","x"]@0{$_:"x"}
        (() => { const r = /a/g; const out = []; while (r.test('aXa')) out.push(r.lastIndex); return out; })() → [1,3]
        (() => { const r = /a/y; return [r.test('ba'), r.lastIndex, (r.lastIndex = 1, r.test('ba')), r.lastIndex]; })() → [false,0,true,2]
        (() => { const r = /a/g; r.lastIndex = 5; return [r.exec('aaa'), r.lastIndex]; })() → [null,0]
        (() => { const r = /a/; r.lastIndex = 5; return [r.test('a'), r.lastIndex]; })() → [true,5]
        (() => { const r = /😀/gu; r.lastIndex = 1; return [r.exec('😀'), r.lastIndex]; })() → [null,0]
        (() => { const r = /a/g; return ['aaa'.replace(r, 'b'), r.lastIndex]; })() → ["bbb",0]
        (() => { const r = /a/y; return ['aab'.replace(r, 'x'), r.lastIndex]; })() → ["xab",1]
        'aXbX'.match(/x/gi) → ["X","X"]
        'abc'.match(/(?:)/g) → ["","","",""]
        'abc'.matchAll(/(.)/g) → [["a","a"]@0undefined,["b","b"]@1undefined,["c","c"]@2undefined]
        'abc'.matchAll(/x/) → throws TypeError
        'test1test2'.matchAll(/t(e)(st(\d?))/g) → [["test1","e","st1","1"]@0undefined,["test2","e","st2","2"]@5undefined]
        'abc'.replace(/(b)(z)?/, '[$1$2$3$0$10]') → "a[b$3$0b0]c"
        'abc'.replace(/(?<x>b)/, '[$<x>$<y>]') → "a[b]c"
        'abc'.replace(/b/, '$<x>') → "a$<x>c"
        'abc'.replace(/b/, "$`|$'|$&|$$") → "aa|c|b|$c"
        'aaa'.replace(/a/g, (m, i) => i) → "012"
        '2024-05'.replace(/(?<y>\d+)-(?<m>\d+)/, (...a) => JSON.stringify(a)) → "[\"2024-05\",\"2024\",\"05\",0,\"2024-05\",{\"y\":\"2024\",\"m\":\"05\"}]"
        'a.b.c'.replace('.', '$&$&') → "a..b.c"
        'a.b.c'.replaceAll('.', '') → "abc"
        'aaa'.replaceAll(/a/, 'b') → throws TypeError
        'abc'.replaceAll('', '-') → "-a-b-c-"
        'x'.replace('x', () => '$&') → "$&"
        'x'.replace('y', 'z') → "x"
        'x'.replace('x', undefined) → "undefined"
        'a1b2'.split(/(\d)/) → ["a","1","b","2",""]
        'a1b2'.split(/\d/, 1) → ["a"]
        'abc'.split(/(?:)/, 2) → ["a","b"]
        'A<B>bold</B>and<CODE>coded</CODE>'.split(/<(\/)?([^<>]+)>/) → ["A",undefined,"B","bold","/","B","and",undefined,"CODE","coded","/","CODE",""]
        ''.split(/a/) → [""]
        ''.split(/(?:)/) → []
        'aXbxc'.split(/x/i) → ["a","b","c"]
        'ab'.split(/a*?/) → ["a","b"]
        'ab'.split(/a*/) → ["","b"]
        'ab'.split(/$/) → ["ab"]
        'a b'.search(/\s/) → 1
        'a.b'.search('.') → 0
        'a+b'.search('+') → throws SyntaxError
        new RegExp('a/b') → /a\/b/0
        new RegExp('[/]') → /[/]/0
        new RegExp('\n').source → "\\n"
        new RegExp('') → /(?:)/0
        new RegExp(/a/g, 'i') → /a/i0
        new RegExp(/a/g) → /a/g0
        RegExp(undefined) → /(?:)/0
        RegExp('a', 'gg') → throws SyntaxError
        RegExp('a', 'x') → throws SyntaxError
        RegExp('(') → throws SyntaxError
        RegExp(')') → throws SyntaxError
        RegExp('*') → throws SyntaxError
        RegExp('a**') → throws SyntaxError
        RegExp('[b-a]') → throws SyntaxError
        RegExp('\\') → throws SyntaxError
        RegExp('(?<=a)*') → throws SyntaxError
        RegExp('(?=a)*').test('') → true
        RegExp('(?=a)*', 'u') → throws SyntaxError
        RegExp('a{2,1}') → throws SyntaxError
        RegExp('{1}') → throws SyntaxError
        RegExp('\\-', 'u') → throws SyntaxError
        RegExp('[\\-]', 'u').test('-') → true
        RegExp('{', 'u') → throws SyntaxError
        RegExp('\\2(a)', 'u') → throws SyntaxError
        /a/gimsuy.flags → "gimsuy"
        /a/g.global && !/a/.global → true
        /a/ instanceof RegExp → true
        typeof /a/ → "object"
        String(/a\/[/]/g) → "/a\\/[/]/g"
        JSON.stringify(/a/) → "{}"
        Object.keys(/a/g.exec('a')) → ["0","index","input","groups"]
        /a/.exec('xa').index → 1
        /a/.exec('xa').input → "xa"
        /undefined/.test() → true
        /null/.test(null) → true
        /^(?:\+?86)?1[3-9]\d{9}$/.test('13800138000') → true
        /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test('a.b@shop.example.cn') → true
        /^[\u4e00-\u9fa5]{2,4}$/.test('张三丰') → true
        '¥1,234.50'.replace(/[^\d.]/g, '') → "1234.50"
        'order_line_no'.replace(/_(\w)/g, (_, c) => c.toUpperCase()) → "orderLineNo"
        '1234567.891'.replace(/\B(?=(\d{3})+(?!\d))/g, ',') → "1,234,567.891"
        'SKU-001; SKU-002'.match(/SKU-\d+/g) → ["SKU-001","SKU-002"]
        """;

    public static IEnumerable<TheoryDataRow<string, string>> Rows => ScriptTable.Rows(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_script_gives_what_Node_gives(string script, string expected) => Assert.Equal(expected, ScriptTable.Run(script));
}
