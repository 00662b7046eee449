// `kubectl create --edit`: each object goes through the editor before it is created.

import type { JsonObject } from '../../../base/json.ts';
import { recordCause } from '../../change-cause.ts';
import { fieldValidationOf, writeQuery } from '../../change-flags.ts';
import type { Context } from '../../context.ts';
import { editHeader, editObjects } from '../../edit-session.ts';
import { withLastApplied } from '../../last-applied.ts';
import type { Result } from '../../resource/builder.ts';
import { createInfo } from '../../write-object.ts';

export async function editAndCreate(
  context: Context,
  found: Result,
  print: (object: JsonObject, operation: string) => void,
): Promise<void> {
  const { flags } = context;
  const query = writeQuery({
    dryRun: 'none',
    fieldManager: flags.string('field-manager'),
    fieldValidation: fieldValidationOf(context),
  });
  await found.visit((info) =>
    editObjects(context, [{ ...info, object: info.object ?? {} }], {
      header: editHeader,
      format: flags.string('output') === 'json' ? 'json' : 'yaml',
      save: async (before, after) => {
        const object = recordCause(context, flags.bool('save-config') ? withLastApplied(after) : after);
        print(await createInfo(context, { ...before, object }, query), 'created');
      },
      skip: () => undefined,
    }),
  );
}
