// Evaluates expressions with openrosa-xpath-evaluator, the engine that Enketo publishes.
//
// Reads lines of JSON: first {clock, zone}, then records {record} and cases
// {node, kind, text, bracketed}; writes a line for each case: what the engine says as it
// is ("plain"), what it says once it keeps our rulings ("ruled"), and the names of the
// rulings and readings without which the second would be another ("under").
'use strict';

const path = require('path');
const readline = require('readline');
const { JSDOM } = require('jsdom');

const window = new JSDOM('<x/>', { contentType: 'text/xml' }).window;
for (const name of ['Node', 'XPathResult', 'XPathEvaluator']) globalThis[name] = window[name];
globalThis.window = { enketoFormLocale: 'en' };

// In a browser an expression gives a result of any type unless asked otherwise; this DOM
// wants to be asked.
const { createExpression } = XPathEvaluator.prototype;
XPathEvaluator.prototype.createExpression = function (...args) {
  const e = createExpression.apply(this, args);
  return { evaluate: (node, type = XPathResult.ANY_TYPE, result = null) => e.evaluate(node, type, result) };
};

const RealDate = Date;
let clock = 0;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length) super(...args); else super(clock);
  }
  static now() { return clock; }
};

const home = path.dirname(require.resolve('openrosa-xpath-evaluator'));
const load = name => require(path.join(home, name));

// The shared pieces of the engine, as they come and as they are now. The engine takes them
// by name when it is loaded, hence doors that lead to the one or the other.
const cast = load('utils/xpath-cast');
const dates = load('utils/date');
const original = { ...cast, ...dates };

let rulings = new Set(); // those in force
let met = new Set();     // those that changed something on the way
const rules = name => rulings.has(name);

// ruled gives what the ruling says, and remembers that it made a difference.
function ruled(name, plain, other) {
  if (!rules(name)) return plain();
  const b = other();
  let a;
  try { a = plain(); } catch (e) { a = e; }
  const text = v => JSON.stringify(v, (_, x) => typeof x === 'number' ? String(x) : x instanceof Node ? x.textContent : x);
  if (text(a) !== text(b)) met.add(name);
  return b;
}

const isNode = x => x instanceof Node;
const DAY = 86400000;

// ---- readings of a date: strict, in whole days, wherever the device stands (R4, R7)
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;
const real = m => dates.isValidDate(m[1], m[2], m[3]);

function days(s) {
  const m = DATE.exec(s);
  if (m) return real(m) ? RealDate.UTC(+m[1], m[2] - 1, +m[3]) / DAY : NaN;
  return instant(s) / DAY;
}

// instant is a dateTime in milliseconds.
function instant(s) {
  const m = MOMENT.exec(s);
  return m && real(m) ? new RealDate(s).getTime() : NaN;
}

const NUMBER = /^[ \t\r\n]*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*$/;

function toNumber(r) {
  if (!isNode(r)) {
    if (r.t === 'num') return r.v;
    if (r.t === 'bool') return r.v ? 1 : 0;
  }
  const s = toText(r);
  if (NUMBER.test(s)) return parseFloat(s.trim());
  return days(s.trim());
}

function toText(r) {
  if (!isNode(r) && r.t === 'num') return plainNumber(r.v);
  return original.asString(r);
}

// plainNumber writes a number without exponent (R12).
function plainNumber(v) {
  const s = String(v);
  const m = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(s);
  if (!m) return s;
  const digits = m[2] + (m[3] || ''), point = 1 + Number(m[4]);
  if (point <= 0) return m[1] + '0.' + '0'.repeat(-point) + digits;
  return m[1] + digits + '0'.repeat(Math.max(0, point - digits.length));
}

cast.asNumber = r => {
  const plain = () => original.asNumber(r);
  const text = isNode(r) || r.t === 'str' || r.t === 'arr' ? original.asString(r) : null;
  if (text === null) return plain();
  return ruled(original.DATE_STRING.test(text.trim()) ? 'R4' : 'R12', plain, () => toNumber(r));
};
cast.asString = r => ruled('R12', () => original.asString(r), () => toText(r));
cast.asBoolean = r => {
  if (!isNode(r) && r.t === 'arr' && r.single) {
    return ruled('R2', () => original.asBoolean(r), () => r.v.length > 0 && toText(r) !== '');
  }
  return original.asBoolean(r);
};
dates.dateStringToDays = s => ruled('R4', () => original.dateStringToDays(s), () => days(s));

