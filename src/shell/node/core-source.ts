// What node gives to every script, in JavaScript: console, process, timers, require, and node's own modules but http.
// `host(name, …)` asks the machine; `compile(code, file)` makes a function of text.

export const coreSource = String.raw`
'use strict';
const { host, compile } = globalThis;
delete globalThis.host;
delete globalThis.compile;
const builtins = {};
const ownDate = Date;
globalThis.Date = class Date extends ownDate {
  constructor(...parts) { if (parts.length === 0) super(host('now')); else super(...parts); }
  static now() { return host('now'); }
};
let dice = host('seed') | 1;
Math.random = () => {
  dice ^= dice << 13; dice ^= dice >>> 17; dice ^= dice << 5;
  return (dice >>> 0) / 4294967296;
};

function show(value, depth = 0, seen = []) {
  if (typeof value === 'string') return depth === 0 ? value : "'" + value.replace(/'/g, "\\'") + "'";
  if (typeof value === 'function') return value.name ? '[Function: ' + value.name + ']' : '[Function (anonymous)]';
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Error) return value.stack ? value + '\n' + value.stack.trimEnd() : String(value);
  if (value instanceof ownDate) return value.toISOString();
  if (seen.includes(value)) return '[Circular *1]';
  if (depth > 2) return Array.isArray(value) ? '[Array]' : '[Object]';
  const inside = [...seen, value];
  const parts = Array.isArray(value)
    ? value.map((one) => show(one, depth + 1, inside))
    : Object.entries(value).map(([key, one]) => (/^[\w$]+$/.test(key) ? key : "'" + key + "'") + ': ' + show(one, depth + 1, inside));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  const line = open + ' ' + parts.join(', ') + ' ' + close;
  return line.length <= 72 ? line : open + '\n  ' + parts.join(',\n').replace(/\n/g, '\n  ') + '\n' + close;
}
function format(first, ...rest) {
  if (typeof first !== 'string' || !first.includes('%')) return [first, ...rest].map((one) => show(one)).join(' ');
  const text = first.replace(/%([sdifjoO%])/g, (whole, kind) => {
    if (kind === '%') return '%';
    if (rest.length === 0) return whole;
    const value = rest.shift();
    if (kind === 'd') return String(Number(value));
    if (kind === 'i') return String(Math.trunc(Number(value)));
    return kind === 'j' ? JSON.stringify(value) : show(value, kind === 's' ? 0 : 1);
  });
  return [text, ...rest.map((one) => show(one))].join(' ');
}
const print = (stream) => (...values) => void host('print', stream, format(...values) + '\n');
globalThis.console = { log: print(1), info: print(1), debug: print(1), error: print(2), warn: print(2), trace: print(2),
  dir: (value) => print(1)(value), table: (value) => print(1)(value) };

class EventEmitter {
  on(name, run) { (this.listenersByName ??= {}); (this.listenersByName[name] ??= []).push(run); return this; }
  once(name, run) { const one = (...args) => { this.off(name, one); run.apply(this, args); }; return this.on(name, one); }
  off(name, run) {
    const all = this.listenersByName?.[name];
    if (all) this.listenersByName[name] = all.filter((one) => one !== run);
    return this;
  }
  emit(name, ...args) {
    const all = this.listenersByName?.[name] ?? [];
    if (name === 'error' && all.length === 0) throw args[0];
    for (const run of [...all]) run.apply(this, args);
    return all.length > 0;
  }
  listenerCount(name) { return (this.listenersByName?.[name] ?? []).length; }
  removeAllListeners(name) { if (this.listenersByName) delete this.listenersByName[name]; return this; }
}
EventEmitter.prototype.addListener = EventEmitter.prototype.on;
EventEmitter.prototype.removeListener = EventEmitter.prototype.off;
EventEmitter.EventEmitter = EventEmitter;
builtins.events = EventEmitter;

const facts = host('facts');
const process = new EventEmitter();
Object.assign(process, {
  env: facts.env, argv: facts.argv, pid: facts.pid, platform: 'linux', arch: 'x64', version: facts.version,
  versions: { node: facts.version.slice(1) }, title: 'node', exitCode: undefined,
  cwd: () => facts.cwd, uptime: () => (host('now') - facts.startedAt) / 1000,
  hrtime: Object.assign(() => [Math.floor(host('now') / 1000), 0], { bigint: () => BigInt(host('now')) * 1000000n }),
  memoryUsage: () => ({ rss: 48000000, heapTotal: 7000000, heapUsed: 5000000, external: 1500000 }),
  exit: (code) => { host('exit', Number(code ?? process.exitCode ?? 0)); throw 'exit'; },
  nextTick: (run, ...args) => void Promise.resolve().then(() => run(...args)),
  stdout: { write: (text) => { host('print', 1, String(text)); return true; }, isTTY: false },
  stderr: { write: (text) => { host('print', 2, String(text)); return true; }, isTTY: false },
});
const addListener = process.on;
process.on = process.addListener = function (name, run) {
  if (/^SIG/.test(name)) host('signal', name);
  return addListener.call(this, name, run);
};
globalThis.process = process;
globalThis.global = globalThis;
builtins.process = process;

const timers = new Map();
let lastTimer = 0;
function setTimer(run, ms, args, every) {
  const id = ++lastTimer;
  const wait = Math.max(1, Number(ms) || 0);
  timers.set(id, { run, args, every: every ? wait : undefined });
  host('timer', id, wait);
  return { id, unref() { return this; }, ref() { return this; }, [Symbol.toPrimitive]: () => id };
}
const clear = (timer) => { const id = Number(timer?.id ?? timer); if (timers.delete(id)) host('clear', id); };
globalThis.setTimeout = (run, ms, ...args) => setTimer(run, ms, args, false);
globalThis.setInterval = (run, ms, ...args) => setTimer(run, ms, args, true);
globalThis.setImmediate = (run, ...args) => setTimer(run, 1, args, false);
globalThis.clearTimeout = globalThis.clearInterval = globalThis.clearImmediate = clear;
globalThis.queueMicrotask = (run) => void Promise.resolve().then(run);

const path = {
  sep: '/', delimiter: ':',
  normalize(text) {
    const parts = [];
    for (const part of text.split('/')) {
      if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
      else if (part === '..' && !text.startsWith('/')) parts.push(part);
      else if (part !== '' && part !== '.' && part !== '..') parts.push(part);
    }
    return (text.startsWith('/') ? '/' : '') + parts.join('/') || '.';
  },
  join: (...parts) => path.normalize(parts.filter(Boolean).join('/')),
  resolve: (...parts) => parts.reduce((at, part) => (part.startsWith('/') ? path.normalize(part) : path.join(at, part)), facts.cwd),
  dirname: (text) => text.replace(/\/?[^/]*\/*$/, '') || (text.startsWith('/') ? '/' : '.'),
  basename: (text, end = '') => { const name = text.replace(/\/+$/, '').split('/').pop(); return end && name.endsWith(end) ? name.slice(0, -end.length) : name; },
  extname: (text) => /[^/.](\.[^/.]*)$/.exec(text)?.[1] ?? '',
  isAbsolute: (text) => text.startsWith('/'),
};
builtins.path = path;
builtins.os = { hostname: () => facts.hostname, platform: () => 'linux', type: () => 'Linux', arch: () => 'x64', EOL: '\n',
  release: () => '6.8.0', cpus: () => [{ model: 'simulated', speed: 2000 }], totalmem: () => 4089446400, freemem: () => 2044723200,
  uptime: () => 3600, tmpdir: () => '/tmp', homedir: () => '/root', loadavg: () => [0, 0, 0], networkInterfaces: () => ({}) };
builtins.util = { format, inspect: (value) => show(value, 1), promisify: (run) => (...args) => new Promise((resolve, reject) =>
  run(...args, (error, value) => (error ? reject(error) : resolve(value)))) };
builtins.url = { URL: globalThis.URL, fileURLToPath: (url) => String(url).replace(/^file:\/\//, '') };
builtins.assert = Object.assign((value, message) => { if (!value) throw new Error(message ?? 'The expression evaluated to a falsy value'); }, {});
builtins.assert.ok = builtins.assert;
builtins.crypto = { randomUUID: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16)) };

function file(name, place, ...rest) {
  const result = host(name, path.resolve(String(place)), ...rest);
  if (typeof result !== 'object' || result === null || !('problem' in result)) return result;
  const error = new Error(result.code + ': ' + result.problem + ", open '" + place + "'");
  throw Object.assign(error, { code: result.code, path: place });
}
const fs = {
  readFileSync: (place) => file('read', place),
  writeFileSync: (place, text) => void file('write', place, String(text), false),
  appendFileSync: (place, text) => void file('write', place, String(text), true),
  existsSync: (place) => host('exists', path.resolve(String(place))),
  readdirSync: (place) => file('list', place),
  mkdirSync: (place) => void file('mkdir', place),
  unlinkSync: (place) => void file('remove', place),
};
fs.promises = Object.fromEntries(Object.entries(fs).map(([name, run]) => [name.replace(/Sync$/, ''), async (...args) => run(...args)]));
for (const [name, run] of Object.entries(fs))
  if (name.endsWith('Sync')) fs[name.slice(0, -4)] = (...args) => {
    const done = args.pop();
    fs.promises[name.slice(0, -4)](...args).then((value) => done(null, value), done);
  };
builtins.fs = fs;
builtins['fs/promises'] = fs.promises;

const modules = new Map();
function requireFrom(from) {
  const require = (name) => {
    const plain = name.replace(/^node:/, '');
    if (Object.hasOwn(builtins, plain)) {
      if (plain === 'express' && from !== '') host('resolve', from, name);
      return builtins[plain];
    }
    const place = host('resolve', from, name);
    const known = modules.get(place);
    if (known) return known.exports;
    const module = { exports: {}, filename: place, id: place, loaded: false };
    modules.set(place, module);
    const text = host('read', place);
    if (place.endsWith('.json')) module.exports = JSON.parse(text);
    else compile('(function (exports, require, module, __filename, __dirname) {' + text.replace(/^#![^\n]*/, '') + '\n})', place)
      .call(module.exports, module.exports, requireFrom(place), module, place, path.dirname(place));
    module.loaded = true;
    return module.exports;
  };
  require.main = undefined;
  return require;
}
globalThis.requireFrom = requireFrom;
globalThis.builtinNames = (name) => (Object.hasOwn(builtins, name) ? Object.keys(builtins[name]) : null);

const events = {
  timer({ id }) {
    const timer = timers.get(id);
    if (!timer) return;
    if (timer.every === undefined) timers.delete(id);
    else host('timer', id, timer.every);
    timer.run(...timer.args);
  },
  signal: ({ name }) => void process.emit(name, name),
};
globalThis.deliver = (event) => events[event.kind](event);
const whenTold = (kind, run) => { events[kind] = run; };
`;
