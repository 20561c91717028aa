[3, 1, 2].sort()
[10, 9, 1, 100].sort()
[3, undefined, 1, , 2].sort()
[3, 1, 2].sort((a, b) => b - a)
['b', 'a', 'C', 'B', '中', 'é'].sort()
['b', 'a'].sort((a, b) => a.localeCompare(b))
[{k: 1, v: 'a'}, {k: 0, v: 'b'}, {k: 1, v: 'c'}, {k: 0, v: 'd'}].sort((x, y) => x.k - y.k).map(x => x.v).join('')
Array.from({length: 30}, (_, i) => ({g: i % 3, i})).sort((a, b) => a.g - b.g).map(x => x.i)
[1, 2, 3].sort(() => 0)
[2, 1].sort(5)
[true, false, null, 10, 'b', 'a'].sort()
const a = [2, 1]; a.sort() === a
[1, 2, 3].reverse()
const a = [1, , 3]; a.reverse(); a
[1, 2, 3].map(x => x * 2)
[1, , 3].map(x => x * 2)
[1, , 3].forEach(x => x)
let n = 0; [1, , 3].forEach(() => n++); n
[1, 2, 3, 4].filter(x => x % 2)
[1, , undefined, null].filter(() => true)
[1, 2, 3].reduce((a, b) => a + b)
[1, 2, 3].reduce((a, b) => a + b, '')
[].reduce((a, b) => a + b)
[].reduce((a, b) => a + b, 5)
[1, 2, 3].reduceRight((a, b) => a + '-' + b)
[1, 2, 3, 4].find(x => x > 2)
[1, 2].find(x => x > 5)
[1, 2, 3].findIndex(x => x === 3)
[1, 2, 3].findIndex(x => x === 9)
[1, 2, 3, 4].findLast(x => x % 2)
[1, 2, 3, 4].findLastIndex(x => x > 9)
[1, , 3].find(x => x === undefined)
[1, 2].some(x => x > 1)
[[].some(() => true), [].every(() => false), [1, 2].every(x => x), [1, 0].every(x => x)]
[1, NaN, 3].includes(NaN)
[1, NaN, 3].indexOf(NaN)
[1, 2, 1].lastIndexOf(1)
[1, 2, 1].indexOf(1, 1)
[1, 2, 1].indexOf(1, -1)
[1, 2, 3].includes(1, 1)
[1, [2, [3, [4]]]].flat()
[1, [2, [3, [4]]]].flat(Infinity)
[1, , [2, , 3]].flat()
[1, 2].flatMap(x => [x, x * 2])
[1, 2].flatMap(x => [[x]])
[1, 2, 3].slice(1)
[1, 2, 3].slice(-2, -1)
[1, 2, 3].slice()
[1, 2, 3].slice(5)
const a = [1, 2, 3, 4, 5]; [a.splice(1, 2), a]
const a = [1, 2, 3]; [a.splice(1, 0, 'x', 'y'), a]
const a = [1, 2, 3]; [a.splice(-1), a]
const a = [1, 2, 3]; [a.splice(), a]
const a = [1, 2, 3]; [a.splice(1, 1, 'x', 'y', 'z'), a]
const a = [1]; [a.push(2, 3), a.pop(), a.unshift(0, 9), a.shift(), a]
[[].pop(), [].shift()]
[1, 2].concat(3, [4, [5]], 'ab')
[1, 2, 3].join('-')
[1, null, undefined, [2, 3], {}].join()
[].join()
[null].join() + [undefined] + [[]]
[1, 2, 3].fill(0, 1)
new Array(3).fill().map((_, i) => i)
Array(3)
Array(3).length
new Array(1, 2)
new Array('3')
new Array(-1)
new Array(1.5)
Array.of(3)
Array.from('a😀')
Array.from({length: 3}, (_, i) => i * i)
Array.from(new Set([1, 1, 2]))
Array.from([1, , 3])
Array.from(5)
Array.from(null)
[Array.isArray([]), Array.isArray({length: 0}), Array.isArray('a'), Array.isArray(order.items)]
[...[7, 8].keys()]
[...[7, 8].entries()]
[...[7, 8].values()]
[5, 6, 7].at(-1)
[[5].at(3), [5].at(-2), [5].at('0')]
[1, 2, 3, 4, 5].copyWithin(0, 3)
const a = [1, 2, 3]; a.length = 1; a
const a = [1]; a.length = 3; a
const a = []; a[3] = 1; [a, a.length]
const a = []; a['1'] = 'x'; a.length
const a = []; a.length = -1
[1, 2, 3].length = 0
[1, 2, 3].toString()
String([1, [2, [3]]])
[1.5, 2.25].toString()
[1, 2] == '1,2'
const a = [1, 2, 3]; a.map((x, i, arr) => arr === a)
const a = [1, 2, 3]; a.forEach((x, i) => { if (i === 0) a.push(9) }); a
const a = [1, 2, 3]; const r = []; a.forEach(x => { r.push(x); a.pop() }); r
[1, 2, 3].map(5)
[1, 2, 3].map()
[[1, 'a'], [2, 'b']].map(([n, s]) => s.repeat(n))
[..."hello"].map(c => c.charCodeAt(0)).filter((c, i, a) => a.indexOf(c) === i)
Array.from(new Map([[1, 2], [3, 4]]).values()).reduce((a, b) => a + b)
[3, 5, 1].reduce((m, x) => Math.max(m, x), -Infinity)
[[3, 'c'], [1, 'a']].sort(([a], [b]) => a - b)
numbers.slice().sort((a, b) => a - b)
numbers.reduce((s, x) => s + x, 0) / numbers.length
[...numbers].sort()
numbers.indexOf(7) + numbers.lastIndexOf(7)
Math.max(...numbers) - Math.min(...numbers)
[1, 2, 3, 4, 5, 6].reduce((acc, x, i) => { (acc[i % 2] ||= []).push(x); return acc }, [])
Array.from(Array(5).keys())
const m = [[1, 2], [3, 4]]; m[0].map((_, c) => m.map(r => r[c]))
[0, -0, NaN].map(x => Object.is(x, -0))
const [min, ...others] = [4, 2, 8].sort((a, b) => a - b); [min, others]
const a = [1, 2, 3, 4]; a.filter((x, i) => { a.pop(); return true })
const a = [5, 1, 4]; const b = [...a].sort(); [a, b]
'abc'.split('').reverse().join('')
[1, 2, 3].with
[['a', 1]].toString()
[,'a'].findIndex(x => x === undefined)
[undefined, 3, null].map(x => x ?? 'd')
const a = [1, 2, 3]; delete a[0]; [0 in a, a.length, a.indexOf(undefined), a.findIndex(x => x === undefined)]
