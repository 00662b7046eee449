// YAML text to JSON values by the rules of sigs.k8s.io/yaml (go-yaml v2), with its words for what does not parse.
import { parseAllDocuments } from 'yaml';
import type { JsonValue } from '../base/json.ts';

/** A document's value, or what is wrong with it (`yaml: line 3: …`). */
export interface YamlResult {
  readonly value: JsonValue | undefined;
  readonly problem?: string;
}

/** The first document of a text. */
export function parseYaml(text: string): YamlResult {
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false });
  const [first] = 'empty' in documents ? [] : documents;
  if (!first) return { value: undefined };
  const [error] = first.errors;
  if (error)
    return { value: undefined, problem: `yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}` };
  const value: JsonValue = first.toJS({ maxAliasCount: 100 }); // edge: the parser gives plain data
  return { value };
}
