let a = 1; { let a = 2; } a
var a = 1; { var a = 2; } a
const a = 1; a = 2
const a = 1; try { a = 2 } catch (e) { e.name }
const a = 1; a++
const {b} = {b: 1}; b = 2
const o = {n: 1}; o.n = 2; o
for (const i = 0; i < 2; i++) {}
const f = function g() { g = 1 }; f()
x; let x = 1
typeof x; let x = 1
let r; try { r = x } catch (e) { r = e.name } let x = 1; r
let x = x + 1
{ const f = () => x; let x = 3; f() }
const f = () => x; f(); let x = 3
let x = 'outer'; { try { x } catch (e) { e.name } let x = 'inner' }
var v; v
[typeof hoisted, hoisted]; var hoisted = 1
hoisted(); function hoisted() { return 'called' }
f(); { function f() { return 1 } }
{ function f() { return 1 } f() }
let r = []; { r.push(f()); function f() { return 'in block' } } r
const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); fs.map(f => f())
const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); fs.map(f => f())
const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); i += 0 } fs.map(f => f())
const fs = []; for (let i = 0; i < 6; i++) { fs.push(() => i++); i++ } fs.map(f => f() * 10 + f())
const fs = []; for (const x of [1, 2, 3]) fs.push(() => x); fs.map(f => f())
const fs = []; for (const k in {a: 1, b: 2}) fs.push(() => k); fs.map(f => f())
const fs = []; let i = 0; while (i < 3) { let j = i++; fs.push(() => j) } fs.map(f => f())
const fs = []; for (let i = 0, step = () => i++; i < 3; step(), i++) { fs.push(() => i); if (fs.length > 4) break } fs.map(f => f())
const counter = () => { let n = 0; return {inc: () => ++n, get: () => n} }; const c = counter(), d = counter(); c.inc(); c.inc(); d.inc(); [c.get(), d.get()]
function make(n) { return () => { n += 1; return n } } const a = make(1), b = make(10); [a(), a(), b(), a()]
let x = 1; function f() { return x } x = 2; f()
function f(a) { a = 5; return arguments[0] } f(1)
function f(a) { arguments[0] = 5; return a } f(1)
let x = 1; { let y = x; { let x = y + 1; y = x } x += y } x
switch (1) { case 0: let z; case 1: z = 5 }
switch (1) { case 0: let z; break; case 1: try { z = 1 } catch (e) { e.name } }
let f = function() { return typeof f }; const g = f; f = 1; g()
const f = function me(n) { return n ? n * me(n - 1) : 1 }; f(5)
let undefined1 = undefined; undefined1
var a = 1; var a; a
let {length} = 'hello'; length
let 变量 = '中文'; 变量 + 变量.length
let $ = 1, _ = 2, $a_1 = 3; $ + _ + $a_1
try { throw 1 } catch (e) { var e = 2 } e
let e = 'outer'; try { throw 'inner' } catch (e) { e } e
function f() { if (true) { var x = 1; let y = 2 } return [x, typeof y] } f()
(function() { return this })()
(() => { let a = 1; return (() => { a++; let b = a; return (() => a + b)() })() })()
const add = a => b => c => a + b + c; add(1)(2)(3)
let log = []; for (let i = 0, f = () => i; i < 2; i++) log.push(f()); log
let n = 0; for (let n = 5; n < 7; n++) ; n
let a = 1; a: { a = 2; break a; } a
