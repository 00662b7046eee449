// Prints what a command did to an object: `deployment.apps/web created`, or the object itself with `-o`.
import type { JsonObject } from '../base/json.ts';
import type { DryRun } from './change-flags.ts';
import type { Context } from './context.ts';
import { namePrinter, objectPrinter } from './print/printer.ts';

/** `operation` is the word for what was done: `created`, `patched`. Prints one object a call. */
export function resultPrinter(
  context: Context,
  dryRun: DryRun,
  options: { readonly typed?: boolean } = {},
): (object: JsonObject, operation: string) => void {
  const suffix = dryRunSuffix(dryRun);
  const plain =
    !context.flags.has('output') || (context.flags.string('output') === '' && !context.flags.string('template'));
  const printer = plain ? undefined : objectPrinter(context, options);
  return (object, operation) => {
    context.out((printer ?? namePrinter(`${operation}${suffix}`)).print(object));
  };
}

/** What messages end with when nothing was stored. */
export function dryRunSuffix(dryRun: DryRun): string {
  if (dryRun === 'none') return '';
  return dryRun === 'client' ? ' (dry run)' : ' (server dry run)';
}
