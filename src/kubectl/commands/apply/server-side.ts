// Applies one object with server-side apply.

import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError, isConflict, StatusError } from '../../errors.ts';
import type { Info } from '../../resource/info.ts';
import { patchInfo } from '../../write-object.ts';
import type { ApplyOptions } from './apply-options.ts';
import { type Applied, queryOf } from './client-side.ts';

export async function applyServerSide(context: Context, info: Info, options: ApplyOptions): Promise<Applied> {
  const object = info.object ?? {};
  try {
    const applied: JsonObject = await patchInfo(context, info, {
      type: 'apply',
      patch: object,
      query: { ...queryOf(options), force: context.flags.bool('force-conflicts') },
      subresource: context.flags.string('subresource'),
    });
    return { object: applied, operation: 'serverside-applied' };
  } catch (error) {
    if (!isConflict(error) || !(error instanceof StatusError)) throw error;
    throw new CommandError(`${error.message}\n${advice}`);
  }
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
