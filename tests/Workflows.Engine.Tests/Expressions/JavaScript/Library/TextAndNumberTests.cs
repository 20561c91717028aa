namespace Workflows.Engine.Tests.Expressions.JavaScript.Library;

/// <summary>Texts, numbers, Math, JSON and URIs; the results are those of Node 20.</summary>
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
        'a'.localeCompare('b') → -1
        ['b','a','C','A','c','B'].sort((x,y)=>x.localeCompare(y)) → ["a","A","b","B","c","C"]
        'a10'.localeCompare('a9',undefined,{numeric:true}) → 1
        'a'.localeCompare('A',undefined,{sensitivity:'base'}) → 0
        'résumé'.localeCompare('resume') → 1
        'ǆ'.toUpperCase() → "Ǆ"
        'ﬁ'.toUpperCase() → "FI"
        'ΌΔΟΣ ΣΑΣ'.toLowerCase() → "όδος σας"
        '𐐀'.toLowerCase() → "𐐨"
        'x'.toString.name → "toString"
        'trim'.trim.length → 0
        'abc'.at('x') → "a"
        'abc'.at(-4) → undefined
        'abc'.charAt(-1) → ""
        'abc'.substring(NaN,2) → "ab"
        'abc'.substring(2,0) → "ab"
        'abc'.substr(-2) → "bc"
        'abc'.slice(2,1) → ""
        'abc'.indexOf('',10) → 3
        'abc'.lastIndexOf('') → 3
        'abc'.lastIndexOf('a',-5) → 0
        'abcabc'.lastIndexOf('abc',2) → 0
        'abc'.includes('b',2) → false
        'abc'.includes(/b/) → throws TypeError
        'abc'.startsWith('') → true
        'abc'.padStart(6,'') → "abc"
        'abc'.padEnd(8,'12') → "abc12121"
        'abc'.repeat(0) → ""
        'abc'.repeat(Infinity) → throws RangeError
        '\ud83d'.isWellFormed() → false
        'a\ud83db'.toWellFormed() → "a�b"
        'a-b-c'.split('-',2) → ["a","b"]
        'a,b,'.split(',') → ["a","b",""]
        ','.split(',') → ["",""]
        'abc'.split('abc') → ["",""]
        'abc'.split(undefined,1) → ["abc"]
        '中文字'.split('') → ["中","文","字"]
        String(undefined) → "undefined"
        String(-0) → "0"
        String([1,[2,3]]) → "1,2,3"
        String({}) → "[object Object]"
        String.fromCharCode(0x4e2d,65.9,'66') → "中AB"
        String.fromCodePoint(-1) → throws RangeError
        'b'.concat() → "b"
        Number('12px') → NaN
        Number('0x1F') → 31
        Number(' \n') → 0
        Number([]) → 0
        Number([5]) → 5
        Number({}) → NaN
        Number('1_000') → NaN
        Number('Infinity') → Infinity
        Number('.') → NaN
        Number('-0') → -0
        Number(true) → 1
        Number(undefined) → NaN
        parseInt('  -42abc') → -42
        parseInt('0b11') → 0
        parseInt('9007199254740993') → 9007199254740992
        parseInt('1e3') → 1
        parseInt('11',1) → NaN
        parseInt('11',37) → NaN
        parseInt(null,36) → 1112745
        parseFloat('1.5.5') → 1.5
        parseFloat('1e1000') → Infinity
        parseFloat('-.5e-2x') → -0.005
        parseFloat('') → NaN
        isFinite('12') → true
        Number.isFinite('12') → false
        Number.isInteger(5.0) → true
        Number.isSafeInteger(2**53) → false
        Number.EPSILON → 2.220446049250313e-16
        Number.MAX_VALUE → 1.7976931348623157e+308
        Number.MIN_VALUE → 5e-324
        Number.parseInt === parseInt → true
        (0.000001).toString() → "0.000001"
        (1e-7).toString() → "1e-7"
        (123456789012345680000).toString() → "123456789012345680000"
        (1e21).toString() → "1e+21"
        (0.1+0.2).toString() → "0.30000000000000004"
        (-1.5e-9).toString() → "-1.5e-9"
        (2**-1074).toString() → "5e-324"
        (4.1045368012983762e-289).toString() → "4.1045368012983762e-289"
        (0.5).toFixed(0) → "1"
        (1.5).toFixed(0) → "2"
        (2.5).toFixed(0) → "3"
        (1.45).toFixed(1) → "1.4"
        (8.345).toFixed(2) → "8.35"
        (10.235).toFixed(2) → "10.23"
        (0).toFixed(2) → "0.00"
        (-0.0000001).toFixed(2) → "-0.00"
        (1.23e20).toFixed(2) → "123000000000000000000.00"
        (0.1).toFixed(20) → "0.10000000000000000555"
        (1).toFixed(101) → throws RangeError
        (123.456).toPrecision(2) → "1.2e+2"
        (0.000123).toPrecision(2) → "0.00012"
        (1e21).toPrecision(3) → "1.00e+21"
        (99.99).toPrecision(3) → "100"
        (1e-7).toPrecision(17) → "9.9999999999999995e-8"
        (5).toPrecision(0) → throws RangeError
        (12345).toExponential() → "1.2345e+4"
        (0.00015).toExponential(0) → "1e-4"
        (NaN).toFixed(2) → "NaN"
        (255).toString(36) → "73"
        (-255).toString(2) → "-11111111"
        (0.1).toString(2) → "0.0001100110011001100110011001100110011001100110011001101"
        (1e21).toString(7) → "5135235413265003022600000"
        (3.7).toString(1) → throws RangeError
        Math.round(0.49999999999999994) → 0
        Math.round(-0.5) → -0
        Math.round(1e300) → 1e+300
        Math.max(NaN,1) → NaN
        Math.max(-0,0) → 0
        Math.min() → Infinity
        Math.min(0,-0) → -0
        Math.sign('-3') → -1
        Math.hypot() → 0
        Math.hypot(NaN,Infinity) → Infinity
        Math.pow(1,Infinity) → NaN
        Math.pow(2,0.5) → 1.4142135623730951
        Math.cbrt(64) → 4
        Math.log10(1000) → 3
        Math.log2(8) → 3
        Math.trunc(-0.9) → -0
        Math.fround(0.1) → 0.10000000149011612
        Math.expm1(0) → 0
        Math.log1p(0) → 0
        Math.PI → 3.141592653589793
        (1234567.891).toLocaleString('zh-CN') → "1,234,567.891"
        (1234567.891).toLocaleString('en-US',{maximumFractionDigits:0}) → "1,234,568"
        (1234.5).toLocaleString('zh-CN',{style:'currency',currency:'USD'}) → "US$1,234.50"
        (1234.5).toLocaleString('en-US',{style:'currency',currency:'CNY'}) → "CN¥1,234.50"
        (-1234.5).toLocaleString('en-US',{style:'currency',currency:'USD'}) → "-$1,234.50"
        (0.125).toLocaleString('zh-CN',{style:'percent',minimumFractionDigits:1}) → "12.5%"
        (1.005).toLocaleString('en-US',{maximumFractionDigits:2}) → "1.01"
        (1e21).toLocaleString('en-US') → "1,000,000,000,000,000,000,000"
        (-0).toLocaleString('en-US') → "-0"
        (NaN).toLocaleString('zh-CN') → "NaN"
        (5).toLocaleString('zh-CN',{minimumIntegerDigits:3}) → "005"
        (123456).toLocaleString('zh-CN',{maximumSignificantDigits:2}) → "120,000"
        (12).toLocaleString('zh-CN',{useGrouping:false,minimumFractionDigits:2}) → "12.00"
        (1).toLocaleString('zh-CN',{style:'currency'}) → throws TypeError
        (1).toLocaleString('zh-CN',{minimumFractionDigits:5,maximumFractionDigits:2}) → throws RangeError
        (5).toLocaleString('zh-CN',{style:'currency',currency:'CNY',currencyDisplay:'name'}) → "5.00人民币"
        JSON.stringify({b:1,a:[1,'x',null,true,undefined,NaN,-0],c:{}}) → "{\"b\":1,\"a\":[1,\"x\",null,true,null,null,0],\"c\":{}}"
        JSON.stringify({2:1,1:2,b:3}) → "{\"1\":2,\"2\":1,\"b\":3}"
        JSON.stringify([[]],null,2) → "[\n  []\n]"
        JSON.stringify({a:{b:[1,{c:2}]}},null,'\t') → "{\n\t\"a\": {\n\t\t\"b\": [\n\t\t\t1,\n\t\t\t{\n\t\t\t\t\"c\": 2\n\t\t\t}\n\t\t]\n\t}\n}"
        JSON.stringify({a:1},null,20) → "{\n          \"a\": 1\n}"
        JSON.stringify({a:1,b:{a:2,c:3}},['a','b']) → "{\"a\":1,\"b\":{\"a\":2}}"
        JSON.stringify({a:1,b:'x'},(k,v)=>k==='b'?undefined:v) → "{\"a\":1}"
        JSON.stringify([1,2],(k,v)=>Array.isArray(v)?v:k+':'+v) → "[\"0:1\",\"1:2\"]"
        JSON.stringify({toJSON(){return 5}}) → "5"
        JSON.stringify({a:{toJSON(k){return k+'!'}}}) → "{\"a\":\"a!\"}"
        JSON.stringify(()=>1) → undefined
        JSON.stringify(null) → "null"
        JSON.stringify(new Map([[1,2]])) → "{}"
        JSON.stringify({d:new Date(0)}) → "{\"d\":\"1970-01-01T00:00:00.000Z\"}"
        JSON.stringify('a',null,2) → "\"a\""
        (() => { const o = {}; o.o = o; return JSON.stringify(o); })() → throws TypeError
        JSON.parse(' [1, 2.5e3, -0, "\\u4e2d\\n", true, null] ') → [1,2500,-0,"中\n",true,null]
        JSON.parse('{"b":1,"a":{"c":[]}}') → {b:1,a:{c:[]}}
        JSON.parse('{"a":[1,2,{"b":3}]}',(k,v)=>typeof v==='number'?v+1:v) → {a:[2,3,{b:4}]}
        JSON.parse('{"a":1,"b":2}',(k,v)=>k==='a'?undefined:v) → {b:2}
        JSON.parse('') → throws SyntaxError
        JSON.parse('{a:1}') → throws SyntaxError
        JSON.parse("['x']") → throws SyntaxError
        JSON.parse('{"a":1,}') → throws SyntaxError
        JSON.parse('1 2') → throws SyntaxError
        JSON.parse('.5') → throws SyntaxError
        JSON.parse('-') → throws SyntaxError
        JSON.parse('"a\nb"') → throws SyntaxError
        JSON.parse('"\\x41"') → throws SyntaxError
        JSON.parse('nul') → throws SyntaxError
        JSON.parse(undefined) → throws SyntaxError
        JSON.parse('{"__proto__":{"x":1}}') → {__proto__:{x:1}}
        JSON.parse('{"__proto__":{"x":1}}').x → undefined
        encodeURIComponent("a b&c=d/中'()*") → "a%20b%26c%3Dd%2F%E4%B8%AD'()*"
        encodeURI('https://x.cn/路径?q=值&r=[1]#h') → "https://x.cn/%E8%B7%AF%E5%BE%84?q=%E5%80%BC&r=%5B1%5D#h"
        encodeURIComponent('\ud83d') → throws URIError
        decodeURIComponent('%E4%BD%A0%20%2B') → "你 +"
        decodeURI('%2F%3F%41%E4%BD%A0') → "%2F%3FA你"
        decodeURIComponent('%C0%80') → throws URIError
        decodeURIComponent('%E4%BD') → throws URIError
        decodeURIComponent('%ED%A0%80') → throws URIError
        'ＡＢ１２％，㎡ﬁ½ﾊﾟ'.normalize('NFKC') → "AB12%,m2fi1⁄2パ"
        'e\u0301'.normalize().length → 1
        'é각'.normalize('NFD').length → 5
        'a\u0301\u0323'.normalize('NFC') === '\u1ea1\u0301' → true
        'é'.normalize('NFX') → throws RangeError
        'é'.localeCompare('f') → -1
        """;

    public static IEnumerable<TheoryDataRow<string, string>> Rows => ScriptTable.Rows(Table);

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_script_gives_what_Node_gives(string script, string expected) => Assert.Equal(expected, ScriptTable.Run(script));
}
