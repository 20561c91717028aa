namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Texts, numbers, Math, JSON, URIs and regular expressions; the results are those of Node 20.</summary>
public sealed class TextAndNumberTests
{
    private const string Table = """
        'abc'.trim() → "abc"
        ' \u3000a\ufeff '.trim() → "a"
        'abc'.at(-1) → "c"
        'abc'.charAt(5) → ""
        'abc'.charCodeAt(9) → NaN
        '😀'.codePointAt(0) → 128512
        'abc'.padStart(10,'xy') → "xyxyxyxabc"
        'abc'.padEnd(2) → "abc"
        'ab'.repeat(3) → "ababab"
        'ab'.repeat(-1) → throws RangeError
        'abcdef'.slice(-3,-1) → "de"
        'abcdef'.substr(-3,2) → "de"
        'abcdef'.substring(4,1) → "bcd"
        'a,b,c'.split(',') → ["a","b","c"]
        'abc'.split('') → ["a","b","c"]
        'abc'.split() → ["abc"]
        'a1b2c'.split(/\d/) → ["a","b","c"]
        'a1b2c'.split(/(\d)/) → ["a","1","b","2","c"]
        ''.split('') → []
        ''.split(/x/) → [""]
        'abc'.split(/(?:)/) → ["a","b","c"]
        'abcabc'.indexOf('c',3) → 5
        'abcabc'.lastIndexOf('c',4) → 2
        'abc'.includes('') → true
        'abc'.startsWith('b',1) → true
        'abc'.endsWith('b',2) → true
        'straße'.toUpperCase() → "STRASSE"
        'ΑΣ'.toLowerCase() → "ας"
        'İ'.toLowerCase() → "i̇"
        'abc'.localeCompare('abd') → -1
        'a'.localeCompare('B') → -1
        'A'.localeCompare('a') → 1
        'abcabc'.replace('b','[$&$`$\'$$]') → "a[bacabc$]cabc"
        'abcabc'.replaceAll('b',(m,p,s)=>m+p+s) → "ab1abcabccab4abcabcc"
        '2024-01-02'.replace(/(\d+)-(\d+)-(\d+)/,'$3/$2/$1') → "02/01/2024"
        '2024-01-02'.match(/(?<y>\d+)-(?<m>\d+)/) → ["2024-01","2024","01"]@0{y:"2024",m:"01"}
        'a1b22'.match(/\d+/g) → ["1","22"]
        'a1b22'.matchAll(/\d+/g) → [["1"]@1undefined,["22"]@3undefined]
        'x'.match(/y/) → null
        'John Smith'.replace(/(?<f>\w+) (?<l>\w+)/,'$<l>, $<f>') → "Smith, John"
        'aaa'.search(/b/) → -1
        'abc'.search('c') → 2
        /a/gi.flags → "gi"
        /a\/b/.source → "a\\/b"
        new RegExp('/').source → "\\/"
        new RegExp('') → /(?:)/0
        /(a*)*/.exec('b') → ["",undefined]@0undefined
        /(?:(a)|b)*/.exec('ab') → ["ab",undefined]@0undefined
        /(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac') → ["zaacbbbcac","z","ac","a",undefined,"c"]@0undefined
        /\u{1F600}/u.test('😀') → true
        /^.$/u.test('😀') → true
        /^.$/.test('😀') → false
        /[^]/.test('\n') → true
        /[]/.test('a') → false
        /(?<=\$)\d+/.exec('$42')[0] → "42"
        /(?<!\$)\b\d+/.exec('$42 17')[0] → "17"
        /\bfoo\b/i.test('a FOO b') → true
        /(a)\1/.test('aa') → true
        /(?<n>a)\k<n>/.test('aa') → true
        /\p{Script=Han}+/u.exec('abc中文')[0] → "中文"
        /\p{L}+/u.exec('1中文a')[0] → "中文a"
        /(?=a)b|c/.exec('c')[0] → "c"
        parseInt('0x1f') → 31
        parseInt('12px') → 12
        parseInt('z',36) → 35
        parseInt('') → NaN
        parseFloat('3.14abc') → 3.14
        parseFloat('.5') → 0.5
        parseFloat('-Infinityx') → -Infinity
        isNaN('x') → true
        Number('0b101') → 5
        Number('') → 0
        Number(null) → 0
        (1.005).toFixed(2) → "1.00"
        (25).toString(2) → "11001"
        (0.1).toString(3) → "0.0022002200220022002200220022002201"
        (255).toString(16) → "ff"
        (1e21).toFixed(2) → "1e+21"
        (123.456).toPrecision(4) → "123.5"
        (0.00001).toPrecision(1) → "0.00001"
        (1234.5678).toExponential(2) → "1.23e+3"
        (0).toExponential() → "0e+0"
        (-1.5).toFixed(0) → "-2"
        (1e300).toString(36) → "fhgyjdfcg7s00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        (0.5).toString(16) → "0.8"
        (-7.25).toString(8) → "-7.2"
        Math.round(-2.5) → -2
        Math.round(2.5) → 3
        Math.round(-0.2) → -0
        Math.max() → -Infinity
        Math.max(1,'3',2) → 3
        Math.hypot(3,4) → 5
        Math.sign(-3) → -1
        Math.cbrt(27) → 3
        Math.clz32(1) → 31
        Math.fround(5.5) → 5.5
        Math.imul(3,-4) → -12
        Math.trunc(-4.7) → -4
        JSON.stringify({a:[1,2,{b:3}],c:'x'}) → "{\"a\":[1,2,{\"b\":3}],\"c\":\"x\"}"
        JSON.stringify({a:[1,2,{b:3}],c:'x'},null,2) → "{\n  \"a\": [\n    1,\n    2,\n    {\n      \"b\": 3\n    }\n  ],\n  \"c\": \"x\"\n}"
        JSON.stringify([undefined,()=>1,NaN]) → "[null,null,null]"
        JSON.stringify({a:undefined,b:()=>1}) → "{}"
        JSON.stringify('\ud800') → "\"\\ud800\""
        JSON.stringify({a:1,b:2},['b']) → "{\"b\":2}"
        JSON.stringify({a:1,b:2},(k,v)=>typeof v==='number'?v*2:v) → "{\"a\":2,\"b\":4}"
        JSON.stringify(undefined) → undefined
        JSON.stringify([]) → "[]"
        JSON.stringify({}) → "{}"
        JSON.stringify([],null,2) → "[]"
        JSON.stringify({a:[]},null,'--') → "{\n--\"a\": []\n}"
        JSON.parse('{"a":[1,2,{"b":null}]}') → {a:[1,2,{b:null}]}
        JSON.parse('{"a":1,"a":2}') → {a:2}
        JSON.parse('[1,2,3]',(k,v)=>k===''?v:v*2) → [2,4,6]
        JSON.parse('{"__proto__":1}') → {__proto__:1}
        JSON.parse('01') → throws SyntaxError
        JSON.parse('[1,]') → throws SyntaxError
        JSON.parse('1e5') → 100000
        JSON.parse('"\\u0041"') → "A"
        encodeURIComponent('中文 a&b') → "%E4%B8%AD%E6%96%87%20a%26b"
        decodeURIComponent('%E4%B8%AD') → "中"
        encodeURI('http://a/中?x=1&y=#') → "http://a/%E4%B8%AD?x=1&y=#"
        decodeURI('%23%41') → "%23A"
        decodeURIComponent('%') → throws URIError
        (1234567.891).toLocaleString() → "1,234,567.891"
        (1234.5).toLocaleString('zh-CN',{style:'currency',currency:'CNY'}) → "¥1,234.50"
        (0.256).toLocaleString('en-US',{style:'percent'}) → "26%"
        (5).toLocaleString('en-US',{minimumFractionDigits:2}) → "5.00"
        'abc'.normalize() → "abc"
        String(null) → "null"
        String([1,2]) → "1,2"
        String.fromCharCode(65,66) → "AB"
        String.fromCodePoint(128512) → "😀"
        'abc'.concat(1,null) → "abc1null"
        'a-b_c'.split(/[-_]/) → ["a","b","c"]
        'aBc'.replace(/[A-Z]/g,m=>'_'+m.toLowerCase()) → "a_bc"
        'abc'.replace(/(?:)/g,'-') → "-a-b-c-"
        '\ud83d\ude00a'.replace(/(?:)/gu,'-') → "-😀-a-"
        [...'abc'].length → 3
        /a{2,3}/.exec('aaaa')[0] → "aaa"
        /a{2,3}?/.exec('aaaa')[0] → "aa"
        /(a+)+b/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac') → false
        /^(\w+\s?)*$/.test('aaa bbb ccc ddd eee fff ggg hhh iii jjj kkk!') → false
        /(x+x+)+y/.test('x'.repeat(40)) → false
        """;

    public static IEnumerable<TheoryDataRow<string, string>> Rows => ScriptTable.Rows(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_script_gives_what_Node_gives(string script, string expected) => Assert.Equal(expected, ScriptTable.Run(script));
}
