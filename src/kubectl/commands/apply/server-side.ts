// Applies one object with server-side apply.

import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError, isConflict, StatusError } from '../../errors.ts';
import { lastAppliedAnnotation } from '../../last-applied.ts';
import type { Info } from '../../resource/info.ts';
import { patchInfo } from '../../write-object.ts';
import type { ApplyOptions } from './apply-options.ts';
import { type Applied, queryOf } from './client-side.ts';
import { keepLastApplied, migrateManagers } from './migrate-managers.ts';

export async function applyServerSide(context: Context, info: Info, options: ApplyOptions): Promise<Applied> {
  const request = (): Promise<JsonObject> =>
    patchInfo(context, info, {
      type: 'apply',
      patch: info.object ?? {},
      query: { ...queryOf(options), force: context.flags.bool('force-conflicts') },
      subresource: context.flags.string('subresource'),
    });
  const applied = await request().catch(withAdvice);
  return { object: await migrated(context, { ...info, object: applied }, { options, request }), operation };
}

const operation = 'serverside-applied';

interface Migration {
  readonly options: ApplyOptions;
  /** Applies once more: what the manifest has given up goes only after the migration. */
  readonly request: () => Promise<JsonObject>;
}

/** What goes wrong here is no failure: the object has been applied, and the next apply tries again. */
async function migrated(context: Context, info: Info, { options, request }: Migration): Promise<JsonObject> {
  let object = info.object ?? {};
  const warn = (what: string) => (error: unknown) => {
    context.err(
      `Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${asError(error).message}\n`,
    );
    return undefined;
  };
  const kept = await keepLastApplied(context, info, options).catch(
    warn(`failed to migrate ${lastAppliedAnnotation} for Server-Side Apply`),
  );
  if (!kept) return object;
  object = kept;
  const done = await migrateManagers(context, { ...info, object }, options).catch(
    warn('server rejected managed fields migration to Server-Side Apply'),
  );
  if (!done) return object;
  const again = await request().catch(
    warn('failed to re-apply configuration after performing Server-Side Apply migration'),
  );
  return again ?? object;
}

function withAdvice(error: unknown): never {
  if (!isConflict(error) || !(error instanceof StatusError)) throw error;
  throw new CommandError(`${error.message}\n${advice}`);
}

const advice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
