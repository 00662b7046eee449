// Executes the learner's JavaScript: QuickJS as WebAssembly, loaded when a script is first run, while virtual time waits.
// It counts what it does and not how long that takes, so the same script does the same everywhere.
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { JsonValue } from '../base/json.ts';
import {
  type LoadScriptEngine,
  type ScriptEngine,
  ScriptError,
  type ScriptWorld,
} from '../shell/node/script-engine.ts';
import type { Driver } from './driver.ts';

const memoryBytesMax = 64 * 1024 * 1024;
const stackBytesMax = 512 * 1024;
/** QuickJS asks every ten thousand operations whether to go on: so many times for one event. */
const asksMax = 5000;

let loaded: QuickJSWASMModule | undefined;

export function scriptEngines(driver: Driver): LoadScriptEngine {
  return async (world) => {
    loaded ??= await driver.loadCode(loadScriptEngine);
    return new QuickEngine(loaded, world);
  };
}

export async function loadScriptEngine(): Promise<QuickJSWASMModule> {
  const [{ newQuickJSWASMModuleFromVariant }, variant] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ]);
  return newQuickJSWASMModuleFromVariant(variant.default);
}

class QuickEngine implements ScriptEngine {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private asks = 0;

  constructor(module: QuickJSWASMModule, world: ScriptWorld) {
    this.runtime = module.newRuntime();
    this.runtime.setMemoryLimit(memoryBytesMax);
    this.runtime.setMaxStackSize(stackBytesMax);
    this.runtime.setInterruptHandler(() => ++this.asks > asksMax);
    this.runtime.setModuleLoader(
      (name) => world.source(name),
      (from, name) => world.resolve(from, name),
    );
    this.context = this.runtime.newContext();
    this.offer('host', ([name, ...args]) => {
      const values = args.map((arg): JsonValue => this.context.dump(arg));
      const answer = world.call(name === undefined ? '' : this.context.getString(name), values);
      return answer === undefined ? this.context.undefined : this.made(answer);
    });
    this.offer('compile', (texts) => {
      const [code = '', file = ''] = texts.map((text) => this.context.getString(text));
      return this.context.unwrapResult(this.context.evalCode(code, file));
    });
  }

  run(code: string, file: string): void {
    this.enter(() => this.context.evalCode(code, file));
  }

  runModule(code: string, file: string): void {
    this.enter(() => this.context.evalCode(code, file, { type: 'module' }));
  }

  deliver(event: JsonValue): void {
    this.enter(() => this.context.evalCode(`deliver(${JSON.stringify(event)})`, 'node:internal'));
  }

  close(): void {
    this.context.dispose();
    this.runtime.dispose();
  }

  private offer(name: string, run: (args: readonly QuickJSHandle[]) => QuickJSHandle): void {
    const { context } = this;
    const made = context.newFunction(name, (...args) => {
      try {
        return run(args);
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        return { error: context.newError({ name: 'Error', message: error.message.replace(/^Error: /, '') }) };
      }
    });
    made.consume((handle) => context.setProp(context.global, name, handle));
  }

  /** A value inside of the engine. */
  private made(value: JsonValue): QuickJSHandle {
    if (typeof value === 'string') return this.context.newString(value);
    if (typeof value === 'number') return this.context.newNumber(value);
    return this.context.unwrapResult(this.context.evalCode(`(${JSON.stringify(value)})`));
  }

  private enter(run: () => ReturnType<QuickJSContext['evalCode']>): void {
    this.asks = 0;
    const result = run();
    if (result.error) throw this.errorOf(result.error);
    result.value.dispose();
    const jobs = this.runtime.executePendingJobs();
    if (jobs.error) throw this.errorOf(jobs.error);
  }

  private errorOf(handle: QuickJSHandle): ScriptError {
    const thrown: unknown = handle.consume((error) => this.context.dump(error));
    if (typeof thrown !== 'object' || thrown === null) return new ScriptError(String(thrown), '');
    const { name = 'Error', message = '', stack = '' }: { name?: unknown; message?: unknown; stack?: unknown } = thrown;
    if (this.asks > asksMax)
      return new ScriptError('RangeError: the simulator stops a script that works so long without waiting', '');
    return new ScriptError(`${String(name)}: ${String(message)}`, String(stack).trimEnd());
  }
}
