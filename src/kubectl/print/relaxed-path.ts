// JSONPath as --sort-by and custom columns take it: braces and the leading dot may be left out.
import { CommandError } from '../errors.ts';

/** `metadata.name`, `.metadata.name`, `{metadata.name}` → `{.metadata.name}` */
export function relaxedPath(written: string): string {
  if (written === '') return '';
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(written);
  if (!match)
    throw new CommandError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  return `{.${match[1] ?? match[2] ?? ''}}`;
}
