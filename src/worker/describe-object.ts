// What kubectl describe says of an object, for the inspector: the same describers over the page's own port.
import type { KubePort } from '../api/ports.ts';
import { isList, isObject, type JsonObject } from '../base/json.ts';
import type { DescribeClient } from '../kubectl/describe/describer.ts';
import { describerFor } from '../kubectl/describe/describers.ts';
import type { DescribedObject } from './messages.ts';

const itemsMax = 500;

export function describeObject(kube: KubePort, object: DescribedObject, now: () => number): Promise<string> {
  const { group, version, resource, kind, namespace, name } = object;
  const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const mapping = { prefix, resource, namespaced: namespace !== '' };
  return describerFor(group, kind).describe({
    name,
    namespace,
    showEvents: true,
    client: clientOver(kube, now),
    mapping,
  });
}

function clientOver(kube: KubePort, now: () => number): DescribeClient {
  const get = async (path: string): Promise<JsonObject> => {
    const headers = { 'user-agent': 'page', accept: 'application/json' };
    const { status, body } = await kube.request({ method: 'GET', path, headers });
    const value = body.kind === 'json' && isObject(body.value) ? body.value : {};
    if (status >= 400)
      throw new Error(typeof value.message === 'string' ? value.message : `the server answered ${status}`);
    return value;
  };
  return {
    now,
    get,
    async list(path, query = {}) {
      const search = new URLSearchParams({ limit: String(itemsMax), ...query });
      const { items } = await get(`${path}?${search}`);
      return isList(items) ? items.filter(isObject) : [];
    },
  };
}
