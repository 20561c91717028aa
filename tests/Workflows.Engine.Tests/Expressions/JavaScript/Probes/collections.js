const m = new Map(); m.set('a', 1).set('b', 2); [m.size, m.get('a'), m.has('b'), m.get('z'), m.delete('a'), m.delete('a'), m.size]
const m = new Map([[NaN, 'n'], [0, 'z']]); [m.get(NaN), m.get(-0), m.size]
const k = {}; const m = new Map([[k, 1], ['1', 's'], [1, 'n']]); [m.get(k), m.get({}), m.get('1'), m.get(1)]
[...new Map([['b', 1], ['a', 2]])]
[...new Map([['b', 1], ['a', 2]]).keys()].join()
[...new Map([['b', 1], ['a', 2]]).values()]
[...new Map([['b', 1]]).entries()]
const m = new Map([['a', 1]]); m.set('a', 2); m.set('b', 3); m.delete('a'); m.set('a', 4); [...m]
const r = []; new Map([['a', 1]]).forEach((v, k, m) => r.push(k, v, m.size)); r
new Map([['a', 1]])
new Map([[1, new Map([[2, 3]])]])
new Map(null).size + new Map().size
new Map([1])
new Map(5)
Map()
const m = new Map([[1, 1], [2, 2], [3, 3]]); const seen = []; for (const [k] of m) { seen.push(k); if (k === 1) { m.delete(2); m.set(4, 4) } } seen
const m = new Map([[1, 1]]); m.clear(); m.size
new Set([3, 1, 3, 2, 1])
const s = new Set(); s.add(1).add('1').add(NaN).add(NaN); [s.size, s.has(NaN), s.has(2), s.delete(1), s.delete(1)]
[...new Set('hello')].join('')
[...new Set([1, 2]).entries()]
const r = []; new Set(['x']).forEach((a, b, s) => r.push(a, b, s.size)); r
const a = new Set([1, 2, 3]), b = new Set([2, 3, 4]); [[...a].filter(x => b.has(x)), [...new Set([...a, ...b])]]
const s = new Set([1, 2]); const seen = []; for (const x of s) { seen.push(x); if (x < 4) s.add(x + 2) } seen
new Set([1, [1], {}]).size
new Set([-0]).has(0)
Set([1])
typeof new Map() + (new Map() instanceof Map) + (new Set() instanceof Map)
Object.fromEntries(new Map([['a', 1], ['b', 2]]))
Array.from(new Map([['a', 1]]), ([k, v]) => k + v)
new Map(Object.entries({a: 1, b: 2})).get('b')
const m = new Map(); for (const i of order.items) m.set(i.sku, i.quantity * i.price); [...m].map(([k, v]) => `${k}=${v.toFixed(1)}`)
String(new Map()) + String(new Set())
const groups = new Map(); for (const i of order.items) { const k = i.tags?.length ?? 0; groups.set(k, [...(groups.get(k) ?? []), i.name]) } groups
const m = new Map([['x', {n: 1}]]); m.get('x').n++; m.get('x').n
new Map([['a', 1]]) === new Map([['a', 1]])
new Set(new Map([[1, 2]])).size
const {size} = new Set([1, 2]); size
const [first] = new Set(['f', 'g']); first
Math.max(...new Set([4, 9, 2]))
const m = new Map([['a', 1]]); m.b = 2; [m.b, m.size, m.get('b')]
