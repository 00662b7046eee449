// No program takes an option and forgets it: what is declared is read somewhere, or is said to be idle.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const source = new URL('../src/', import.meta.url).pathname;

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(folder, name));
}

const texts = new Map([...filesBelow('kubectl'), ...filesBelow('shell')].map((name) => [name, readText(name)]));

function readText(name: string): string {
  return readFileSync(join(source, name), 'utf8');
}

/** A file and all that it imports of its own program. */
function closure(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file) || !texts.has(file)) return seen;
  seen.add(file);
  for (const [, path = ''] of (texts.get(file) ?? '').matchAll(/(?:from|import\() ?'(\.[^']+)'/g))
    closure(normalize(join(dirname(file), path)), seen);
  return seen;
}

/** How these are read by parts of their names cannot be seen. */
const byParts = /^(docker|bound-object|remove-extra|helm|health)-/;
const isIdle = (declaration: string) => /\bidle\b/.test(declaration);
const quoted = (name: string) => `'${name}'`;

test('every flag that a command of kubectl declares is read by it', () => {
  const forgotten: string[] = [];
  for (const file of texts.keys()) {
    if (!file.startsWith('kubectl/commands/') && file !== 'kubectl/global-flags.ts') continue;
    const own = texts.get(file) ?? '';
    const near = file === 'kubectl/global-flags.ts' ? [...texts.keys()] : [...closure(file)];
    const readers = near.map((name) => (texts.get(name) ?? '').replace(/\bflag\.\w+\(\s*'[^']+'/g, '')).join('\n');
    for (const found of own.matchAll(/\bflag\.\w+\(\s*'([^']+)'[^;]*?\n? *\}?\),?\n/g)) {
      const [declaration, name = ''] = found;
      if (isIdle(declaration) || byParts.test(name) || readers.includes(quoted(name))) continue;
      forgotten.push(`${file}: --${name}`);
    }
  }
  expect(forgotten).toEqual([]);
});

test('every option that a small program declares is read in its file, idle or refused', () => {
  const forgotten: string[] = [];
  for (const [file, text] of texts) {
    if (!file.startsWith('shell/programs/')) continue;
    const helpers = [...closure(file)].filter((name) => dirname(name) === dirname(file)).map((name) => texts.get(name));
    const tables = /\b(short|name):\s*'[^']*'|\blong: \{[^}]*\}/g;
    const readers = helpers.join('\n').replace(tables, '');
    const spread = [...readers.matchAll(/\[\.\.\.'([^']+)'/g)].map(([, letters]) => letters).join('');
    for (const [, letters = ''] of text.matchAll(/\bshort:\s*'\+?([^']*)'/g))
      for (const letter of letters.replace(/[:?]/g, ''))
        if (!readers.includes(quoted(letter)) && !spread.includes(letter) && !readers.includes(` ${letter}: `))
          forgotten.push(`${file}: -${letter}`);
    for (const [, table = ''] of text.matchAll(/\blong: \{([^}]*)\}/g))
      for (const [, target = ''] of table.matchAll(/: '([^':?]+)[:?]?'/g))
        if (target.length > 1 && !readers.includes(quoted(target)) && !readers.includes(`${target}: `))
          forgotten.push(`${file}: --${target}`);
  }
  expect(forgotten).toEqual([]);
});

test('every option in the tables of other programs is read beside its table, or idle', () => {
  const forgotten: string[] = [];
  for (const [file, text] of texts) {
    if (!/^shell\/(minikube|docker|crictl|kubeadm|services|openssl)\//.test(file)) continue;
    const folder = [...texts].filter(([name]) => name.startsWith(`${file.split('/').slice(0, 2).join('/')}/`));
    const tables = /\bname: '[^']+'|\boption\.\w+\(\s*'[^']+'/g;
    const readers = folder.map(([, other]) => other.replace(tables, '')).join('\n');
    const declared = /\{[^{}]*\bname: '([^']+)'[^{}]*\bkind: '[^{}]*\}|(?:\.\.\.)?option\.\w+\(\s*'([^']+)'[^\n]*/g;
    for (const [declaration, one, other] of text.matchAll(declared)) {
      const name = one ?? other ?? '';
      if (isIdle(declaration) || byParts.test(name) || readers.includes(quoted(name))) continue;
      forgotten.push(`${file}: --${name}`);
    }
  }
  expect(forgotten).toEqual([]);
});
