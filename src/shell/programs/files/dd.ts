// dd: copies blocks from one file to another and says how much.
import type { Reader } from '../../../api/program.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

const blockBytes = 512;
/** Somewhat more than a gigabyte a second. */
const bytesPerMs = 1_280_000;
const known = new Set(['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'seek', 'conv', 'status', 'iflag', 'oflag']);
/** What cannot show: everything is written whole, at once and to a disk without a cache. */
const idleFlags = new Set([
  'fullblock',
  'direct',
  'dsync',
  'sync',
  'nonblock',
  'noatime',
  'nocache',
  'fsync',
  'fdatasync',
]);
const conversions = new Set(['notrunc', ...idleFlags]);
const units: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

export const dd: ToolDefinition = {
  name: 'dd',
  raw: true,
  async run(tool) {
    const options = optionsOf(tool);
    const size = sizeOf(options.get('bs') ?? options.get('ibs') ?? String(blockBytes));
    const count = options.has('count') ? sizeOf(options.get('count') ?? '') : Number.POSITIVE_INFINITY;
    const began = tool.process.clock.now();
    const blocks = new Blocks(tool.open(options.get('if') ?? '-'), size);
    await blocks.skip(sizeOf(options.get('skip') ?? '0'));
    const outSize = sizeOf(options.get('bs') ?? options.get('obs') ?? String(blockBytes));
    const output = outputTo(tool, options, outSize);
    let whole = 0;
    let partial = 0;
    let bytes = 0;
    while (whole + partial < count) {
      const block = await blocks.next();
      if (!block) break;
      if (block.length === size) whole++;
      else partial++;
      bytes += block.length;
      await output.write(block);
    }
    output.finish();
    await tool.process.clock.sleep(bytes / bytesPerMs);
    if (options.get('status') !== 'none') {
      const seconds = (tool.process.clock.now() - began) / 1000;
      const gathers = !options.has('bs') && outSize !== size;
      const [wholeOut, partialOut] = gathers
        ? [Math.floor(bytes / outSize), bytes % outSize > 0 ? 1 : 0]
        : [whole, partial];
      const summary = options.get('status') === 'noxfer' ? '' : summaryOf(tool, bytes, seconds);
      await tool.process.stderr.write(
        `${whole}+${partial} records in\n${wholeOut}+${partialOut} records out\n${summary}`,
      );
    }
    return 0;
  },
};

function optionsOf(tool: Tool): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const word of tool.process.argv.slice(1)) {
    const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(word) ?? [];
    if (!known.has(name))
      throw new ToolError(tool.isGnu ? `unrecognized operand '${word}'` : `invalid argument '${word}'`);
    options.set(name, value);
  }
  for (const list of ['conv', 'iflag', 'oflag'] as const)
    for (const flag of (options.get(list) ?? '').split(',').filter(Boolean))
      if (!(list === 'conv' ? conversions : idleFlags).has(flag))
        throw new ToolError(`${list}=${flag} is not supported here`);
  return options;
}

function sizeOf(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([cwbkKMG]?)(?:i?B)?$/.exec(text) ?? [];
  if (amount === undefined) throw new ToolError(`invalid number '${text}'`);
  return Number(amount) * (units[unit] ?? 1);
}

interface Output {
  write(block: Uint8Array): Promise<void>;
  /** What the file held behind what was written stays with conv=notrunc. */
  finish(): void;
}

function outputTo(tool: Tool, options: ReadonlyMap<string, string>, blockSize: number): Output {
  const file = options.get('of');
  if (file === undefined) return { write: (block) => tool.bytes(block), finish: () => {} };
  const path = tool.path(file);
  const seek = sizeOf(options.get('seek') ?? '0') * blockSize;
  const keeps = options.get('conv')?.split(',').includes('notrunc') ?? false;
  const isThere = tool.files.exists(path);
  const old = isThere && (keeps || seek > 0) ? tool.files.readFile(path) : new Uint8Array();
  const before = new Uint8Array(seek);
  before.set(old.subarray(0, seek));
  tool.files.writeFile(path, before);
  let end = seek;
  return {
    async write(block) {
      tool.process.step(1 + (block.length >> 6));
      tool.files.writeFile(path, block, { append: true });
      end += block.length;
    },
    finish() {
      if (keeps && old.length > end) tool.files.writeFile(path, old.subarray(end), { append: true });
    },
  };
}

/** An input in blocks of one size; the last may be shorter. */
class Blocks {
  private rest: Uint8Array = new Uint8Array();

  constructor(
    private readonly reader: Reader,
    private readonly size: number,
  ) {}

  async next(): Promise<Uint8Array | undefined> {
    const pieces = [this.rest];
    let length = this.rest.length;
    while (length < this.size) {
      const chunk = await this.reader.read();
      if (!chunk) break;
      pieces.push(chunk);
      length += chunk.length;
    }
    const all = pieces.length === 1 ? this.rest : concatBytes(pieces);
    this.rest = all.subarray(this.size);
    return all.length > 0 ? all.subarray(0, this.size) : undefined;
  }

  async skip(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) if (!(await this.next())) return;
  }
}

function summaryOf(tool: Tool, bytes: number, seconds: number): string {
  const took = Math.max(seconds, 0.000001);
  const scaled = (amount: number, base: number, names: readonly string[]): string => {
    let power = 0;
    let left = amount;
    for (; left >= base && power < names.length - 1; power++) left /= base;
    const whole = power === 0 || (tool.isGnu && left >= 10);
    return `${whole ? Math.round(left) : left.toFixed(1)}${names[power]}`;
  };
  if (!tool.isGnu) {
    const shown = scaled(bytes, 1024, ['B', 'KB', 'MB', 'GB']);
    return `${bytes} bytes (${shown}) copied, ${took.toFixed(6)} seconds, ${scaled(bytes / took, 1024, ['B', 'KB', 'MB', 'GB'])}/s\n`;
  }
  const decimal = ['B', 'kB', 'MB', 'GB'].map((name) => ` ${name}`);
  const binary = ['B', 'KiB', 'MiB', 'GiB'].map((name) => ` ${name}`);
  const sizes =
    bytes < 1000 ? '' : ` (${scaled(bytes, 1000, decimal)}${bytes < 1024 ? '' : `, ${scaled(bytes, 1024, binary)}`})`;
  return `${bytes} bytes${sizes} copied, ${Number(took.toPrecision(6))} s, ${scaled(bytes / took, 1000, decimal)}/s\n`;
}
