// The output formats of `kubectl get`.
import type { Context } from '../../context.ts';
import { objectFormats } from '../../print/printer.ts';

export const getFormats = [...objectFormats, 'custom-columns', 'custom-columns-file', 'wide'] as const;

/** Whether the output is the table of columns. */
export function isHumanReadable(context: Context): boolean {
  const output = context.flags.string('output');
  return (output === '' && context.flags.string('template') === '') || output === 'wide';
}
