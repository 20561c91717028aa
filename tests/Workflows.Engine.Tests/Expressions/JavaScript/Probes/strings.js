'hello'.length + 'hello'[1] + 'hello'.charAt(9) + 'hello'.at(-1)
['abc'[5], 'abc'[-1], 'abc'['1'], 'abc'.charAt(), 'abc'.at(5)]
['a'.charCodeAt(0), ''.charCodeAt(0), '😀'.charCodeAt(0), '😀'.codePointAt(0), '😀'.codePointAt(1), 'a'.codePointAt(5)]
String.fromCharCode(72, 105, 20013) + String.fromCodePoint(128512)
String.fromCodePoint(-1)
'Hello'.toUpperCase() + 'Hello'.toLowerCase() + 'ß'.toUpperCase() + 'İ'.toLowerCase().length
'abcabc'.indexOf('c') + 'abcabc'.indexOf('c', 3) + 'abcabc'.lastIndexOf('a') + 'abc'.indexOf('z') + 'abc'.indexOf('')
['abc'.lastIndexOf('c', 1), 'abc'.lastIndexOf(''), 'canal'.lastIndexOf('a', -5), 'abc'.indexOf('', 10)]
['abc'.includes('b'), 'abc'.includes('b', 2), 'abc'.startsWith('b', 1), 'abc'.endsWith('b', 2), 'abc'.startsWith('')]
'abc'.includes(/b/)
'hello'.slice(1, 3) + 'hello'.slice(-3) + 'hello'.slice(3, 1) + 'hello'.slice()
'hello'.substring(3, 1) + 'hello'.substring(-5, 2) + 'hello'.substring(NaN) + 'hello'.substring(2)
'hello'.substr(-3, 2) + 'hello'.substr(1)
'  a b \n\t'.trim() + '|' + ' a '.trimStart() + '|' + ' a '.trimEnd() + '|'
'\u3000\ufeff\u00a0x\u2028'.trim().length
'5'.padStart(3, '0') + '5'.padEnd(3, 'ab') + 'abc'.padStart(2) + 'a'.padStart(6, 'xyz') + 'a'.padStart(3, '')
'ab'.repeat(3) + 'x'.repeat(0)
'a'.repeat(-1)
'a'.repeat(Infinity)
'a'.repeat(2.9)
'a,b,c'.split(',')
'abc'.split('')
'abc'.split()
'a,b,c'.split(',', 2)
''.split(',')
''.split('')
'a1b22c'.split(/\d+/)
'a1b22c'.split(/(\d)+/)
'abc'.split(/(?:)/)
'A<B>bold</B>'.split(/<(\/)?([^<>]+)>/)
'aXbXc'.split('X', -1)
'a-b-c'.replace('-', '+')
'a-b-c'.replaceAll('-', '+')
'aaa'.replace('a', '$&$&')
'abc'.replace('b', "[$`|$'|$$]")
'abc'.replace(/(b)(c)?/, '<$1|$2|$3>')
'x1y2'.replace(/\d/g, d => d * 2)
'x1y2'.replace(/([a-z])(\d)/g, (m, l, d, i, s) => `${m}${l}${d}${i}${s.length}`)
'2026-05-20'.replace(/(?<y>\d+)-(?<m>\d+)-(?<d>\d+)/, '$<d>/$<m>/$<y>')
'a.b.c'.replaceAll('.', '')
'abc'.replaceAll('', '-')
'aaa'.replaceAll(/a/, 'b')
'aaa'.replaceAll(/a/g, 'b')
'abc'.replace('b', undefined)
'abc'.replace('b', () => '$1')
'abcabc'.replace(/b/g, '$0')
'a'.concat(1, null, [2])
'a'.localeCompare('b') + 'b'.localeCompare('a') + 'a'.localeCompare('a')
'abc'.search(/c/) + 'abc'.search('z')
'a1b2'.match(/\d/g)
'a1b2'.match(/\d/).index
'abc'.match(/x/)
'abc'.match(/x/g)
'abc'.match(/(?<first>a)(z)?/)
'abc'.match('b')[0]
[...'a1b2'.matchAll(/[a-z](\d)/g)].map(m => m[1] + m.index)
'a1'.matchAll(/\d/)
'abc' < 'abd'
'a' > 'B'
'\u{1F600}' > '\uFFFF'
'é'.normalize('X')
[...'👨‍👩‍👧'].length
'abc'.toString() + 'abc'.valueOf()
String(123) + String(true) + String([1, 2]) + String({}) + String(null)
typeof String(5)
String()
'a' + 'b'.concat('c') + `d`
'%E4%B8%AD' === encodeURIComponent('中')
encodeURIComponent("a b&c=d/?#:;,'()*!~中😀")
encodeURI('http://x.cn/a b?q=中#h')
decodeURIComponent('%E4%B8%AD%20a%2B')
decodeURIComponent('%E4%B8')
decodeURI('%23%20')
encodeURIComponent('\ud800')
'abc'.split('').map(c => c.charCodeAt().toString(16)).join(' ')
'title case words'.split(' ').map(w => w[0].toUpperCase() + w.slice(1)).join(' ')
'13800138000'.replace(/^(\d{3})\d{4}(\d{4})$/, '$1****$2')
'abc'.localeCompare('ABC') !== 0
'i'.toLocaleUpperCase() + 'I'.toLocaleLowerCase()
'a\tb'.length
'x'.isWellFormed
'zh-CN'.split('-').at(-1)
'a,b;c'.split(/[,;]/)
order.status.padEnd(6, '.') + '|'
customer.email.split('@')[1].split('.')[0]
customer.name + '您好，订单' + order.id + '已' + (order.paid ? '付款' : '下单')
`${customer.name}：${order.items.map(i => `${i.name}×${i.quantity}`).join('、')}`
text.length + text.trim().split(/\s+/).length
text.toLowerCase().replace(/[^a-z]/g, '')
'tel: 010-1234'.match(/(\d+)-(\d+)/).slice(1)
'aaa'.lastIndexOf('a', 1) + 'aaa'.indexOf('aa', 1)
'abc'.substring(1, Infinity) + 'abc'.slice(undefined, 1) + 'abc'.slice(null, 2)
'1,2,3'.split(',').map(Number).reduce((a, b) => a + b)
'a' in {a: 1} ? 'yes' : 'no'
'b'.codePointAt() - 'a'.codePointAt()
'😀x'.split('')
'abc'.at() + 'abc'.at(NaN) + 'abc'.at(-3)
