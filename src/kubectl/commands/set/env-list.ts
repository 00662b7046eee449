// `kubectl set env --list`: a container's variables, references resolved where that is asked for.

import { decodeBase64, decodeUtf8 } from '../../../base/bytes.ts';
import { entriesAt, objectAt, objectsAt, textAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';
import { resourcePath } from '../../client/url.ts';
import type { Context } from '../../context.ts';
import { asError, CommandError } from '../../errors.ts';
import type { LoadedInfo } from '../../resource/info.ts';

/** Prints them; true when a reference could not be resolved. */
export async function listVariables(context: Context, info: LoadedInfo, container: JsonObject): Promise<boolean> {
  context.out(`# ${info.resource.kind} ${info.name}, container ${textAt(container, 'name')}\n`);
  const failures = new Map<string, string[]>();
  for (const item of objectsAt(container, 'env')) {
    const name = textAt(item, 'name');
    const from = objectAt(item, 'valueFrom');
    if (!from) context.out(`${name}=${textAt(item, 'value')}\n`);
    else if (!context.flags.bool('resolve')) context.out(`# ${name} from ${referenceText(from)}\n`);
    else
      try {
        context.out(`${name}=${await resolved(context, info, { from, container })}\n`);
      } catch (error) {
        context.out(`# ${name} from ${referenceText(from)}\n`);
        const { message } = asError(error);
        failures.set(message, [...(failures.get(message) ?? []), name]);
      }
  }
  const lines = [...failures].map(
    ([message, names]) => `error retrieving reference for ${names.sort().join(', ')}: ${message}\n`,
  );
  context.err(lines.sort().join(''));
  return lines.length > 0;
}

function referenceText(from: JsonObject): string {
  const config = objectAt(from, 'configMapKeyRef');
  const secret = objectAt(from, 'secretKeyRef');
  const field = objectAt(from, 'fieldRef');
  const amount = objectAt(from, 'resourceFieldRef');
  if (config) return `configmap ${textAt(config, 'name')}, key ${textAt(config, 'key')}`;
  if (secret) return `secret ${textAt(secret, 'name')}, key ${textAt(secret, 'key')}`;
  if (field) return `field path ${textAt(field, 'fieldPath')}`;
  if (!amount) return 'invalid valueFrom';
  const container = textAt(amount, 'containerName');
  return `resource field ${container && `${container}/`}${textAt(amount, 'resource')}`;
}

async function resolved(
  context: Context,
  info: LoadedInfo,
  { from, container }: { readonly from: JsonObject; readonly container: JsonObject },
): Promise<string> {
  const config = objectAt(from, 'configMapKeyRef');
  const secret = objectAt(from, 'secretKeyRef');
  const field = objectAt(from, 'fieldRef');
  const amount = objectAt(from, 'resourceFieldRef');
  if (config) return dataOf(context, 'configmaps', config);
  if (secret) return dataOf(context, 'secrets', secret);
  if (field) return fieldText(info.object, textAt(field, 'fieldPath'));
  if (amount) return textAt(container, `resources.${textAt(amount, 'resource')}`) || '0';
  throw new CommandError('invalid valueFrom');
}

async function dataOf(context: Context, resource: 'configmaps' | 'secrets', reference: JsonObject): Promise<string> {
  const [name, key] = [textAt(reference, 'name'), textAt(reference, 'key')];
  const { ns } = context.namespace();
  const object = await context.client().object({
    path: resourcePath({ group: '', version: 'v1', resource }, { ns, name }),
    about: { resource, name },
  });
  const found = entriesAt(object, 'data').find(([each]) => each === key);
  const what = resource === 'secrets' ? 'secret' : 'config map';
  if (!found) throw new CommandError(`key ${key} not found in ${what} ${name}`);
  const value = String(found[1]);
  return resource === 'secrets' ? decodeUtf8(decodeBase64(value) ?? new Uint8Array()) : value;
}

/** The field of the object itself, as the downward API would show it. */
function fieldText(object: JsonObject, path: string): string {
  const [, map, key] = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(path) ?? [];
  const metadata = objectAt(object, 'metadata') ?? {};
  if (map !== undefined && key !== undefined) {
    const found = entriesAt(metadata, map).find(([each]) => each === key);
    return String(found?.[1] ?? '');
  }
  switch (path) {
    case 'metadata.annotations':
    case 'metadata.labels':
      return entriesAt(object, path)
        .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
        .sort()
        .join('\n');
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
      return textAt(object, path);
    default:
      throw new CommandError(`unsupported fieldPath: ${path}`);
  }
}