// ---- comparisons of numbers (R13)
const EQ = 0b01000, NE = 0b01001, PLUS = 0b10000;
const operation = load('utils/operation');
const { handleOperation } = operation;
operation.handleOperation = (lhs, op, rhs) => {
  const text = r => r.single && rules('R2') ? str(original.asString(r)) : r;
  if (text(lhs) !== lhs || text(rhs) !== rhs) {
    return ruled('R2', () => compared(lhs, op, rhs), () => compared(text(lhs), op, text(rhs)));
  }
  return compared(lhs, op, rhs);
};

function compared(lhs, op, rhs) {
  const plain = () => handleOperation(lhs, op, rhs);
  if (op > NE && op < PLUS && [lhs.t, rhs.t].sort().join() === 'arr,bool') {
    const truth = r => bool(cast.asBoolean(r));
    return ruled('sets-and-conditions', plain, () => handleOperation(truth(lhs), op, truth(rhs)));
  }
  const numbers = (lhs.t === 'num' || rhs.t === 'num') && lhs.t !== 'bool' && rhs.t !== 'bool';
  if ((op !== EQ && op !== NE) || !numbers) return plain();
  return ruled('R13', plain, () => {
    const all = r => r.t === 'arr' ? r.v.map(cast.asNumber) : [cast.asNumber(r)];
    const equal = (a, b) => a === b || Math.abs(a - b) < 1e-12;
    return all(lhs).some(a => all(rhs).some(b => equal(a, b) === (op === EQ)));
  });
}

// ---- functions
const num = v => ({ t: 'num', v }), str = v => ({ t: 'str', v }), bool = v => ({ t: 'bool', v });
const every = (args, f) => args.flatMap(a => a.t === 'arr' ? a.v.map(f) : [f(a)]);

// roundDecimal rounds the decimal text of a number, halves towards positive infinity (R5).
function roundDecimal(v, places) {
  if (!isFinite(v) || v === 0) return v;
  const [whole, part = ''] = plainNumber(Math.abs(v)).split('.');
  const sign = v < 0 ? -1n : 1n;
  const drop = part.length - places;
  if (drop <= 0) return v;
  if (drop > 400) return sign < 0 ? -0 : 0;
  const all = sign * BigInt(whole + part), unit = 10n ** BigInt(drop);
  const twice = 2n * all + unit, twin = 2n * unit;
  let q = twice / twin;
  if (twice % twin < 0n) q -= 1n;
  return v < 0 && q === 0n ? -0 : Number(`${q}e${-places}`);
}

function offset(ms) {
  const minutes = -new RealDate(ms).getTimezoneOffset(), a = Math.abs(minutes), two = n => String(n).padStart(2, '0');
  return (minutes < 0 ? '-' : '+') + two(Math.floor(a / 60)) + ':' + two(a % 60);
}

// local is the moment in the device's zone, as a form stores it.
function local(ms) {
  return new RealDate(ms - new RealDate(ms).getTimezoneOffset() * 60000).toISOString().replace('Z', offset(ms));
}

// moment is when a date, a text or a number of days is; NaN if it is none.
function moment(r) {
  if (r.t === 'bool') return NaN;
  const s = cast.asString(r).trim();
  const m = DATE.exec(s);
  if (m) return real(m) ? new RealDate(+m[1], m[2] - 1, +m[3]).getTime() : NaN;
  if (MOMENT.test(s)) return instant(s);
  const n = cast.asNumber(r);
  return Number.isInteger(n) ? new RealDate(1970, 0, 1 + n).getTime() : Math.round(n * DAY);
}

// dated is date(): whole days, as text; empty for what is none (R4, R7).
function dated(r) {
  if (r.t === 'bool') return str('');
  const s = cast.asString(r).trim();
  if (DATE.test(s) || MOMENT.test(s)) {
    const t = moment(r);
    return str(isNaN(t) ? '' : local(t).slice(0, 10));
  }
  const n = cast.asNumber(r);
  return str(isFinite(n) ? new RealDate(Math.floor(n) * DAY).toISOString().slice(0, 10) : '');
}

