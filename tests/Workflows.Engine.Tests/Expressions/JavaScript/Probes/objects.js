Object.keys({b: 1, a: 2, 2: 3, 1: 4, '01': 5, '-1': 6})
Object.values({b: 1, a: 2})
Object.entries({b: 1, a: 2})
Object.keys('ab')
Object.keys([4, , 6])
Object.entries('ab')
Object.keys(5)
Object.keys(null)
Object.assign({a: 1}, {b: 2}, null, {a: 3}, 'x')
const t = {}; Object.assign(t, {a: 1}) === t
Object.fromEntries([['a', 1], ['b', 2]])
Object.fromEntries(new Map([['a', 1]]))
Object.fromEntries(Object.entries({a: 1, b: 2}).map(([k, v]) => [k.toUpperCase(), v * 2]))
Object.freeze({a: 1}).a = 2
const o = Object.freeze({a: {b: 1}}); o.a.b = 2; o
const o = Object.freeze([1]); o.push(2)
const o = Object.freeze({a: 1}); delete o.a
const o = Object.freeze({a: 1}); o.b = 1
[Object.isFrozen(Object.freeze({})), Object.isFrozen({a: 1}), Object.isFrozen(5)]
const o = Object.seal({a: 1}); o.a = 2; o
const o = Object.seal({a: 1}); o.b = 2
[Object.is(NaN, NaN), Object.is(0, -0), Object.is('a', 'a'), Object.is({}, {})]
({a: 1}).hasOwnProperty('a')
[({a: 1}).hasOwnProperty('toString'), Object.hasOwn({a: 1}, 'a'), Object.hasOwn([1], 'length'), 'toString' in {}]
String({}) + String([]) + String([[1, [2]], 3]) + String(null) + String(undefined)
({}).toString()
({toString() { return 'custom' }}) + '!'
`${{toString: () => 'T', valueOf: () => 'V'}}`
({toString: () => 'T', valueOf: () => 7}) + 1
({valueOf: () => 7}) * 2
({valueOf: () => ({}), toString: () => '5'}) * 2
({valueOf: () => ({}), toString: () => ({})}) * 2
[{valueOf: () => 3}, {valueOf: () => 1}].sort((a, b) => a - b).map(x => +x)
({valueOf: () => 3}) > ({valueOf: () => 1})
const o = {}; o[1] = 'a'; o['1'] + o[1.0]
const o = {}; o[null] = 1; o[undefined] = 2; o[true] = 3; o[{}] = 4; o[[1, 2]] = 5; o
const o = {a: 1}; o.b = o; o.b.b.a
const k = 'x'; ({[k]: 1, [k + 'y']: 2, [1 + 2]: 3})
const o = {n: 1, inc() { this.n++; return this }}; o.inc().inc().n
const o = {a: 1, b: {c: 2}}; const p = {...o}; p.b.c = 3; p.a = 9; o
const o = {z: 1}; o.a = 2; o.z = 3; delete o.z; o.z = 4; Object.keys(o)
const a = {}, b = {}; [a === b, a === a, a == b]
'a b c'.split(' ').reduce((o, k, i) => ({...o, [k]: i}), {})
const count = {}; for (const c of 'mississippi') count[c] = (count[c] ?? 0) + 1; count
const group = {}; for (const i of order.items) (group[i.price > 50 ? 'dear' : 'cheap'] ??= []).push(i.sku); group
const {a, ...rest} = {a: 1, b: 2}; 'a' in rest
Object.entries(order.address).map(([k, v]) => `${k}:${v}`).join(';')
Object.keys(order)
JSON.stringify(Object.entries(order.items[0]))
order.items[0].price = 200; order.items[0].price * 2
order.newField = [1]; order.newField.push(2); order.newField
order.items.length = 1; order.items
order['stat' + 'us']
order.items['0'].sku
order.items[order.items.length - 1].sku
order.items[-1]
order.items[1.5]
order.toString()
customer.hasOwnProperty('vip') && !customer.hasOwnProperty('nope')
const o = {}; o.x.y = 1
const s = 'abc'; s.x = 1
const s = 'abc'; s[0] = 'z'
const s = 'abc'; s.length = 1
(5).x = 1
'abc'.nope
(5).nope
true.nope
[].nope
(() => 1).nope
Object.getOwnPropertyNames({a: 1, b: 2})
typeof Object + typeof Object.keys
Object({a: 1})
new Object()
Object.keys(new Map([[1, 2]]))
Object.keys(new Date(0))
Object.keys(Math)
const o = {length: 2, 0: 'a', 1: 'b'}; Array.from(o)
({1e3: 'a', 0.5: 'b', 1e21: 'c'})
const o = {'a.b': 1, '': 2}; [o['a.b'], o['']]
const big = {}; for (let i = 20; i > 0; i--) big['k' + i % 7] = i; big
const big = {}; for (let i = 0; i < 20; i++) big['k' + i] = i; for (let i = 0; i < 20; i += 2) delete big['k' + i]; big.k0 = 'again'; Object.keys(big)
