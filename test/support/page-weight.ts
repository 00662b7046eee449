// What the browser loads of a built page, and what it weighs on the wire.
import { gzipSync } from 'node:zlib';
import type { Files } from './chromium.ts';

/** Scripts that come before the page's frame is there. */
export function firstVisit(files: Files): readonly string[] {
  return [...textOf(files, '/index.html').matchAll(/(?:src|href)="\.(\/[^"]+\.js)"/g)].map(([, path = '']) => path);
}

/** The scripts that a pattern names and all that they import at once. */
export function withImports(files: Files, pattern: RegExp): readonly string[] {
  const found = new Set(namesLike(files, pattern));
  for (const name of found)
    for (const [, path = ''] of textOf(files, name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      found.add(`/assets/${path}`);
  return [...found];
}

export function namesLike(files: Files, pattern: RegExp): readonly string[] {
  return [...files.keys()].filter((name) => pattern.test(name));
}

/** Bytes as a server sends them, compressed once. */
export function gzippedBytes(files: Files, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + gzipSync(textOf(files, name), { level: 9 }).length, 0);
}

function textOf(files: Files, name: string): string {
  const file = files.get(name);
  return typeof file === 'string' ? file : new TextDecoder().decode(file);
}
