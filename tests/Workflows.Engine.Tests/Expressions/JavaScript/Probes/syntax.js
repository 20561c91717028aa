'a' + "b" + `c`
'\n\t\b\f\v\0\\\'\"\x41\u0042\u{43}\u{1F600}\q'
'line \
  continued'
`multi
  line`
`a${1 + 1}b${`c${'d'}`}e`
`${{a: 5}.a}${[1, 2]}${null}${undefined}${() => 1 ? '' : ''}`.length > 0
`\`\${}\u0041\n`
`${[1, [2, 3]]} ${{}} ${true} ${-0}`
'\u4e2d\u6587' === '中文'
'😀'.length + '\u{1F600}'.length
let a = 1
  let b = 2
  a + b
let a = 1, r = a
  ++a
  ;[a, r]
let a = [1, 2]
  [0]
let f = x => x
  (5)
  f
1
  + 2
let x = 5
  /2/1
  x
do ; while (false) 'after'
const f = () => { return
  5 }
  f()
let i = 1
  i
  ++
  i
  i
{}
{ a: 1 }
({ a: 1 })
{ 1; 2 }
;;; 5 ;;;
let a = 5
var a = 5
5; let a = 6
5; var a = 6
5; function f() {}
5; if (false) 6
5; if (true) {}
5; for (const x of []) x
5; while (false) 6
1; do { 2; continue; 3 } while (false)
1; do { 2; break } while (true)
for (let i = 0; i < 3; i++) i * 10
for (let i = 0; i < 3; i++) { if (i === 1) continue; i }
for (const x of [1, 2, 3]) { if (x === 3) break; x }
5; switch (1) { case 1: }
5; switch (1) { case 1: 6; break; case 2: 7 }
switch (1) { case 1: 'a'; case 2: 'b' }
5; try { 6 } finally { 7 }
5; try { throw 1 } catch (e) { }
try { 1; throw 2 } catch (e) { 3 }
5; { }
5; { 6; }
5; ;
a: 5
a: { 1; break a; 2 }
if (1) 2; else 3
var x = 1; x = 2
let x = 1; x += 5; let y
1 /* c */ + /* d
  e */ 2 // f
// nothing
/* nothing */
''
[1, 2, 3,]
[,].length
[, 1, , 2, ,]
[1, , 3].length
({a: 1, 'b-c': 2, 3: 4, [`d${1}`]: 5, 1.5: 6, 0x10: 7})
({if: 1, class: 2, new: 3, get: 4, set: 5, async: 6, of: 7, static: 8}).class
const a = 1, get = 2, set = 3; ({a, get, set})
({get() { return 1 }, set(v) { return v }, async() { return 2 }}).get()
({a: 1, a: 2, ['a']: 3})
({f() { return 1 }, 'g h'() { return 2 }, 5() { return 3 }, [`k`]() { return 4 }})['g h']()
order?.items?.[0]?.name
order?.missing?.deep.deeper[0]()
order.missing?.deep
order.missing?.[missingName]
order.missing?.(missingName)
order.status?.toUpperCase?.()
order.status.nope?.()
order.nope?.().x.y
null?.a
undefined?.[0]?.b
(null)?.a.b.c
(order?.missing).x
(order?.items).length
let n = 0; null?.[n++]; undefined?.(n++); n
customer.phone?.length ?? '无'
delete order?.note
delete order.missing?.x
const o = {f() { return this === o }}; [o?.f(), o.f?.(), o?.['f']()]
0?.toFixed(1)
''?.length
true?.5:1
a?.b; var a
a?.b; let a
const o = {a: null}; o.a?.b.c.d
const o = {a: {b: () => ({c: 7})}}; o?.a?.b?.()?.c
let a = 1; a/2/1
let s = 'x'; s.replace(/x/g, 'y')/1
[/a/.test('a'), /[/]/.test('/'), /\//.test('/')]
let re = /=/; re.source
x = 5
'use strict'; 1
('a', 'b')
let async = 5; async + 1
let of = [1]; for (of of [2, 3]) ; of
var get = 1, set = 2, from = 3, as = 4; get + set + from + as
let a = 5; let b = a-- > 3 ? a-- : --a; [a, b]
let yes = 1;
  if (yes)
    'y'
  else
    'n'
const f = a =>
  a * 2
  f(4)
const o = {
    a: 1,
    b: [
      2,
      3,
    ],
  }
  o
(function () { return 1 })
  ()
var a = 1, b = 2
  var c = a
  (function () { return 3 })
0xAbC + 0XdEf + 0B11 + 0O7
.5 + 5. + 5.e1 + .5E-1
1..toString() + 1.0.toFixed(1) + 1 .toString()
'\
  '
"it's" + 'say "hi"'
true + null + undefined
NaN + '' + Infinity + -Infinity
