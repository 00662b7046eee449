// Commands that make an object from flags: name, dry run, saving, sending and printing are the same for all of them.
import { objectAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import {
  dryRunFlag,
  dryRunOf,
  fieldManagerFlag,
  fieldValidationOf,
  saveConfigFlag,
  validateFlag,
  writeQuery,
} from '../../change-flags.ts';
import { resourcePath } from '../../client/url.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError } from '../../errors.ts';
import type { Flag } from '../../flags.ts';
import { lastAppliedAnnotation, withAnnotation } from '../../last-applied.ts';
import { formatJson } from '../../print/json.ts';
import { printFlags } from '../../print/printer.ts';
import { resultPrinter } from '../../result-printer.ts';

export interface Generator {
  readonly use: string;
  readonly short: string;
  readonly long?: string;
  readonly example?: string;
  readonly aliases?: readonly string[];
  readonly flags: readonly Flag[];
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly clusterScoped?: boolean;
  /** Stands before the server's refusal, e.g. `failed to create job: `; '' keeps the refusal as it is. */
  readonly failure: string | ((context: Context) => string);
  /** The object without its namespace. Throws CommandError for wrong flags. */
  readonly build: (context: Context, name: string) => JsonObject | Promise<JsonObject>;
}

export function generatorCommand(generator: Generator): Command {
  return {
    use: generator.use,
    short: generator.short,
    ...(generator.long ? { long: generator.long } : {}),
    ...(generator.example ? { example: generator.example } : {}),
    ...(generator.aliases ? { aliases: generator.aliases } : {}),
    flags: [
      ...printFlags(),
      saveConfigFlag,
      validateFlag,
      dryRunFlag,
      fieldManagerFlag('kubectl-create'),
      ...generator.flags,
    ],
    run: (context) => runGenerator(context, generator),
  };
}

async function runGenerator(context: Context, generator: Generator): Promise<void> {
  const name = nameArgument(context);
  const dryRun = dryRunOf(context);
  const fieldValidation = fieldValidationOf(context);
  const namespace = context.namespace();
  let object = await generator.build(context, name);
  if (!generator.clusterScoped && namespace.explicit) object = withNamespace(object, namespace.ns);
  if (context.flags.bool('save-config')) object = saveConfig(object);
  const print = resultPrinter(context, dryRun, { typed: true });
  if (dryRun !== 'client') {
    const ns = generator.clusterScoped ? undefined : namespace.ns;
    object = await context
      .client()
      .object({
        method: 'POST',
        path: resourcePath(generator.resource, { ns }),
        query: writeQuery({ dryRun, fieldManager: context.flags.string('field-manager'), fieldValidation }),
        body: object,
        about: { group: generator.resource.group, resource: generator.resource.resource, name },
      })
      .catch((error: unknown) => {
        const prefix = typeof generator.failure === 'string' ? generator.failure : generator.failure(context);
        throw prefix === '' ? error : new CommandError(`${prefix}${asError(error).message}`);
      });
  }
  print(object, 'created');
}

/** The one name before `--`. */
export function nameArgument(context: Context): string {
  const count = context.argsBeforeDash === -1 ? context.args.length : context.argsBeforeDash;
  const [name] = context.args;
  if (count !== 1 || name === undefined) throw context.usageError(`exactly one NAME is required, got ${count}`);
  return name;
}

/** `name`, then `namespace`, then the rest, as the API's structs have them. */
function withNamespace(object: JsonObject, namespace: string): JsonObject {
  const { name = '', ...rest } = objectAt(object, 'metadata') ?? {};
  return { ...object, metadata: { name, namespace, ...rest } };
}

/** What is saved keeps the order of the API's structs. */
function saveConfig(object: JsonObject): JsonObject {
  return withAnnotation(object, lastAppliedAnnotation, `${formatJson(object, { indent: '' })}\n`);
}
