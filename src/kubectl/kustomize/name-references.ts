// Fields that hold names of other objects follow when those got new names.
import { textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue, own } from '../../base/json.ts';
import { formatYaml } from '../print/yaml.ts';
import type { NameReferences } from './default-fields.ts';
import { editField } from './field-spec.ts';
import { during, KustomizeError } from './kustomize-error.ts';
import type { Resource } from './resource.ts';
import { scalarText } from './resource.ts';
import { effectiveNamespace, type Gvk, idText, isClusterScoped, isSelected } from './resource-id.ts';
import type { ResourceMap } from './resource-map.ts';

export function fixNameReferences(map: ResourceMap, references: readonly NameReferences[]): void {
  const all = map.resources;
  for (const referrer of all) {
    const candidates = reachable(referrer, all);
    for (const reference of references) {
      for (const spec of reference.fields) {
        if (!isSelected(referrer.originalId, spec)) continue;
        const place: Place = { referrer, candidates, wanted: reference, path: spec.path };
        const { group, version, kind } = referrer.id;
        referrer.object = during(`updating name reference in '${spec.path}' field of '${idText(referrer.id)}'`, () =>
          editField(referrer.object, { ...spec, group, version, kind }, { set: (value) => followed(value, place) }),
        );
      }
    }
  }
}

interface Place {
  readonly referrer: Resource;
  readonly candidates: readonly Resource[];
  readonly wanted: Gvk;
  readonly path: string;
}

/** What an object can refer to: all of its namespace, what stands in none, and accounts that a role binding names. */
function reachable(referrer: Resource, all: readonly Resource[]): readonly Resource[] {
  const { id } = referrer;
  if (isClusterScoped(id)) return all;
  const bound = new Set(
    id.kind === 'RoleBinding' && isList(referrer.object.subjects)
      ? referrer.object.subjects.flatMap((subject) =>
          isObject(subject) && subject.kind === 'ServiceAccount' ? boundNamespace(subject, referrer) : [],
        )
      : [],
  );
  return all.filter(
    (one) => isClusterScoped(one.id) || effectiveNamespace(one.id) === effectiveNamespace(id) || bound.has(one.id.ns),
  );
}

function boundNamespace(subject: JsonObject, referrer: Resource): readonly string[] {
  const ns = own(subject, 'namespace');
  if (ns === undefined || typeof ns === 'string') return ns ? [ns] : [];
  throw new KustomizeError(`Invalid Input: namespace is blank for resource "${idText(referrer.id)}"\n`);
}

function followed(value: JsonValue, place: Place): JsonValue {
  if (value === null) return value;
  if (isList(value))
    return value.map((item) => (isObject(item) ? followedObject(item, place) : followedName(item, place)));
  return isObject(value) ? followedObject(value, place) : followedName(value, place);
}

function followedName(value: JsonValue, place: Place): JsonValue {
  const found = referral(scalarText(value), place.candidates, place, ({ id }) => id.name);
  return found && found.id.name !== scalarText(value) ? found.id.name : value;
}

/** `{name, namespace}`: the namespace helps to find the object, and follows too. */
function followedObject(value: JsonObject, place: Place): JsonObject {
  const name = own(value, 'name');
  if (name === undefined) throw new KustomizeError("path config error; no 'name' field in node");
  const ns = own(value, 'namespace');
  const candidates = ns === undefined ? place.candidates : ofNamespace(place.candidates, scalarText(ns));
  const found = referral(scalarText(name), candidates, place, ({ id }) => `${id.name} ${id.ns}`);
  if (!found || (found.id.name === name && found.id.ns === '')) return value;
  return { ...value, name: found.id.name, ...(found.id.ns === '' ? {} : { namespace: found.id.ns }) };
}

function ofNamespace(candidates: readonly Resource[], ns: string): readonly Resource[] {
  const original = candidates.filter((one) => effectiveNamespace(one.originalId) === ns);
  return original.length > 0 ? original : candidates.filter((one) => effectiveNamespace(one.id) === ns);
}

/** The one object that a name means. Throws when several could be meant that are not `same`. */
function referral(
  name: string,
  candidates: readonly Resource[],
  place: Place,
  same: (resource: Resource) => string,
): Resource | undefined {
  const { referrer, wanted, path } = place;
  const role = path.endsWith('roleRef/name') ? roleOf(referrer.object) : undefined;
  const isReferrerClusterScoped = isClusterScoped(referrer.id);
  let found = candidates.filter(
    (one) =>
      one.previousIds.some((id) => id.name === name) &&
      one.previousIds.some((id) => isSelected(id, wanted)) &&
      (!role || one.previousIds.some((id) => isSelected(id, role))) &&
      (isReferrerClusterScoped ||
        isClusterScoped(one.id) ||
        one.id.kind === 'ServiceAccount' ||
        effectiveNamespace(one.id) === effectiveNamespace(referrer.id)),
  );
  if (found.length === 1) return found[0];
  found = found.filter((one) => hasSameAffixes(one, referrer, true));
  if (found.length > 1) found = found.filter((one) => hasSameAffixes(one, referrer, false));
  const [first] = found;
  if (!first || found.every((one) => same(one) === same(first))) return first;
  const details = found.map((one, i) => `--- possible referral ${i}:\n${formatYaml(one.withNotes())}\n`).join('');
  throw new KustomizeError(
    `found multiple possible referrals: ${found.map(({ id }) => idText(id)).join(', ')}\n\n**** Too many possible referral targets to referrer:\n${formatYaml(referrer.withNotes())}\n${details}`,
  );
}

function roleOf(object: JsonObject): Gvk | undefined {
  const { roleRef } = object;
  if (!isObject(roleRef) || roleRef.apiGroup === undefined || roleRef.kind === undefined) return undefined;
  return { group: textAt(roleRef, 'apiGroup'), version: '', kind: textAt(roleRef, 'kind') };
}

function hasSameAffixes(one: Resource, other: Resource, allowEmpty: boolean): boolean {
  const same = (a: readonly string[], b: readonly string[]) => {
    if (a.length === 0 || b.length === 0) return allowEmpty || a.length === b.length;
    const shorter = Math.min(a.length, b.length);
    return a.slice(-shorter).join(',') === b.slice(-shorter).join(',');
  };
  return same(one.prefixes, other.prefixes) && same(one.suffixes, other.suffixes);
}
