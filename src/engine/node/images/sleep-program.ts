// `sleep` as a container's first process, inside the engine: thousands of pods do nothing else.
import type { NativeContext, NativeProcess } from './define-image.ts';

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds that `sleep ARG…` takes; undefined when the arguments are none of its. */
export function sleepMsOf(args: readonly string[]): number | undefined {
  let ms = 0;
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?|inf(?:inity)?)([smhd]?)$/.exec(arg);
    if (!match) return undefined;
    const [, amount = '', unit = ''] = match;
    ms += amount.startsWith('inf') ? Number.POSITIVE_INFINITY : Number(amount) * (units[unit] ?? 1) * 1000;
  }
  return args.length > 0 ? ms : undefined;
}

/** As PID 1 it has no handler for SIGTERM, so only SIGKILL ends it before its time. */
export function sleepProgram(context: NativeContext): NativeProcess {
  const ms = sleepMsOf(context.argv.slice(1)) ?? 0;
  if (Number.isFinite(ms)) context.scope.schedule(ms, () => context.exit(0));
  return { signal() {} };
}
