/a.c/.test('abc') + /a.c/.test('a\nc') + /a.c/s.test('a\nc')
/^b/m.test('a\nb') + /a$/m.test('a\nb') + /^b/.test('a\nb') + /a$/.test('a\n')
/ABC/i.test('abc')
/(\d+)-(\d+)/.exec('tel 010-1234')
/(?<area>\d+)-(?<num>\d+)/.exec('010-1234').groups.area
/(a)|(b)/.exec('b')
/x/.exec('abc')
const r = /a/g; [r.test('aa'), r.lastIndex, r.test('aa'), r.lastIndex, r.test('aa'), r.lastIndex]
const r = /a/y; [r.test('ba'), r.lastIndex, (r.lastIndex = 1, r.test('ba')), r.lastIndex]
const r = /\d/g; const out = []; let m; while ((m = r.exec('a1b2')) !== null) out.push(m[0] + m.index); out
const r = /a*/g; 'baac'.replace(r, 'x')
'abc'.replace(/(?:)/g, '-')
/\bfoo\b/.test('a foo b') + /\Bfoo/.test('afoo')
/[^abc]/.exec('abcd')[0]
/[\w.+-]+@[\w-]+\.[\w.]+/.exec('mail: li.lei+x@example.com ok')[0]
/^1[3-9]\d{9}$/.test('13800138000')
/a{2,3}/.exec('aaaa')[0] + /a{2,3}?/.exec('aaaa')[0] + /a{2}/.exec('aaa')[0] + /a{2,}/.exec('aaaa')[0]
/<.+?>/.exec('<a><b>')[0]
/(?=.*\d)(?=.*[a-z]).{4,}/.test('abc1')
/foo(?!bar)/.exec('foobar foobaz').index
/(?<=\$)\d+/.exec('cost $42')[0]
/(?<!\$)\b\d+/.exec('cost $42 or 17')[0]
/(\w)\1/.exec('hello')[0]
/(?<c>\w)\k<c>/.exec('hello')[0]
/\u4e2d[\u4e00-\u9fa5]+/.exec('在中国人')[0]
/\u{1F600}/u.test('😀') + /^.$/u.test('😀') + /^.$/.test('😀')
/\p{L}+/u.exec('123中文abc')[0]
/\p{Script=Han}+/u.exec('abc中文')[0]
/\d/.test('١') + /\w/.test('é') + /\s/.test('\u3000')
/[\d-x]/.test('-')
/[]/.test('a') + /[^]/.test('\n')
/\//.source + /[/]/.source + new RegExp('/').source
String(/a\/b/gi)
/a/gimsuy.flags
[/a/g.global, /a/i.ignoreCase, /a/m.multiline, /a/y.sticky, /a/.global, /a/u.unicode, /a/s.dotAll]
new RegExp('a+', 'g').toString()
new RegExp(/a/g).flags + new RegExp(/a/g, 'i').flags
new RegExp('\\d+').exec('a12')[0]
new RegExp('(').test('a')
new RegExp('a', 'x')
new RegExp('a', 'gg')
RegExp('a').test('a')
new RegExp('').source + new RegExp().toString()
typeof /a/ + (/a/ instanceof RegExp)
'aBc'.replace(/[A-Z]/g, c => '_' + c.toLowerCase())
'snake_case_name'.replace(/_([a-z])/g, (_, c) => c.toUpperCase())
'1234567.89'.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
'a, b;c d'.split(/[,; ]+/)
'aaa'.replace(/a/gy, 'b') + 'baa'.replace(/a/y, 'x')
'x'.match(/(y)?/)
'abab'.match(/(?:ab)+/)[0]
'abc'.match(/(?<x>b)/).groups.x
'ab\ncd'.match(/^\w+$/gm)
[...'k1=v1;k2=v2'.matchAll(/(\w+)=(\w+)/g)].map(([, k, v]) => [k, v])
Object.fromEntries([...'a=1&b=2'.matchAll(/(\w)=(\d)/g)].map(m => [m[1], +m[2]]))
/(a*)*/.exec('b')
/(?:a|ab)(?:c|bcd)(?:d*)/.exec('abcd')[0]
/(z)((a+)?(b+)?(c))*/.exec('zaacbbbcac')
/^(?:\d{4})-(?:0[1-9]|1[0-2])$/.test('2026-13')
/[a-z]+?\d*?$/.exec('abc123')[0]
/\cJ/.test('\n') + /[\b]/.test('\b') + /\0/.test('\0') + /\x41/.test('A') + /\t/.test('\t')
/a|b|/.exec('c')[0] === ''
/\$\{(\w+)\}/g[1]
'Hi ${name}, ${n}'.replace(/\$\{(\w+)\}/g, (m, k) => ({name: 'Li', n: 3})[k] ?? m)
/./g.lastIndex = 5
const r = /b/g; r.lastIndex = 5; [r.exec('abc'), r.lastIndex]
'aXbX'.lastIndexOf('X') + 'aXbX'.search(/X/g)
/[一-龥]{2,4}/.test(customer.name)
/^\S+@\S+\.\S+$/.test(customer.email)
'テスト'.replace(/ス/, '-')
'ſ'.match(/s/i) + '' + 'K'.match(/k/i)
/İ/i.test('i') + /ß/i.test('SS') + /Σ/i.test('ς')
/^[^\s]*$/.test('a b')
'a.b*c'.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/(?<year>\d{4})/.exec('in 2026').groups
'x'.replace(/(?<n>x)/, '[$<n>$<m>]')
'x'.replace(/x/, '$<n>')
'abc'.replace(/(?<l>[a-c])/g, (...args) => args[args.length - 1].l + args.length)
/a{,2}/.test('a{,2}') + /x{1/.test('x{1') + /]/.test(']') + /}/.test('}')
/\a\-\e/.test('a-e')
/(a)(?:b)(c)/.exec('abc').length
/(?:(a)|b)*/.exec('ab')
/((a)|b)*/.exec('ab')
/\1(a)/.exec('aa')
'a\u2028b'.match(/a.b/)
/^\w{3,}$/.test('ab') || /^\w{3,}$/.test('abc')
/[\s\S]+/.exec('a\nb')[0].length
/[a-zA-Z0-9_]/.test('-') + /[-a]/.test('-') + /[a\-z]/.test('-')
