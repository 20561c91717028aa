const [a, b] = [1, 2]; [b, a]
const [a, , b = 5, ...c] = [1, 2, undefined, 4, 5]; [a, b, c]
const {a, b: c, d = 4, ...e} = {a: 1, b: 2, x: 3, y: 4}; [a, c, d, e]
const {a: {b: [c]}} = {a: {b: [7]}}; c
let a = 1, b = 2; [a, b] = [b, a]; [a, b]
let a, b; ({a, b = 3} = {a: 1}); [a, b]
let o = {}; [o.a, o['b'], ...o.c] = [1, 2, 3, 4]; o
let o = {}; ({x: o.y, z: o.w = 5} = {x: 1}); o
const log = []; const t = x => (log.push(x), x); const {[t('k')]: a = t('d1'), [t('j')]: b = t('d2')} = {k: 1}; [a, b, log]
const log = []; const {a = log.push('a'), b = log.push('b')} = {a: undefined, b: null}; [a, b, log]
const [x = 1, y = x + 1, z = y * 2] = []; [x, y, z]
const [x = y, y = 1] = []; x
const {a} = null
const {a} = undefined
const {} = null
const [a] = null
const [a] = {}
const [a] = 5
const {length} = 'abc'; length
const {toFixed} = 5; typeof toFixed
const [a, b] = 'xy'; b + a
const [a, ...b] = 'h😀i'; [a, b]
const [[k, v]] = new Map([['key', 'value']]); k + v
const [a, b] = new Set([9, 8]); [a, b]
const {0: a, 2: b} = ['x', 'y', 'z']; a + b
const {length, [length - 1]: last} = [1, 2, 3]; last
const key = 'dyn'; const {[key]: v = 'none', [`${key}2`]: w} = {dyn2: 2}; [v, w]
let r = ([a, b] = [1, 2]); var a, b; [r, a, b]
let a; const r = ({a} = {a: 1, b: 2}); [r, a]
[...'abc', ...[1, 2], ...new Set([3, 3]), ...new Map([[1, 2]])]
({...{a: 1, b: 2}, b: 3, ...null, ...undefined, ...'hi', ...[9]})
({...{b: 1, a: 2}, 1: 'x', 0: 'y'})
Math.max(...[1, 5, 3], ...[9])
((a, b, ...c) => [a, b, c])(...[1], 2, ...'xyz')
[...[1, , 3]]
[...null]
[...5]
[...{a: 1}]
f(...undefined)
const copy = {...order, total: 0}; [copy.total, order.total, copy.items === order.items]
const {items: [{sku}, ...others], ...rest} = order; [sku, others.length, Object.keys(rest)]
const {customer: {name} = {name: '匿名'}} = {}; name
const f = ({a = 1, b = 2} = {}) => a + b; [f(), f({}), f({a: 5}), f({b: null})]
const f = ([a, b] = [1, 2], {c} = {c: 3}) => [a, b, c]; [f(), f([9])]
f(); function f({x}) { return x }
const swap = ([a, b]) => [b, a]; swap([1, 2])
let i = 0; const a = []; [a[i++], a[i++]] = [10, 20]; [a, i]
let x = 1; [x, x] = [x + 1, x + 2]; x
let a, b, rest; [a, [b, ...rest] = [7, 8, 9]] = [1]; [a, b, rest]
let {a, ...b} = {a: 1}; b
const {a = 1, ...{}} = {}
const entries = [['a', 1], ['b', 2]]; const o = {}; for (const [k, v] of entries) o[k] = v; o
const o = {a: {b: {c: 1}}}; const {a: {b}, a: {b: {c}}} = o; [b === o.a.b, c]
const [first, ...others] = order.items.map(i => i.name); `${first}+${others.length}`
let a = [1, 2, 3]; [a[0], a[2]] = [a[2], a[0]]; a
const {a, a: b, a: [c]} = {a: [1]}; [a, b, c]
const [a, b, c] = [1]; [a, b, c]
var {a} = {a: 1}, {b} = {b: a + 1}; [a, b]
try { throw [1, {m: 2}] } catch ([a, {m}]) { a + m }
