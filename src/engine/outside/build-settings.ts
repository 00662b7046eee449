// Instructions of a Dockerfile that change an image's settings and no files: ENV, CMD, EXPOSE and their like.
import type { BuildInstruction, DockerImageConfig, HealthCheck } from '../../api/docker.ts';
import type { Signal } from '../../api/program.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { BuildFailure } from './build-failure.ts';
import { defaultHealth } from './container-health.ts';

const signals: readonly Signal[] = [
  ...(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const),
];

/** What settings are changed of. */
export interface Settings {
  config: DockerImageConfig;
  readonly args: Map<string, string>;
}

/** `$NAME`, `${NAME}`, `${NAME:-otherwise}`. */
export function substitute(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\\\$|\$\{(\w+)(?::([-+])([^}]*))?\}|\$(\w+)/g, (whole, braced, operator, word, bare) => {
    if (whole === '\\$') return '$';
    const value = variables.get(braced ?? bare) ?? '';
    if (operator === '-') return value === '' ? word : value;
    if (operator === '+') return value === '' ? '' : word;
    return value;
  });
}

export function applySetting(
  stage: Settings,
  instruction: BuildInstruction,
  given: Readonly<Record<string, string>>,
  globals: ReadonlyMap<string, string>,
): void {
  const environment = new Map([...stage.args, ...stage.config.env.map(pairOf)]);
  const words = instruction.words.map((word) => substitute(word, environment));
  const { config } = stage;
  const command = instruction.isJson ? instruction.words : ['/bin/sh', '-c', instruction.text.replace(/^\S+\s+/, '')];
  switch (instruction.name) {
    case 'ENV': {
      const all = new Map([...config.env.map(pairOf), ...pairsOf(words)]);
      stage.config = { ...config, env: [...all].map(([name, value]) => `${name}=${value}`) };
      return;
    }
    case 'LABEL':
      stage.config = { ...config, labels: { ...config.labels, ...Object.fromEntries(pairsOf(words)) } };
      return;
    case 'ARG':
      for (const [name, value] of words.map(pairOf))
        stage.args.set(name, given[name] ?? (value || globals.get(name)) ?? '');
      return;
    case 'EXPOSE':
      stage.config = {
        ...config,
        ports: [...new Set([...config.ports, ...words.map((port) => (port.includes('/') ? port : `${port}/tcp`))])],
      };
      return;
    case 'USER':
      stage.config = { ...config, user: words[0] ?? '' };
      return;
    case 'CMD':
      stage.config = { ...config, command };
      return;
    case 'ENTRYPOINT':
      stage.config = { ...config, entrypoint: command, command: undefined };
      return;
    case 'VOLUME':
      stage.config = { ...config, volumes: [...new Set([...(config.volumes ?? []), ...words])] };
      return;
    case 'HEALTHCHECK':
      stage.config = { ...config, health: healthCheck(instruction) };
      return;
    case 'STOPSIGNAL':
      stage.config = { ...config, stopSignal: signalOf(words[0] ?? '', instruction.line) };
      return;
    default:
      throw new BuildFailure(instruction.line, `the simulator does not build with ${instruction.name}`);
  }
}

/** `NONE`, or `--interval=5s CMD curl …`. */
function healthCheck({ flags, text, line }: BuildInstruction): HealthCheck {
  const body = text.replace(/^HEALTHCHECK\s+(--\S+\s+)*/i, '');
  const duration = (name: string, otherwise: number): number => {
    const given = flags[name];
    const ms = given === undefined ? otherwise : readGoDuration(given);
    if (ms === undefined)
      throw new BuildFailure(line, `dockerfile parse error on line ${line}: time: invalid duration "${given}"`);
    return ms;
  };
  const command = body.replace(/^CMD\s+/i, '');
  return {
    test: /^NONE$/i.test(body)
      ? ['NONE']
      : command.startsWith('[')
        ? ['CMD', ...listOf(command)]
        : ['CMD-SHELL', command],
    intervalMs: duration('interval', defaultHealth.intervalMs),
    timeoutMs: duration('timeout', defaultHealth.timeoutMs),
    startPeriodMs: duration('start-period', defaultHealth.startPeriodMs),
    retries: Number(flags.retries ?? defaultHealth.retries),
  };
}

function listOf(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [text];
  } catch {
    return [text]; // no JSON: a program of that very name, as docker takes it
  }
}

/** By name, with SIG or without, or by number. */
function signalOf(word: string, line: number): Signal {
  const numbers: Readonly<Record<string, Signal>> = {
    1: 'SIGHUP',
    2: 'SIGINT',
    3: 'SIGQUIT',
    9: 'SIGKILL',
    15: 'SIGTERM',
  };
  const name = numbers[word] ?? (word.startsWith('SIG') ? word : `SIG${word}`);
  const found = signals.find((signal) => signal === name);
  if (!found) throw new BuildFailure(line, `the simulator does not know the signal ${word}`);
  return found;
}

function pairOf(word: string): readonly [name: string, value: string] {
  const at = word.indexOf('=');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}

/** `A=1 B=2`, or the old `A 1`. */
function pairsOf(words: readonly string[]): readonly (readonly [name: string, value: string])[] {
  const [first = ''] = words;
  return first.includes('=') ? words.map(pairOf) : [[first, words.slice(1).join(' ')]];
}
