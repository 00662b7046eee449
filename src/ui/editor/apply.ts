// Brings what is edited into the cluster: server-side apply of every document of a text, or the update of one object.
import type { KubePort, KubeReply, KubeRequest } from '../../api/ports.ts';
import { parseYaml } from '../../api/yaml.ts';
import { isList, isObject, type JsonObject } from '../../base/json.ts';

export interface Outcome {
  readonly kind: 'done' | 'problem' | 'conflict';
  readonly text: string;
}

const manager = 'editor';
const documentsMax = 200;

/** Applies each document in order, and stops at the first that the cluster refuses. */
export async function applyText(kube: KubePort, text: string, force: boolean): Promise<Outcome> {
  const said: string[] = [];
  const parts = text.split(/^---(?:\s.*)?$/m).filter((part) => part.replace(/#.*/g, '').trim() !== '');
  if (parts.length > documentsMax) return { kind: 'problem', text: `more than ${documentsMax} documents` };
  for (const part of parts) {
    const { value, problem } = parseYaml(part);
    const outcome = isObject(value)
      ? await applyObject(kube, value, force)
      : ({ kind: 'problem', text: problem ?? 'this is no object' } as const);
    if (outcome.kind !== 'done') return { ...outcome, text: [...said, outcome.text].join('\n') };
    said.push(outcome.text);
  }
  return said.length > 0
    ? { kind: 'done', text: said.join('\n') }
    : { kind: 'problem', text: 'there is nothing to apply' };
}

/** Replaces the object at a path by what the text says; a conflict when it has changed since it was read. */
export async function updateObject(kube: KubePort, path: string, text: string): Promise<Outcome> {
  const { value, problem } = parseYaml(text);
  if (!isObject(value)) return { kind: 'problem', text: problem ?? 'this is no object' };
  const reply = await kube.request({
    method: 'PUT',
    path: `${path}?fieldManager=${manager}&fieldValidation=Strict`,
    headers: jsonHeaders,
    body: { kind: 'json', value },
  });
  if (reply.status === 409) return { kind: 'conflict', text: messageOf(reply) };
  return reply.status === 200 ? { kind: 'done', text: 'applied' } : { kind: 'problem', text: messageOf(reply) };
}

const jsonHeaders = { 'user-agent': 'page', accept: 'application/json', 'content-type': 'application/json' };

async function applyObject(kube: KubePort, object: JsonObject, force: boolean): Promise<Outcome> {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === '')
    return { kind: 'problem', text: 'apiVersion and kind must be set' };
  const name = isObject(object.metadata) ? object.metadata.name : undefined;
  if (typeof name !== 'string' || name === '') return { kind: 'problem', text: `${kind}: metadata.name must be set` };
  const collection = await collectionOf(kube, { apiVersion, kind }, object);
  if (collection === undefined)
    return { kind: 'problem', text: `the cluster has no kind "${kind}" in version "${apiVersion}"` };
  const reply = await kube.request({
    method: 'PATCH',
    path: `${collection}/${encodeURIComponent(name)}?fieldManager=${manager}&fieldValidation=Strict&force=${force}`,
    headers: { ...jsonHeaders, 'content-type': 'application/apply-patch+yaml' },
    body: { kind: 'json', value: object },
  });
  const called = `${kind.toLowerCase()}/${name}`;
  if (reply.status === 409) return { kind: 'conflict', text: `${called}: ${messageOf(reply)}` };
  if (reply.status !== 200 && reply.status !== 201) return { kind: 'problem', text: `${called}: ${messageOf(reply)}` };
  return { kind: 'done', text: `${called} ${reply.status === 201 ? 'created' : 'applied'}` };
}

/** Where objects of this kind are, by discovery; undefined when the cluster has no such kind. */
async function collectionOf(
  kube: KubePort,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  object: JsonObject,
): Promise<string | undefined> {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const request: KubeRequest = { method: 'GET', path: root, headers: jsonHeaders };
  const { body } = await kube.request(request);
  const list = body.kind === 'json' && isObject(body.value) ? body.value.resources : undefined;
  const found = (isList(list) ? list : [])
    .filter(isObject)
    .find((one) => one.kind === kind && !String(one.name).includes('/'));
  if (!found) return undefined;
  const given = isObject(object.metadata) ? object.metadata.namespace : undefined;
  const namespace = typeof given === 'string' && given !== '' ? given : 'default';
  const scope = found.namespaced === true ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${String(found.name)}`;
}

function messageOf({ status, body }: KubeReply): string {
  const message = body.kind === 'json' && isObject(body.value) ? body.value.message : undefined;
  return typeof message === 'string' ? message : `the cluster answers with status ${status}`;
}
