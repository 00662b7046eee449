// Describes any object that has no describer of its own (custom resources, leases, …): its fields with readable names.

import { goText } from '../../base/go/format.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import { type Describer, describer } from './describer.ts';
import type { DescriptionWriter } from './description-writer.ts';
import { writeHead } from './metadata.ts';

const shownAlready = new Set([
  '.metadata.managedFields',
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
]);

/** The describer of one kind. */
export function genericDescriber(group: string, kind: string): Describer {
  return describer({
    group,
    kind,
    write: (w, object) => {
      writeHead(w, object);
      writeFields(w, object, { level: 0, path: '' });
    },
  });
}

function writeFields(w: DescriptionWriter, object: JsonObject, at: { level: number; path: string }): void {
  for (const field of Object.keys(object).sort()) {
    const path = `${at.path}.${field}`;
    const value = object[field];
    if (shownAlready.has(path) || value === undefined) continue;
    const label = labelOf(field);
    const inner = { level: at.level + 1, path };
    if (isObject(value)) {
      w.line(at.level, `${label}:`);
      writeFields(w, value, inner);
    } else if (isList(value)) {
      w.line(at.level, `${label}:`);
      for (const item of value) {
        if (isObject(item)) writeFields(w, item, inner);
        else w.line(inner.level, goText(item));
      }
    } else w.field(at.level, label, goText(value));
  }
}

const acronyms = new Set(['API', 'URL', 'UID', 'GUID']);

/** `creationTimestamp` reads `Creation Timestamp`, `apiVersion` reads `API Version`. Names with other characters stay. */
export function labelOf(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const words = splitWords(field).filter((word) => word !== '_');
  return words.map(titleOf).join(' ');
}

function titleOf(word: string): string {
  const upper = word.toUpperCase();
  if (acronyms.has(upper)) return upper;
  if (word !== word.toLowerCase()) return word;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Splits camel case; runs of capitals (`clusterIPs`) stay with the capitalised word that follows. */
function splitWords(field: string): readonly string[] {
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}|[^\p{L}]+/gu) ?? [];
  const words: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const [part = '', next = ''] = [parts[i], parts[i + 1]];
    if (part.length >= 2 && /^[^\p{Ll}]+$/u.test(part) && /\p{L}/u.test(part) && /^\p{Lu}/u.test(next)) {
      words.push(part + next);
      i++;
    } else words.push(part);
  }
  return words;
}
