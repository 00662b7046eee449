// What crictl's subcommands share: what they see, how they find containers by the beginning of an id, their tables.

import type { MachinesPort, RuntimeContainer, RuntimeSandbox, RuntimeView } from '../../api/machines.ts';
import type { Process } from '../../api/program.ts';
import { humanAge } from '../../base/human-age.ts';
import { alignTabs } from '../../base/tab-writer.ts';
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
}

export interface CrictlCommand {
  readonly names: readonly string[];
  readonly about: string;
  readonly options: readonly OptionSpec[];
  /** What follows the first operand is none of ours: `exec ID CMD …`. */
  readonly operandsEnd?: boolean;
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
  const at = `${new Date(process.clock.now()).toISOString().slice(0, 19)}Z`;
  return new CrictlError(`time="${at}" level=fatal msg=${JSON.stringify(message)}`);
}

export function containerOf(call: CrictlCall, id: string, doing: string): RuntimeContainer {
  const found = call.view.containers.filter((container) => container.id.startsWith(id));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw fatal(
    call,
    `${doing}: rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
  );
}

export function sandboxOf(call: CrictlCall, id: string, doing: string): RuntimeSandbox {
  const found = call.view.sandboxes.filter((sandbox) => sandbox.id.startsWith(id));
  const [only] = found;
  if (only && found.length === 1) return only;
  throw fatal(
    call,
    `${doing}: rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found`,
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
