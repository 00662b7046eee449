// What docker's subcommands share: their description, the command line that they are given, the daemon.
import { DockerError, type DockerImage, type DockerPort } from '../../api/docker.ts';
import type { Process } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import type { OptionSpec, Options } from '../text/long-options.ts';

export interface DockerCommand {
  readonly name: string;
  /** Other names: `docker image ls` for `images`. */
  readonly aliases?: readonly string[];
  /** Operands as the usage shows them, e.g. `SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]`. */
  readonly operands: string;
  readonly about: string;
  readonly min: number;
  /** Default: any number. */
  readonly max?: number;
  readonly options: readonly OptionSpec[];
  /** Options that docker has here and the simulator has not: said by name, not taken for a mistake of the learner's. */
  readonly notSimulated?: readonly string[];
  /** What follows the first operand belongs to the container. */
  readonly operandsEnd?: boolean;
  run(call: DockerCall): Promise<number>;
}

export interface DockerCall {
  readonly process: Process;
  readonly docker: DockerPort;
  readonly options: Options;
  out(text: string): Promise<void>;
  error(text: string): Promise<void>;
}

/** Ends a command with a message of the client's own. */
export class DockerCommandError extends Error {
  override name = 'DockerCommandError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export const option = {
  flag: (name: string, about: string, short?: string): OptionSpec => ({
    name,
    about,
    kind: 'switch',
    ...(short ? { short } : {}),
  }),
  text: (name: string, about: string, short?: string): OptionSpec => ({
    name,
    about,
    kind: 'text',
    ...(short ? { short } : {}),
  }),
  list: (name: string, about: string, short?: string): OptionSpec => ({
    name,
    about,
    kind: 'list',
    ...(short ? { short } : {}),
  }),
};

/** Does the same for each operand; what one of them fails with does not keep the others from it. */
export async function forEachOperand(call: DockerCall, act: (name: string) => Promise<void>): Promise<number> {
  let status = 0;
  for (const name of call.options.operands) {
    try {
      await act(name);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      await call.error(`Error response from daemon: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
}

/** `NAME=value` pairs as `--label` has them. */
export function labelsOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => [pair.split('=')[0] ?? '', pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : '']),
  );
}

/** Whether something passes filters: `name=web`, `label=tier=db`. */
export function passesFilters(
  filters: readonly string[],
  fields: Readonly<Record<string, (value: string) => boolean>>,
): boolean {
  return filters.every((filter) => {
    const at = filter.indexOf('=');
    const [key, value] = at < 0 ? [filter, ''] : [filter.slice(0, at), filter.slice(at + 1)];
    const test = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!test) throw new DockerError(`invalid filter '${key}'`);
    return test(value);
  });
}

/** Asks before something is taken away; without a terminal, nobody can say yes. */
export async function confirmed(call: DockerCall, warning: string): Promise<boolean> {
  if (call.options.has('force')) return true;
  await call.out(`${warning}\nAre you sure you want to continue? [y/N] `);
  const bytes = await call.process.stdin.read();
  return bytes !== undefined && /^y(es)?\s*$/i.test(decodeUtf8(bytes));
}

/** Twelve digits of an id. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** `REPOSITORY` and `TAG` of each name of an image. */
export function namesOf(image: DockerImage): readonly { readonly repository: string; readonly tag: string }[] {
  if (image.tags.length === 0) return [{ repository: '<none>', tag: '<none>' }];
  return image.tags.map((name) => {
    const at = name.lastIndexOf(':');
    return { repository: name.slice(0, at), tag: name.slice(at + 1) };
  });
}

/** Columns as docker aligns them: three spaces between, at least the width of the title. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd((widths[at] ?? 0) + 3))).join('')}\n`,
    )
    .join('');
}
