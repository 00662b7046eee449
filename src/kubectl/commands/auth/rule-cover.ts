// Which permissions of some rules other rules do not give, one verb on one resource at a time.
import { textsAt } from '../../../base/fields.ts';
import type { JsonObject } from '../../../base/json.ts';

/** The parts of `wanted` that `owned` does not cover. */
export function uncoveredRules(owned: readonly JsonObject[], wanted: readonly JsonObject[]): readonly JsonObject[] {
  return wanted.flatMap(singleRules).filter((single) => !owned.some((rule) => covers(rule, single)));
}

/** A rule as rules of one group, resource and verb (and name), or one URL and verb. */
function singleRules(rule: JsonObject): readonly JsonObject[] {
  const singles: JsonObject[] = [];
  const names = textsAt(rule, 'resourceNames');
  for (const group of textsAt(rule, 'apiGroups'))
    for (const resource of textsAt(rule, 'resources'))
      for (const verb of textsAt(rule, 'verbs')) {
        const single = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (names.length === 0) singles.push(single);
        for (const name of names) singles.push({ ...single, resourceNames: [name] });
      }
  for (const url of textsAt(rule, 'nonResourceURLs'))
    for (const verb of textsAt(rule, 'verbs')) singles.push({ nonResourceURLs: [url], verbs: [verb] });
  return singles;
}

function covers(rule: JsonObject, single: JsonObject): boolean {
  const has = (field: string) => {
    const held = textsAt(rule, field);
    return held.includes('*') || textsAt(single, field).every((one) => held.includes(one));
  };
  if (!has('verbs')) return false;
  const urls = textsAt(single, 'nonResourceURLs');
  if (urls.length > 0) return urls.every((url) => textsAt(rule, 'nonResourceURLs').some((own) => urlCovers(own, url)));
  const owned = textsAt(rule, 'resources');
  const [resource = ''] = textsAt(single, 'resources');
  const subresource = resource.includes('/') ? `*/${resource.split('/')[1]}` : undefined;
  const resourceHeld = has('resources') || (subresource !== undefined && owned.includes(subresource));
  const names = textsAt(rule, 'resourceNames');
  const asked = textsAt(single, 'resourceNames');
  const namesHeld = names.length === 0 || (asked.length > 0 && asked.every((name) => names.includes(name)));
  return has('apiGroups') && resourceHeld && namesHeld;
}

function urlCovers(own: string, url: string): boolean {
  return own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1)));
}
