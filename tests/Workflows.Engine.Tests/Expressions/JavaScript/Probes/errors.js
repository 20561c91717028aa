new Error('m').message
String(new Error('m')) + String(new TypeError('t')) + String(new Error())
new RangeError('r').name + (new RangeError('r') instanceof Error) + (new RangeError('r') instanceof TypeError)
new Error('m') instanceof Error
Error('no new').message
const e = new Error('m'); e.code = 5; [e.code, e.message, e.name]
const e = new Error('m'); e.name = 'Custom'; String(e)
try { throw new SyntaxError('s') } catch ({name, message}) { name + message }
try { null.x } catch (e) { e.name }
try { undefinedName } catch (e) { e.name }
try { (5)() } catch (e) { e.name }
try { new Array(-1) } catch (e) { e.name }
try { 'x'.repeat(-1) } catch (e) { e instanceof RangeError }
try { JSON.parse('{') } catch (e) { e.name }
try { decodeURIComponent('%') } catch (e) { e.name }
try { null.x } catch (e) { typeof e.message }
const f = () => { throw new Error('in f') }; try { f() } catch (e) { e.message }
try { [1].map(() => { throw 'from map' }) } catch (e) { e }
try { [2, 1].sort(() => { throw 'from sort' }) } catch (e) { e }
try { 'a'.replace(/a/, () => { throw 'from replace' }) } catch (e) { e }
try { JSON.stringify({toJSON() { throw 'from toJSON' }}) } catch (e) { e }
try { `${{toString() { throw 'from toString' }}}` } catch (e) { e }
function f() { try { g() } catch (e) { throw new Error('wrapped: ' + e.message) } } function g() { throw new Error('inner') } f()
try { f(); function f() { throw new Error('wrapped') } } catch (e) { e.message } finally { 'ignored' }
new Error('a', {cause: 'c'}).cause
new Error({toString: () => 'obj'}).message
new Error(undefined).message + new Error(null).message
Object.keys(new Error('x'))
JSON.stringify(new Error('x'))
throw new Error('top')
throw null
throw undefined
throw [1, 2]
const r = []; for (const f of [() => null.a, () => x.y, () => 'a'.repeat(-1), () => { throw 5 }]) { try { f() } catch (e) { r.push(e?.name ?? e) } } r
let r = 'none'; try { try { throw 1 } finally { r = 'f' } } catch { r += 'c' } r
try { const c = 1; c = 2 } catch (e) { e.name }
try { x = 1 } catch (e) { e.name }
try { let [a] = null } catch (e) { e.name }
try { 1 in 'x' } catch (e) { e.name }
try { ({}) instanceof 5 } catch (e) { e.name }
try { new 5 } catch (e) { e.name }
try { Object.freeze([]).push(1) } catch (e) { e.name }
try { [].reduce((a, b) => a) } catch (e) { e.name }
try { for (const x of 5); } catch (e) { e.name }
try { new RegExp('[') } catch (e) { e.name }
try { (1.5).toFixed(200) } catch (e) { e.name }
try { new Date(NaN).toISOString() } catch (e) { e.name }
try { BigInt1 } catch (e) { e.name }
