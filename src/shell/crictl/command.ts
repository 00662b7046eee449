// What crictl's subcommands share: what they see, how they find containers by the beginning of an id, their tables.

import type { MachinesPort, RuntimeContainer, RuntimeSandbox, RuntimeView } from '../../api/machines.ts';
import type { Process } from '../../api/program.ts';
import { humanAge } from '../../base/human-age.ts';
import type { JsonObject } from '../../base/json.ts';
import { alignTabs } from '../../base/tab-writer.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import type { OptionSpec, Options } from '../text/long-options.ts';

export class CrictlError extends Error {
  override name = 'CrictlError';
}

export interface CrictlCall {
  readonly process: Process;
  readonly port: MachinesPort;
  /** The machine. */
  readonly node: string;
  /** What there was when the command began. */
  readonly view: RuntimeView;
  /** What there is now. */
  look(): Promise<RuntimeView>;
  readonly options: Options;
  readonly operands: readonly string[];
  /** A line for `--debug`. */
  debug(text: string): Promise<void>;
}

export interface CrictlCommand {
  readonly names: readonly string[];
  readonly about: string;
  readonly options: readonly OptionSpec[];
  /** What follows the first operand is none of ours: `exec ID CMD …`. */
  readonly operandsEnd?: boolean;
  /** Asks the image service too. */
  readonly needsImages?: boolean;
  run(call: CrictlCall): Promise<number>;
}

const shortId = 13;

export function short(id: string): string {
  return id.slice(0, shortId);
}

/** Rows as crictl lays them out: columns of twenty at least, three apart. */
export async function printTable(call: CrictlCall, rows: readonly (readonly string[])[]): Promise<void> {
  const text = rows.map((row) => `${row.join('\t')}\n`).join('');
  await call.process.stdout.write(alignTabs(text, { minWidth: 20, padding: 3 }));
}

export function operandsOf(call: CrictlCall, what = 'ID cannot be empty'): readonly string[] {
  if (call.operands.length === 0) throw fatal(call, what);
  return call.operands;
}

export function fatal({ process }: Pick<CrictlCall, 'process'>, message: string): CrictlError {
  return new CrictlError(logLine(process, 'fatal', message));
}

/** A line of the log as logrus writes it. */
export function logLine(process: Process, level: 'fatal' | 'debug', message: string): string {
  const at = `${new Date(process.clock.now()).toISOString().slice(0, 19)}Z`;
  return `time="${at}" level=${level} msg=${JSON.stringify(message)}`;
}

export const outputOption: OptionSpec = {
  name: 'output',
  short: 'o',
  kind: 'text',
  about: 'Output format: json|yaml|table',
};

/** Prints a document when `-o json` or `-o yaml` wants that; `otherwise` is what is meant without the option. */
export async function printedAsDocument(
  call: CrictlCall,
  document: () => JsonObject,
  otherwise: 'json' | 'table' = 'table',
): Promise<boolean> {
  const form = call.options.text('output') || otherwise;
  if (form === 'table' && otherwise === 'table') return false;
  if (form !== 'json' && form !== 'yaml') throw fatal(call, `unsupported output format: ${form}`);
  const whole = document();
  await call.process.stdout.write(form === 'json' ? `${JSON.stringify(whole, null, 2)}\n` : emitYaml(whole));
  return true;
}

/** A number of seconds or of lines. */
export function countOf(call: CrictlCall, option: string, otherwise: number): number {
  const text = call.options.text(option);
  if (text === undefined) return otherwise;
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw fatal(call, `invalid value ${JSON.stringify(text)} for flag -${option}: parse error`);
}

/** Whether labels are as every `--label key=value` wants them. */
export function hasLabels(call: CrictlCall, labels: Readonly<Record<string, string>>): boolean {
  return call.options.list('label').every((pair) => {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (key === undefined) throw fatal(call, `incorrectly specified label: ${pair}`);
    return Object.hasOwn(labels, key) && labels[key] === value;
  });
}

export function containerOf(call: CrictlCall, id: string, doing: string): RuntimeContainer {
  return byId(call, call.view.containers, { id, doing, kind: `container "${id}"` });
}

export function sandboxOf(call: CrictlCall, id: string, doing: string): RuntimeSandbox {
  return byId(call, call.view.sandboxes, { id, doing, kind: 'sandbox' });
}

/** The one whose id begins so. */
function byId<T extends { readonly id: string }>(
  call: CrictlCall,
  all: readonly T[],
  { id, doing, kind }: { readonly id: string; readonly doing: string; readonly kind: string },
): T {
  const found = all.filter((each) => each.id.startsWith(id));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw fatal(
    call,
    `${doing}: rpc error: code = NotFound desc = an error occurred when try to find ${kind}: not found`,
  );
}

/** An image's id: what its digest name ends with. */
export function imageIdOf(digestName: string): string {
  return /sha256:([0-9a-f]+)/.exec(digestName)?.[1] ?? digestName;
}

/** `5 minutes ago`, as docker's units package words it. */
export function createdAgo(call: CrictlCall, at: number): string {
  return `${humanAge(call.process.clock.now() - at)} ago`;
}
