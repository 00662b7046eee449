// A share link: how a world began and what was put into it, small enough for an address. Whoever opens one has it all
// happen again; what the text says is not trusted.
import { strFromU8, strToU8, Unzlib, zlibSync } from 'fflate';
import type { LoggedInput, SessionInput } from '../driver/session.ts';

export interface SharedWorld {
  readonly profile: string;
  readonly seed: number;
  readonly startsAt: number;
  readonly log: readonly LoggedInput[];
  /** The virtual instant at which it was shared. */
  readonly until: number;
}

/** Longer addresses get lost in chats and mails. */
const textMax = 32_000;
const bytesMax = 1_000_000;
const inputsMax = 5000;
const inputTextMax = 200_000;
/** Virtual time that opening a link has to go through. */
const spanMaxMs = 12 * 3_600_000;

/** Throws when it is too much for a link. */
export function encodeShare({ profile, seed, startsAt, log, until }: SharedWorld): string {
  const inputs = log.map(({ at, input }) => [at - startsAt, input]);
  const bytes = zlibSync(strToU8(JSON.stringify([1, profile, seed, startsAt, until - startsAt, inputs])), { level: 9 });
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  if (text.length > textMax) throw new Error('Too much has happened here for a link.');
  return text;
}

/** Throws in a sentence when the text is not what `encodeShare` makes. */
export function decodeShare(text: string): SharedWorld {
  if (text.length > textMax || !/^[\w-]+$/.test(text)) throw new Error('This link is damaged.');
  const value = parse(text);
  if (!Array.isArray(value) || value[0] !== 1) throw new Error('This link is of another version.');
  const [, profile, seed, startsAt, span, inputs]: readonly unknown[] = value;
  if (typeof profile !== 'string' || !isCount(seed, 2 ** 32) || !isCount(startsAt, 1e14) || !isCount(span, spanMaxMs))
    throw new Error('This link is damaged.');
  if (!Array.isArray(inputs) || inputs.length > inputsMax) throw new Error('This link holds too much.');
  let before = 0;
  const log = inputs.map((entry: unknown, sequence): LoggedInput => {
    const [after, input]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (!isCount(after, span) || after < before || !isInput(input)) throw new Error('This link is damaged.');
    before = after;
    return { at: startsAt + after, sequence, input };
  });
  return { profile, seed, startsAt, log, until: startsAt + span };
}

function parse(text: string): unknown {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const inflate = new Unzlib((piece) => {
    size += piece.length;
    if (size > bytesMax) throw new Error('This link holds too much.');
    pieces.push(piece);
  });
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    inflate.push(
      Uint8Array.from(packed, (one) => one.charCodeAt(0)),
      true,
    );
    return JSON.parse(pieces.map((piece) => strFromU8(piece)).join(''));
  } catch (error) {
    throw error instanceof Error && /too much/.test(error.message) ? error : new Error('This link is damaged.');
  }
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= max;
}

const slowMaxMs = 3_600_000;

/** What a person does at the page; writes of other clients are no part of a link. */
function isInput(value: unknown): value is SessionInput {
  if (typeof value !== 'object' || value === null) return false;
  const input = new Map<string, unknown>(Object.entries(value));
  const isText = (name: string): boolean => {
    const text = input.get(name);
    return typeof text === 'string' && text.length <= inputTextMax;
  };
  const terminal = input.get('terminal');
  if (terminal !== undefined && !isCount(terminal, 15)) return false;
  switch (input.get('kind')) {
    case 'line':
    case 'keys':
      return isText('text');
    case 'interrupt':
    case 'hangup':
      return true;
    case 'resize':
      return isCount(input.get('columns'), 1000) && isCount(input.get('rows'), 1000);
    case 'save':
      return isText('path') && isText('text');
    case 'close':
      return isText('path');
    case 'request':
      return isRequest(input.get('request'));
    case 'power':
      return isText('node') && typeof input.get('on') === 'boolean';
    case 'partition':
      return isText('node') && typeof input.get('cut') === 'boolean';
    case 'component':
      return isText('node') && isText('component') && typeof input.get('running') === 'boolean';
    case 'slow':
      return isText('node') && isCount(input.get('delayMs'), slowMaxMs);
    default:
      return false;
  }
}

/** The editor's writes: a path of the API and a JSON body, or none. */
function isRequest(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const request = new Map<string, unknown>(Object.entries(value));
  const { method, path, headers, body } = Object.fromEntries(request);
  const fine = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(String(method)) && typeof path === 'string';
  const names = typeof headers === 'object' && headers !== null ? Object.values(headers) : [];
  const bodied = body === undefined || (typeof body === 'object' && body !== null && 'kind' in body);
  return (
    fine && path.startsWith('/') && path.length < 10_000 && names.every((one) => typeof one === 'string') && bodied
  );
}
