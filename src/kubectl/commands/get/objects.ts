// `kubectl get -o json|yaml|name|…`: the objects themselves, in a List unless one was named.
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { asError, ManyErrors } from '../../errors.ts';
import { objectPrinter } from '../../print/printer.ts';
import { sortInfos } from '../../print/sort.ts';
import { findResources } from '../../resource/builder.ts';
import { isListObject, type LoadedInfo } from '../../resource/info.ts';
import { getFormats } from './formats.ts';
import { getWanted } from './wanted.ts';

export async function getObjects(context: Context): Promise<void> {
  const { flags } = context;
  const result = await findResources(context, getWanted(context, false));
  const { infos: found, errors } = await result.collect();
  if (errors.length > 0 && result.single) ManyErrors.throwAll(errors);
  if (found.length === 0 && flags.bool('ignore-not-found')) return ManyErrors.throwAll(errors);
  const printer = objectPrinter(context, { formats: getFormats });
  try {
    context.out(printer.print(wrap(context, found, result.single)));
  } catch (error) {
    throw errors.length > 0 ? new ManyErrors([...errors, asError(error)]) : error;
  }
  ManyErrors.throwAll(errors);
}

function wrap(context: Context, found: readonly LoadedInfo[], single: boolean): JsonObject {
  const sortBy = context.flags.string('sort-by');
  const [only] = found;
  if (single && found.length === 1 && only && !isListObject(only.object)) return only.object;
  if (sortBy && found.length === 0) return listOf([]);
  return listOf(sortBy ? sortInfos(found, sortBy) : found);
}

function listOf(infos: readonly LoadedInfo[]): JsonObject {
  return {
    apiVersion: 'v1',
    items: infos.map(({ object }) => object),
    kind: 'List',
    metadata: { resourceVersion: '' },
  };
}
