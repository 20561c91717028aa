let s = 0; for (let i = 0; i < 10; i++) { if (i === 3) continue; if (i === 6) break; s += i } s
let s = ''; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 2) continue outer; if (i === 2) break outer; s += `${i}${j} ` } } s
a: { b: { break a } s = 1 }
let s = ''; a: { s += 1; b: { s += 2; break a; } s += 3 } s
let i = 0; do { i++ } while (i < 5); i
let i = 0; do i++; while (i < 5) i
let i = 0; while (true) { if (++i > 7) break } i
let n = 0; for (;;) { if (n++ >= 3) break } n
let s = []; for (const k in {b: 1, a: 2, 1: 3, 0: 4}) s.push(k); s
let s = []; for (const i in [7, , 9]) s.push(i); s
let s = []; for (const i in 'ab') s.push(i); s
for (const k in null) { throw 1 } 'done'
let s = []; for (const c of 'a😀b') s.push(c); s
let s = []; for (const x of [1, , 3]) s.push(x); s
for (const x of 5) {}
for (const x of {a: 1}) {}
for (const x of null) {}
let s = []; for (const [k, v] of new Map([['a', 1], ['b', 2]])) s.push(k + v); s
let s = []; for (const x of new Set([3, 1, 3])) s.push(x); s
let s = []; for (const [i, x] of ['a', 'b'].entries()) s.push(i + x); s
let s = []; for (const [k, v] of Object.entries({x: 1, y: 2})) s.push(`${k}=${v}`); s.join('&')
const a = [1, 2, 3]; let n = 0; for (const x of a) { if (n++ < 3) a.push(x * 10) } a
const a = [1, 2, 3, 4]; const seen = []; for (const x of a) { seen.push(x); a.shift() } [seen, a]
const o = {a: 1, b: 2, c: 3}; const seen = []; for (const k in o) { seen.push(k); delete o.b } seen
let x; for (x of [1, 2]) ; x
let o = {}; for (o.p of [1, 2, 3]) ; o
let o = []; let i = 0; for (o[i++] of ['x', 'y']) ; o
for (var [a, b] of [[1, 2], [3, 4]]) ; [a, b]
for (const {n = 9} of [{n: 1}, {}]) { n }
switch (3) { case 1: 'a'; break; case 3: 'c'; break; default: 'd' }
switch ('3') { case 3: 'number'; break; default: 'none' }
let s = ''; switch (2) { case 1: s += 1; case 2: s += 2; case 3: s += 3; break; case 4: s += 4 } s
let s = ''; switch (9) { case 1: s += 1; default: s += 'd'; case 2: s += 2 } s
let s = ''; switch (2) { default: s += 'd'; case 1: s += 1; break; case 2: s += 2 } s
switch (NaN) { case NaN: 'nan'; break; default: 'no' }
let n = 0; const t = x => { n++; return x }; switch (2) { case t(1): case t(2): case t(3): } n
switch (1) { case 1: { 'in block' } }
for (const x of [1, 2, 3]) { switch (x) { case 2: continue } x }
let r = []; for (let i = 0; i < 3; i++) { switch (i) { case 1: break; default: r.push(i) } } r
try { throw new Error('boom') } catch (e) { e.message }
try { throw {code: 5} } catch ({code}) { code }
try { throw 'text' } catch { 'caught' }
try { 'body' } finally { 'final' }
function f() { try { return 'try' } finally { return 'finally' } } f()
function f() { try { throw 1 } catch (e) { return 'catch' } finally { return 'finally' } } f()
function f() { try { throw 1 } finally { return 'swallowed' } } f()
let log = []; function f() { try { log.push('t'); return 'r' } finally { log.push('f') } } [f(), log]
function f() { for (const x of [1, 2, 3]) { try { if (x === 2) return x } finally { if (x === 2) continue } } return 'end' } f()
function f() { while (true) { try { return 1 } finally { break } } return 2 } f()
function f() { let i = 0; try { return i } finally { i = 5 } } f()
let s = ''; try { try { throw 'a' } finally { s += 'f' } } catch (e) { s += e } s
let s = ''; try { try { throw 'a' } catch (e) { throw e + 'b' } finally { s += 'f' } } catch (e) { s += e } s
let s = ''; a: try { s += 1; break a } finally { s += 2 } s
let s = ''; for (let i = 0; i < 3; i++) { try { if (i === 1) continue; s += i } finally { s += 'f' } } s
throw new TypeError('own')
throw 'plain text'
throw {code: 1}
if (0) 'a'; else if ('') 'b'; else 'c'
if (order.items.length) { if (customer.vip) 'vip'; else 'plain' }
x: for (const a of [1, 2]) { y: for (const b of [1, 2]) { if (b === 2) continue x; a * 10 + b } }
let s = 0; for (let i = 10; i --> 0;) s += i; s
let s = 0; for (let i = 0, j = 10; i < j; i++, j--) s += j - i; s
let r = ''; for (const a of 'ab') for (const b of 'xy') r += a + b; r
let i = 0; l: do { i++; if (i < 3) continue l; break l } while (true); i
for (let i = 0; i < 3; i++) { try { continue } finally { } } 'ok'
const fib = n => n < 2 ? n : fib(n - 1) + fib(n - 2); fib(15)
let a = [5, 3, 8, 1]; for (let i = 0; i < a.length; i++) for (let j = 0; j < a.length - 1 - i; j++) if (a[j] > a[j + 1]) [a[j], a[j + 1]] = [a[j + 1], a[j]]; a
let p = []; for (let i = 2; p.length < 10; i++) { if (p.every(d => i % d)) p.push(i) } p
return 5
return
if (order.total > 1000) { return 'manager' } return 'auto'
for (const i of order.items) { if (i.quantity > 3) return i.name } return null
try { return 1 } finally { order.x = 2 }
