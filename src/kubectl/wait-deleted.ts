// Waits until objects are gone, or others have taken their names.
import { textAt } from '../base/fields.ts';
import { resourcePath } from './client/url.ts';
import type { Context } from './context.ts';
import { CommandError, isNotFound } from './errors.ts';
import { type Info, loadInfo } from './resource/info.ts';
import { watchUntil } from './watch-until.ts';
import { aboutInfo } from './write-object.ts';

export interface DeletedObject {
  readonly info: Info;
  /** Of the object that was deleted; '' when unknown. */
  readonly uid: string;
}

const weekMs = 7 * 24 * 3_600_000;

/** `timeoutMs` 0 waits a week. Throws when an object is still there at the end. */
export async function waitUntilDeleted(
  context: Context,
  objects: readonly DeletedObject[],
  timeoutMs: number,
): Promise<void> {
  const deadline = context.now() + (timeoutMs === 0 ? weekMs : timeoutMs);
  for (const object of objects) await waitForOne(context, object, deadline);
}

async function waitForOne(context: Context, { info, uid }: DeletedObject, deadline: number): Promise<void> {
  for (;;) {
    const found = await loadInfo(context.client(), info).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return undefined;
    });
    if (!found || (uid !== '' && textAt(found.object, 'metadata.uid') !== uid)) return;
    const end = await watchUntil(
      context,
      {
        path: resourcePath(info.resource, { ns: info.resource.namespaced ? info.ns : undefined }),
        query: {
          fieldSelector: `metadata.name=${info.name}`,
          resourceVersion: textAt(found.object, 'metadata.resourceVersion'),
        },
        deadline,
        about: aboutInfo(info),
      },
      (event) => event.type === 'DELETED',
    );
    if (end === 'done') return;
    if (end === 'timeout') {
      throw new CommandError(`timed out waiting for the condition on ${info.resource.resource}/${info.name}`);
    }
  }
}
