// The seam between the program `node` and what executes JavaScript: an engine without clock, chance or input of its own.
import type { JsonValue } from '../../base/json.ts';

/** A script's own mistake: what it threw. */
export class ScriptError extends Error {
  override name = 'ScriptError';
  constructor(
    message: string,
    /** Lines `    at name (file:line)`. */
    readonly trace: string,
  ) {
    super(message);
  }
}

/** What scripts can ask of the machine that they run on; `undefined` is what a missing thing answers. */
export interface ScriptWorld {
  call(name: string, args: readonly JsonValue[]): JsonValue | undefined;
  /** A module's source, by the name that `resolve` gave it. */
  source(name: string): string;
  /** The whole name of what `from` imports as `name`. Throws {@link ScriptError}. */
  resolve(from: string, name: string): string;
}

/** One script's engine. Every method throws {@link ScriptError} for what the script throws. */
export interface ScriptEngine {
  run(code: string, file: string): void;
  runModule(code: string, file: string): void;
  /** Calls the global function `deliver`. */
  deliver(event: JsonValue): void;
  close(): void;
}

export type LoadScriptEngine = (world: ScriptWorld) => Promise<ScriptEngine>;
