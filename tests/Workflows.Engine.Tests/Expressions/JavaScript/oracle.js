// Runs programs for the tests that compare scripts with Node. A line in: {"globals": {...}, "now": ms, "shared": flag,
// "programs": [...]}; a line out: what each gave, as text in which undefined, NaN, -0, holes, dates, maps ... differ.
const vm = require('vm');

const prelude = new vm.Script(`
  const quote = s => {
    let out = '"';
    for (let i = 0; i < s.length; i++) {
      const c = s.charCodeAt(i);
      out += c >= 32 && c < 127 && c !== 34 && c !== 92 ? s[i] : '\\\\u' + c.toString(16).padStart(4, '0');
    }
    return out + '"';
  };
  const members = (v, seen, skip) => Object.keys(v).filter(k => !skip(k)).map(k => quote(k) + ':' + tag(v[k], seen)).join(',');
  const tag = (v, seen = []) => {
    if (typeof v === 'number') return Object.is(v, -0) ? '-0' : String(v);
    if (typeof v === 'string') return quote(v);
    if (typeof v === 'function') return 'function';
    if (v === null || typeof v !== 'object') return String(v);
    if (seen.includes(v) || seen.length > 60) return '<again>';
    seen = [...seen, v];
    if (v instanceof Date) return 'Date(' + v.getTime() + ')';
    if (v instanceof RegExp) return 'RegExp(' + quote(String(v)) + ')';
    if (v instanceof Error) return 'Error(' + quote(String(v.name)) + ')';
    if (v instanceof Map) return 'Map{' + [...v].map(([k, x]) => tag(k, seen) + '=>' + tag(x, seen)).join(',') + '}';
    if (v instanceof Set) return 'Set{' + [...v].map(x => tag(x, seen)).join(',') + '}';
    if (v instanceof Number || v instanceof String || v instanceof Boolean) return 'Boxed';
    const isArguments = Object.prototype.toString.call(v) === '[object Arguments]';
    if (Array.isArray(v) || isArguments) {
      const items = [];
      for (let i = 0; i < v.length; i++) items.push(i in v ? tag(v[i], seen) : '<hole>');
      const more = isArguments ? '' : members(v, seen, k => String(k >>> 0) === k);
      return '[' + items.join(',') + ']' + (more ? '{' + more + '}' : '');
    }
    if (v[Symbol.iterator]) return tag([...v], seen);
    return '{' + members(v, seen, () => false) + '}';
  };
  const RealDate = Date, now = globalThis.now;
  delete globalThis.now;
  const FixedDate = function (...args) {
    if (!new.target) return new RealDate(now).toString();
    return args.length ? new RealDate(...args) : new RealDate(now);
  };
  FixedDate.now = () => now;
  FixedDate.parse = RealDate.parse;
  FixedDate.UTC = RealDate.UTC;
  FixedDate.prototype = RealDate.prototype;
  Object.defineProperty(RealDate.prototype, 'constructor', { value: FixedDate });
  globalThis.Date = FixedDate;
  tag;
`.replace(/^/, '{').concat('}'));

const contextOf = request => {
  const context = vm.createContext({});
  vm.runInContext('globalThis.now = ' + request.now, context);
  const tag = prelude.runInContext(context);
  return { context, tag };
};

// A block keeps the names of a program to itself where programs share a context; its value is that of what is in it.
const compile = (text, shared) => {
  if (shared) return new vm.Script('"use strict"; void 0; {' + text + '\n}');
  const head = '"use strict"; void 0; ';
  try {
    return new vm.Script(head + text);
  } catch (error) {
    if (!/Illegal return/.test(error.message)) throw error;
    return new vm.Script('(function () { "use strict"; ' + text + '\n})()');
  }
};

const run = (text, { context, tag }, globals, shared) => {
  let script;
  try {
    script = compile(text, shared);
  } catch (error) {
    return 'error:' + error.name;
  }
  vm.runInContext('Object.assign(globalThis, JSON.parse(' + JSON.stringify(globals) + '))', context);
  let value;
  try {
    value = script.runInContext(context, { timeout: 5000 });
  } catch (error) {
    try {
      const text = tag(error);
      return text.startsWith('Error(') ? 'error:' + error.name : 'thrown:' + text;
    } catch {
      return 'thrown:?';
    }
  }
  try {
    return tag(value);
  } catch (error) {
    return 'untold:' + error.name;
  }
};

require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const request = JSON.parse(line);
  const globals = JSON.stringify(request.globals);
  let shared = null;
  const answers = request.programs.map((text, i) => {
    if (request.syntaxOnly) {
      try {
        compile(text);
        return 'ok';
      } catch {
        return 'error';
      }
    }
    const place = request.shared ? shared ??= contextOf(request) : contextOf(request);
    return run(text, place, globals, request.shared);
  });
  process.stdout.write(JSON.stringify(answers) + '\n');
});