const yes = r => cast.asString(r) === 'yes' || cast.asNumber(r) > 0;
const characters = s => Array.from(s);

// slice is substr() by characters.
function slice(s, from, to) {
  const args = [from, to].filter(a => a !== undefined).map(a => cast.asNumber(a));
  return str(characters(cast.asString(s)).slice(...args).join(''));
}

// overrides says for each function which ruling it comes under, and what that is.
const overrides = {
  round: ['R5', (v, places) => num(roundDecimal(cast.asNumber(v), places ? Math.trunc(cast.asNumber(places)) : 0))],
  regex: ['R3', (s, p) => bool(new RegExp('^(?:' + cast.asString(p) + ')$', 'su').test(cast.asString(s)))],
  checklist: ['R6', (min, max, ...list) => within(min, max, every(list, yes).filter(v => v).length)],
  'weighted-checklist': ['R6', (min, max, ...list) => {
    let sum = 0;
    for (let i = 0; i < list.length; i += 2) {
      const v = every([list[i]], yes), w = every([list[i + 1]], cast.asNumber);
      v.forEach((is, k) => { if (is) sum += rules('pairs') ? w[k] : w[k] || 0; });
    }
    return within(min, max, sum);
  }],
  selected: ['R14', (list, v) => {
    const want = cast.asString(v).trim();
    return bool(want !== '' && cast.asString(list).split(' ').includes(want));
  }],
  date: ['R4', dated],
  today: ['R4', () => str(local(clock).slice(0, 10))],
  now: ['R4', () => str(local(clock))],
  'date-time': ['R4', r => { const t = moment(r); return str(isNaN(t) ? '' : local(t)); }],
  once: ['R10', function (v) {
    const own = cast.asString(this.cN);
    return str(own || (v.t === 'num' && !isFinite(v.v) ? '' : cast.asString(v)));
  }],
  sum: ['document-order', r => num(r.v.reduce((sum, n) => sum + cast.asNumber(n), 0))],
  position: ['steps', function (r) { return num(place(r ? r.v[0] : this.cN)); }],
  'string-length': ['characters', function (r) { return num(characters(cast.asString(r || this.cN)).length); }],
  substr: ['characters', slice],
  'normalize-space': ['blanks', function (r) { return str(cast.asString(r || this.cN).replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')); }],
  'boolean-from-string': ['true-or-1', r => bool(['true', '1'].includes(cast.asString(r)))],
};

// place is a node's among those of its name in what it stands in.
function place(n) {
  let at = 1;
  for (let e = n.previousElementSibling; e; e = e.previousElementSibling) at += e.tagName === n.tagName;
  return at;
}

function within(min, max, n) {
  min = cast.asNumber(min); max = cast.asNumber(max);
  return bool((min < 0 || n >= min) && (max < 0 || n <= max));
}

const extensions = load('openrosa-extensions');
require.cache[path.join(home, 'openrosa-extensions.js')].exports = function () {
  const ore = extensions();
  for (const [name, [ruling, other]] of Object.entries(overrides)) {
    const plain = ore.func[name];
    ore.func[name] = function (...args) {
      return ruled(ruling, () => plain.apply(this, args), () => other.apply(this, args));
    };
  }
  for (const name of ['format-date', 'format-date-time']) {
    const plain = ore.func[name];
    ore.func[name] = function (v, f) {
      const number = v.t !== 'bool' && NUMBER.test(cast.asString(v));
      return ruled(number ? 'days-in-answers' : 'R7', () => plain(v, f), () => {
        const t = moment(v);
        return isNaN(t) ? str('') : plain({ t: 'date', v: new Date(t) }, f);
      });
    };
  }
  const time = ore.func['decimal-time'];
  ore.func['decimal-time'] = r => ruled('Z', () => time(r), () => time(r.t === 'num' ? r : str(cast.asString(r).replace(/Z$/, '+00:00'))));
  const moments = ore.func['decimal-date-time'];
  ore.func['decimal-date-time'] = r => ruled('days-in-answers', () => moments(r),
    () => r.t !== 'bool' && NUMBER.test(cast.asString(r)) ? num(cast.asNumber(r)) : moments(r));
  for (const name of ['selected', 'selected-at', 'count-selected']) {
    const plain = ore.func[name];
    ore.func[name] = (list, ...args) => ruled('spaces', () => plain(list, ...args),
      () => plain(str(cast.asString(list).split(/[ \t\r\n]+/).filter(s => s).join(' ')), ...args));
  }
  const weighted = ore.func['weighted-checklist'];
  ore.func['weighted-checklist'] = (...args) => ruled('pairs', () => weighted(...args),
    () => weighted(...args.map(a => a.t === 'arr' ? str(cast.asString(a)) : a)));
  // The engine leaves this one to the DOM, whose own mistakes are not the engine's.
  ore.func.translate = (s, from, to) => {
    const a = characters(cast.asString(from)), b = characters(cast.asString(to));
    const changed = c => a.includes(c) ? b[a.indexOf(c)] || '' : c;
    return str(characters(cast.asString(s)).map(changed).join(''));
  };
  // single marks a reference to one question, for R2.
  ore.func.single = r => ({ ...r, single: true });
  const infix = ore.process.handleInfix;
  ore.process.handleInfix = (err, lhs, op, rhs) => rules('dates-are-text') && lhs.t && rhs.t
    ? noticed(infix, err, lhs, op, rhs) : infix(err, lhs, op, rhs);
  return ore;
};

// noticed leaves an operation to the general rules: dates are texts that convert.
function noticed(infix, err, lhs, op, rhs) {
  const isDate = r => r.t === 'date' || original.DATE_STRING.test(original.asString(r));
  if (isDate(lhs) || isDate(rhs)) met.add('dates-are-text');
  return undefined;
}

const names = ['R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R10', 'R12', 'R13', 'R14', 'dates-are-text', 'days-in-answers', 'characters', 'blanks',
  'true-or-1', 'sets-and-conditions', 'spaces', 'document-order', 'steps', 'Z', 'pairs'];
const evaluator = load('openrosa-xpath.js')();

const kinds = { n: XPathResult.NUMBER_TYPE, s: XPathResult.STRING_TYPE, b: XPathResult.BOOLEAN_TYPE };
let doc, root;

function answer(c, text, set) {
  rulings = set; met = new Set();
  const node = doc.evaluate(c.node, doc, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
  const r = evaluator.evaluate(text, node, null, kinds[c.kind]);
  switch (c.kind) {
    case 'n': return String(r.numberValue);
    case 's': return r.stringValue;
    default: return String(r.booleanValue);
  }
}

function judge(c) {
  const tried = text => {
    try {
      const plain = answer(c, text, new Set());
      const all = answer(c, text, new Set(names));
      return { plain, ruled: all, met: [...met] };
    } catch (e) { return { error: String(e.message || e).slice(0, 120) }; }
  };
  let out = tried(c.bracketed), text = c.bracketed;
  const bare = tried(c.text);
  out.quarrel = bare.ruled !== out.ruled;
  if (out.error !== undefined) return out;
  const under = out.plain === out.ruled ? [] : out.met.filter(name => {
    const rest = new Set(names); rest.delete(name);
    try { return answer(c, text, rest) !== out.ruled; } catch { return true; }
  });
  out.under = out.plain === out.ruled || under.length ? under : out.met;
  delete out.met;
  return out;
}

function build(parent, n) {
  const e = doc.createElement(n.n);
  parent.appendChild(e);
  if (n.t) e.appendChild(doc.createTextNode(n.t));
  for (const c of n.c || []) build(e, c);
}

readline.createInterface({ input: process.stdin }).on('line', line => {
  const m = JSON.parse(line);
  if (m.clock) { clock = RealDate.parse(m.clock); return; }
  if (m.root) {
    doc = window.document.implementation.createDocument(null, null, null);
    build(doc, m.root);
    return;
  }
  process.stdout.write(JSON.stringify(judge(m)) + '\n');
});
