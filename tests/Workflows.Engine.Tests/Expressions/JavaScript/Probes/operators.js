1 + 2 * 3 - 4 / 5 % 6
2 ** 10 ** 0.5
(-2) ** 3
7 % -3 + -7 % 3
-0
[0 / -1, -0 + 0, 0 * -1, Math.min(0, -0)]
0.1 + 0.2
1 / 0 - 1 / 0
'5' * '2' + '3'
'5' + 2 - 1
1 + null
1 + undefined
'a' + null + undefined + true + 1.5
[] + {}
[1, 2] + [3]
({}) + 1
+[] + +'' + +'12' + +null + +true
[+undefined, +'x', +{}, +[5], +[1, 2], +'0x1f', +'1e3', +' \n 7 ', +'1_0', +'0b11', +'-0x1']
!'' + !0 + !null + !NaN + !'0' + ![]
~5 + ~-1 + ~~3.7 + ~~-3.7
5 & 3 | 8 ^ 2
1 << 31
1 << 32
-1 >>> 0
-1 >>> 28
-9 >> 1
2 ** 32 >> 0
2 ** 53 | 0
1e21 | 0
'12' | 0
null == undefined
[null == 0, null >= 0, undefined == 0, '' == 0, '0' == false, 'a' == 'A', NaN == NaN, [] == '', [1] == 1, [1, 2] == '1,2', ({}) == '[object Object]']
[null === undefined, 1 === 1.0, '1' === 1, NaN !== NaN, 0 === -0]
['a' < 'b', 'a' < 'B', '10' < '9', '10' < 9, 'x' < 1, null < 1, undefined < 1, [2] > 1, '中' > 'z']
[1 < 2 < 3, 3 > 2 > 1]
[typeof 1, typeof 'a', typeof true, typeof undefined, typeof null, typeof {}, typeof [], typeof (() => 1), typeof notDefined, typeof Math, typeof parseInt]
typeof typeof 1
void 'anything'
(1, 2, 'last')
null ?? 'a'
[undefined ?? 1, 0 ?? 1, '' ?? 1, false ?? 1, NaN ?? 1]
[0 || 'b', '' || null, 'a' || x1, 1 && 2, 0 && x2, null && 1]
true || false && false
(null || undefined) ?? 'c'
true ? 1 : false ? 2 : 3
false ? 1 : false ? 2 : 3
let a = 5; a += 2; a -= 1; a *= 3; a /= 2; a %= 5; a **= 2; a
let a = 6; a <<= 2; a >>= 1; a >>>= 1; a &= 7; a |= 8; a ^= 1; a
let a = null, b = 0, c = 1; a ??= 5; b ||= 6; c &&= 7; [a, b, c]
let n = 0; const f = () => { n++; return 1 }; let a = 1; a ||= f(); a ??= f(); let z = 0; z &&= f(); [n, a, z]
let i = 5; [i++, i, ++i, i--, --i]
let s = '5'; s++; s
let s = 'a'; s++; s
let o = {n: 1}; o.n++; ++o['n']; o.n += o.n++ + ++o.n; o.n
let a = [1, 2, 3], i = 0; a[i++] += 10; a[i++] += 10; [a, i]
'b' in {b: undefined}
[1 in [5, 6], 2 in [5, 6], 'length' in [], '0' in ['a']]
'x' in 'text'
[[] instanceof Array, [] instanceof Object, ({}) instanceof Array, (() => 1) instanceof Function, new Date() instanceof Date, new Map() instanceof Map, new TypeError('x') instanceof Error, /a/ instanceof RegExp]
1 instanceof Object
({}) instanceof 5
let a = 1; a = a++ + ++a; a
let x = 1; let y = (x = 2, x + 1); [x, y]
let a, b, c; a = b = c = 4; [a, b, c]
'a' + 1 + 2 + (1 + 2)
1 + 1 + 'a'
'3' - - '3'
'b' + 'a' + +'a' + 'a'
[1e3, 1e21, 1e-7, 123456789012345680000, 0.000001, 1.7976931348623157e308, 5e-324, 0xff, 0o17, 0b101, 1_000_000]
`${1e21} ${1e-7} ${-0} ${0.1 + 0.2} ${100} ${1.50}`
9007199254740993
[0.1 * 3, 4.35 * 100, 1.005 * 1000, 1.1 + 2.2]
[5 / 2 | 0, Math.trunc(-7 / 2), -7 / 2 | 0]
delete order.note
let o = {a: 1, b: 2}; [delete o.a, delete o.zz, o]
let a = [1, 2, 3]; delete a[1]; [a, a.length]
!order.paid
-order.total
order.total > 500 && order.status === 'paid' && order.items.length < 10
customer.level >= 3 ? '金卡' : '普通'
order.items.length > 2 || order.missing.value
order.missing
order.missing.value
missingName
missingName = 1
null.a
undefined[0]
null[Symbol1]
