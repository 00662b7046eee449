// What cp's arguments name: `namespace/pod:path`, `pod:path`, or a local path.
import { CommandError } from '../../errors.ts';

export interface Place {
  /** Empty: that of the call. */
  readonly ns: string;
  /** Empty: the local machine. */
  readonly pod: string;
  readonly path: string;
}

export function parseSpec(text: string): Place {
  const wrong = 'filespec must match the canonical format: [[namespace/]pod:]file/path';
  const colon = text.indexOf(':');
  if (colon === 0) throw new CommandError(wrong);
  if (colon < 0) return { ns: '', pod: '', path: withoutEndSlash(text) };
  const pieces = text.slice(0, colon).split('/');
  const path = withoutEndSlash(text.slice(colon + 1).replaceAll('\\', '/'));
  const [first = '', second] = pieces;
  if (pieces.length === 1) return { ns: '', pod: first, path };
  if (pieces.length === 2) return { ns: first, pod: second ?? '', path };
  throw new CommandError(wrong);
}

export function withoutEndSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Everything before the last slash; `/` stays, and a bare name is in `.`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : cleanPath(path.slice(0, slash));
}

export function joinPaths(left: string, right: string): string {
  return cleanPath(`${left}/${right}`);
}

/** Go's path.Clean: no doubled slashes, no `.`, `..` taken back where that is possible. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  return `${rooted ? '/' : ''}${parts.join('/')}` || '.';
}

/** What all names in an archive of this path begin with. */
export function remotePrefix(path: string): string {
  let clean = cleanPath(path.replace(/^\/+/, ''));
  while (clean === '..' || clean.startsWith('../')) clean = clean.slice(3);
  return clean === '.' ? '' : clean;
}
