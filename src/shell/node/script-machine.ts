// What a script's engine asks of its machine, and the events that come back: timers, requests, signals.
//
//   script ── host('listen', …) ──▶ ScriptMachine ── listen ──▶ network
//          ◀── deliver({kind: 'request'}) ── queue ◀── a connection's request
import type { Connection } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import type { Process, Signal } from '../../api/program.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { FileError, type FileTree, normalizePath } from '../../base/files.ts';
import { fnv1a } from '../../base/hash.ts';
import { type ByteSocket, type HttpReply, httpListener, statusText } from '../../base/http.ts';
import { isObject, type JsonValue } from '../../base/json.ts';
import { HttpError, headerOf, parseUrl, sendRequest } from '../http/http-client.ts';
import { coreSource } from './core-source.ts';
import { httpSource } from './http-source.ts';
import { isBuiltin, resolveModule } from './resolve-module.ts';
import { type ScriptEngine, ScriptError, type ScriptWorld } from './script-engine.ts';
import { Switch } from './switch.ts';

type Args = readonly JsonValue[];
const signals: readonly Signal[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'];
const eventSteps = 1000;
const idleMs = 3_600_000;

export class ScriptMachine implements ScriptWorld {
  exitCode: number | undefined;
  private readonly over: Switch;
  private readonly timers = new Map<number, Switch>();
  private readonly servers = new Map<number, () => void>();
  private readonly replies = new Map<number, (reply: HttpReply) => void>();
  private readonly queue: JsonValue[] = [];
  private wake: Switch | undefined;
  private waitingFor = 0;
  private lastRequest = 0;
  private written: Promise<void> = Promise.resolve();
  private argv: readonly string[] = [];

  constructor(
    private readonly process: Process,
    private readonly version: string,
  ) {
    this.over = new Switch(process.cancel);
  }

  /** Runs a script to its end: its exit, or nothing left to wait for. Throws what it throws. */
  async run(
    engine: ScriptEngine,
    script: { readonly main: string; readonly text: string; readonly args: readonly string[] },
  ): Promise<void> {
    const { main, text, args } = script;
    this.argv = ['/usr/local/bin/node', main, ...args];
    engine.run(`(() => {${coreSource}\n{${httpSource}\n}})()`, 'node:internal');
    const place = JSON.stringify(main);
    if (this.isModule(main)) engine.runModule(text, main);
    else {
      const names = 'exports, require, module, __filename, __dirname';
      const given = `{}, requireFrom(${place}), { exports: {} }, ${place}, ${JSON.stringify(folderOf(main))}`;
      engine.run(`(function (${names}) {${text.replace(/^#![^\n]*/, '')}\n})(${given})`, main);
    }
    while (this.exitCode === undefined && !this.over.cancelled) {
      const event = this.queue.shift();
      if (event !== undefined) {
        this.process.step(eventSteps);
        engine.deliver(event);
      } else if (this.timers.size + this.servers.size + this.waitingFor > 0) await this.sleep();
      else return;
    }
  }

  /** Closes what is open, and waits until all that was printed is written. */
  async end(): Promise<void> {
    this.over.cancel();
    for (const close of this.servers.values()) close();
    await this.written;
  }

  print(stream: 1 | 2, text: string): void {
    const { stdout, stderr } = this.process;
    this.written = this.written.then(() => (stream === 1 ? stdout : stderr).write(text));
  }

  resolveMain(name: string): string {
    return resolveModule(
      this.process.machine.files,
      `${this.process.cwd}/main`,
      /^[./]/.test(name) ? name : `./${name}`,
    );
  }

  resolve(from: string, name: string): string {
    if (isBuiltin(name)) return `node:${name.replace(/^node:/, '')}`;
    return resolveModule(this.process.machine.files, from, name);
  }

  source(name: string): string {
    if (!name.startsWith('node:')) return this.process.machine.files.readText(name);
    const plain = JSON.stringify(name.slice(5));
    return `const made = requireFrom('')(${plain}); export default made;
export const { createServer, readFileSync, writeFileSync, existsSync, join, resolve, dirname, basename, hostname, Router, json, EventEmitter, randomUUID, fileURLToPath, inspect, promisify } = made;`;
  }

  call(name: string, args: Args): JsonValue | undefined {
    const run = Object.hasOwn(this.calls, name) ? this.calls[name] : undefined;
    if (!run) throw new ScriptError(`the simulator's node has no ${name}`, '');
    return run(args);
  }

  private readonly calls: Readonly<Record<string, (args: Args) => JsonValue | undefined>> = {
    now: () => this.process.clock.now(),
    seed: () => fnv1a(`${this.process.machine.id}/${this.process.pid}`) | 0,
    facts: () => ({
      env: Object.fromEntries(this.process.env),
      argv: this.argv,
      pid: this.process.pid,
      cwd: this.process.cwd,
      hostname: this.process.machine.hostname,
      version: this.version,
      startedAt: this.process.clock.now(),
    }),
    statusTexts: () =>
      Object.fromEntries([...Array(400).keys()].map((i) => [100 + i, statusText(100 + i)]).filter(([, text]) => text)),
    print: ([stream, text]) => void this.print(stream === 2 ? 2 : 1, String(text)),
    exit: ([code]) => {
      this.exitCode ??= Number(code) & 0xff;
      return undefined;
    },
    signal: ([name]) => void this.handle(String(name)),
    timer: ([id, ms]) => void this.startTimer(Number(id), Number(ms)),
    clear: ([id]) => void this.timers.get(Number(id))?.cancel(),
    listen: ([server, port]) => void this.listen(Number(server), Number(port)),
    unlisten: ([server]) => void this.servers.get(Number(server))?.(),
    respond: ([id, status, message, headers, body]) =>
      void this.respond(Number(id), { status, message, headers, body }),
    fetch: ([id, url, method, headers, body]) =>
      void this.fetch(Number(id), { url: String(url), method: String(method), headers, body }),
    resolve: ([from, name]) => this.resolve(String(from), String(name)),
    read: ([path]) => this.files((files) => files.readText(String(path))),
    exists: ([path]) => this.process.machine.files.exists(String(path)),
    list: ([path]) => this.files((files) => [...files.list(String(path))]),
    mkdir: ([path]) => this.files((files) => files.makeDirectory(String(path), { parents: true })),
    remove: ([path]) => this.files((files) => files.remove(String(path))),
    write: ([path, text, appends]) =>
      this.files((files) => {
        const before = appends === true && files.exists(String(path)) ? files.readText(String(path)) : '';
        files.writeFile(String(path), before + String(text));
      }),
  };

  private files(ask: (files: FileTree) => unknown): JsonValue | undefined {
    try {
      return (ask(this.process.machine.files) ?? undefined) as JsonValue | undefined; // edge: what FileTree gives
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return { problem: error.message, code: error.code };
    }
  }

  private isModule(main: string): boolean {
    if (/\.mjs$/.test(main)) return true;
    const manifest = `${folderOf(main)}/package.json`;
    const { files } = this.process.machine;
    return !/\.cjs$/.test(main) && files.exists(manifest) && /"type"\s*:\s*"module"/.test(files.readText(manifest));
  }

  private post(event: JsonValue): void {
    this.queue.push(event);
    this.wake?.cancel();
  }

  /** Until something is posted. */
  private async sleep(): Promise<void> {
    const wake = new Switch(this.over);
    this.wake = wake;
    await this.process.clock.sleep(idleMs, wake).catch(() => {}); // woken
  }

  private handle(name: string): void {
    const signal = signals.find((each) => each === name);
    if (signal) this.process.onSignal(signal, () => this.post({ kind: 'signal', name: signal }));
  }

  private startTimer(id: number, ms: number): void {
    const stop = new Switch(this.over);
    this.timers.set(id, stop);
    const gone = (): void => {
      if (this.timers.get(id) === stop) this.timers.delete(id);
      this.wake?.cancel();
    };
    this.process.clock.sleep(ms, stop).then(() => {
      gone();
      this.post({ kind: 'timer', id });
    }, gone);
  }

  private async listen(server: number, asked: number): Promise<void> {
    this.waitingFor++;
    try {
      const listener = await this.process.network.listen(this.process.machine.id, asked, this.over);
      this.servers.set(server, () => {
        this.servers.delete(server);
        listener.close();
        this.wake?.cancel();
      });
      this.post({ kind: 'listening', server, port: listener.port });
      void this.accepts(server, listener);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.post({ kind: 'refused', server, port: asked });
    } finally {
      this.waitingFor--;
    }
  }

  private async accepts(server: number, listener: { accept(): Promise<Connection | undefined> }): Promise<void> {
    const speak = httpListener<ByteSocket>((request, reply) => {
      const id = ++this.lastRequest;
      this.replies.set(id, reply);
      const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
      const body = decodeUtf8(request.body);
      this.post({ kind: 'request', server, id, method: request.method, url: request.target, headers, body, ip: '' });
    });
    try {
      for (let next = await listener.accept(); next; next = await listener.accept()) speak.accept(socketOf(next));
    } catch {
      // the process is over
    }
  }

  private respond(
    id: number,
    answer: Readonly<Record<'status' | 'message' | 'headers' | 'body', JsonValue | undefined>>,
  ): void {
    const { status, message, headers, body } = answer;
    const named = isObject(headers) ? Object.entries(headers).map(([name, value]) => [name, String(value)]) : [];
    this.replies.get(id)?.({
      status: Number(status),
      ...(typeof message === 'string' ? { statusText: message } : {}),
      headers: Object.fromEntries(named),
      body: String(body),
    });
    this.replies.delete(id);
  }

  private async fetch(
    id: number,
    request: Readonly<{ url: string; method: string; headers: JsonValue | undefined; body: JsonValue | undefined }>,
  ): Promise<void> {
    this.waitingFor++;
    const { url, method, headers, body } = request;
    try {
      const target = parseUrl(url);
      if (!target || target.scheme === 'https') throw new ConnectionError(`the simulator's node does not reach ${url}`);
      const connection = await this.process.network.dial(this.process.machine.id, target, this.over);
      const named = isObject(headers)
        ? Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
        : [];
      const response = await sendRequest(connection, {
        method,
        path: target.path,
        headers: [['Host', `${target.host}:${target.port}`], ['Connection', 'close'], ...named],
        ...(typeof body === 'string' ? { body: encodeUtf8(body) } : {}),
      });
      let text = '';
      for await (const piece of response.body) text += decodeUtf8(piece);
      const type = headerOf(response, 'content-type') ?? '';
      this.post({ kind: 'fetched', id, status: response.status, headers: { 'content-type': type }, body: text });
    } catch (error) {
      if (!(error instanceof ConnectionError) && !(error instanceof HttpError)) throw error;
      this.post({ kind: 'fetched', id, problem: error.message });
    } finally {
      this.waitingFor--;
    }
  }
}

function folderOf(path: string): string {
  return normalizePath(`${path}/..`);
}

/** A connection that is read, as one that calls back. */
function socketOf(connection: Connection): ByteSocket {
  let onClose = (): void => {};
  return {
    send: (bytes) => void connection.write(bytes),
    close: () => connection.close(),
    onClose: (run) => {
      onClose = run;
    },
    onData: (run) => {
      const pump = async (): Promise<void> => {
        for (let bytes = await connection.read(); bytes; bytes = await connection.read()) run(bytes);
      };
      pump()
        .catch(() => {}) // the process is over
        .then(() => onClose());
    },
  };
}
