// Brace expansion: {a,b}, {1..5}, {01..10..2}, on words whose other parts stay whole.
import type { Word, WordPart } from '../syntax/ast.ts';

type Atom = string | Exclude<WordPart, { kind: 'text' }>;

const wordsMax = 100_000;

export function expandBraces(word: Word): readonly Word[] {
  if (!word.parts.some((part) => part.kind === 'text' && part.text.includes('{'))) return [word];
  const atoms = word.parts.flatMap((part): Atom[] => (part.kind === 'text' ? [...part.text] : [part]));
  return expand(atoms).map((expanded) => ({ parts: expanded.map(toPart) }));
}

function toPart(atom: Atom): WordPart {
  return typeof atom === 'string' ? { kind: 'text', text: atom } : atom;
}

function expand(atoms: readonly Atom[]): readonly (readonly Atom[])[] {
  for (let open = 0; open < atoms.length; open++) {
    if (atoms[open] !== '{') continue;
    const found = alternatives(atoms, open);
    if (!found) continue;
    const before = atoms.slice(0, open);
    const after = expand(atoms.slice(found.end + 1));
    const results: (readonly Atom[])[] = [];
    for (const choice of found.choices)
      for (const rest of after) {
        if (results.length >= wordsMax) return results;
        results.push([...before, ...choice, ...rest]);
      }
    return results;
  }
  return [atoms];
}

interface Found {
  readonly end: number;
  readonly choices: readonly (readonly Atom[])[];
}

function alternatives(atoms: readonly Atom[], open: number): Found | undefined {
  let depth = 0;
  const commas: number[] = [];
  for (let i = open + 1; i < atoms.length; i++) {
    if (atoms[i] === '{') depth++;
    else if (atoms[i] === ',' && depth === 0) commas.push(i);
    else if (atoms[i] === '}' && depth-- === 0) {
      if (commas.length === 0) return sequence(atoms.slice(open + 1, i), i);
      const edges = [open, ...commas, i];
      const choices = edges.slice(1).flatMap((edge, n) => expand(atoms.slice((edges[n] ?? 0) + 1, edge)));
      return { end: i, choices };
    }
  }
  return undefined;
}

function sequence(inner: readonly Atom[], end: number): Found | undefined {
  if (!inner.every((atom) => typeof atom === 'string')) return undefined;
  const text = inner.join('');
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (numbers) {
    const [, from = '', to = '', by] = numbers;
    const padded = [from, to].some((number) => /^-?0\d/.test(number));
    const width = padded ? Math.max(from.length, to.length) : 0;
    const show = (n: number) => (n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0'));
    return { end, choices: range(Number(from), Number(to), Number(by ?? 1)).map((n) => [...show(n)]) };
  }
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!letters) return undefined;
  const [, from = '', to = '', by] = letters;
  const codes = range(from.charCodeAt(0), to.charCodeAt(0), Number(by ?? 1));
  return { end, choices: codes.map((code) => [String.fromCharCode(code)]) };
}

function range(from: number, to: number, by: number): readonly number[] {
  const step = Math.max(1, Math.abs(by));
  const count = Math.min(wordsMax, Math.floor(Math.abs(to - from) / step) + 1);
  return Array.from({ length: count }, (_, i) => from + (to >= from ? i : -i) * step);
}
