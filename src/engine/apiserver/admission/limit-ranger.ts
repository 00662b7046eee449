// LimitRanger: what containers, pods and claims ask for stays within the namespace's limits; who asks for nothing gets
// the defaults.
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
} from '../../../api/generated/types.ts';
import { parseQuantity } from '../../../api/quantity.ts';
import { forbidden } from '../../../api/status.ts';
import type { StoredObject } from '../../../kinds/kind.ts';
import { type Amounts, podAmounts } from '../../../kinds/pod-amounts.ts';
import type { AdmissionLookups, AdmissionPlugin } from './plugin.ts';
import { asPod, isPodCreate, isPodResize, SpecCompletion } from './pod-spec.ts';

const annotation = 'kubernetes.io/limit-ranger';

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  admit(object, attributes) {
    if (!isPodCreate(attributes) && !isPodResize(attributes)) return object;
    if (attributes.old?.metadata?.deletionTimestamp !== undefined) return object;
    let admitted = object;
    for (const range of rangesIn(attributes.lookups, attributes.namespace)) {
      const before = admitted;
      admitted = completion.apply(before, range, attributes.lookups);
      if (admitted === before) continue;
      const text = `LimitRanger plugin set: ${settings(asPod(before), asPod(admitted)).join('; ')}`;
      const annotations = { ...admitted.metadata?.annotations, [annotation]: text };
      admitted = { ...admitted, metadata: { ...admitted.metadata, annotations } };
    }
    return admitted;
  },
  validate(object, attributes) {
    const { operation, resource, request, name, namespace, lookups, old } = attributes;
    if (!object || resource.group !== '' || old?.metadata?.deletionTimestamp !== undefined) return;
    const claim = resource.resource === 'persistentvolumeclaims' && operation !== 'delete' && !request.subresource;
    if (!claim && !isPodCreate(attributes) && !isPodResize(attributes)) return;
    for (const range of rangesIn(lookups, namespace)) {
      const problems = (range.spec?.limits ?? []).flatMap((item) =>
        claim ? claimProblems(item, object) : podProblems(item, asPod(object)),
      );
      if (problems.length === 0) continue;
      const unique = [...new Set(problems)];
      throw forbidden(resource, name, unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`);
    }
  },
};

type AmountTexts = NonNullable<LimitRangeItem['default']>;

const completion = new SpecCompletion((spec: PodSpec, facts: object) => {
  const { spec: rangeSpec } = facts as LimitRange; // edge: admit passes a range
  let limits: AmountTexts = {};
  let requests: AmountTexts = {};
  for (const item of rangeSpec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    limits = { ...limits, ...item.default };
    requests = { ...requests, ...item.defaultRequest };
  }
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return spec;
  const complete = (container: Container): Container => {
    const { resources } = container;
    const made = { limits: { ...limits, ...resources?.limits }, requests: { ...requests, ...resources?.requests } };
    const more =
      Object.keys(made.limits).length > Object.keys(resources?.limits ?? {}).length ||
      Object.keys(made.requests).length > Object.keys(resources?.requests ?? {}).length;
    return more ? { ...container, resources: { ...resources, ...made } } : container;
  };
  const containers = spec.containers?.map(complete) ?? [];
  const initContainers = spec.initContainers?.map(complete);
  const changed = [...containers, ...(initContainers ?? [])].some(
    (container, i) => container !== [...(spec.containers ?? []), ...(spec.initContainers ?? [])][i],
  );
  return changed ? { ...spec, containers, ...(initContainers && { initContainers }) } : spec;
});

/** What was set, in words: `cpu, memory request for container main`. */
function settings(before: Pod, after: Pod): readonly string[] {
  const texts: string[] = [];
  const compare = (old: readonly Container[] = [], now: readonly Container[] = [], what: string): void => {
    now.forEach(({ name, resources }, i) => {
      for (const kind of ['requests', 'limits'] as const) {
        const known = old[i]?.resources?.[kind] ?? {};
        const added = Object.keys(resources?.[kind] ?? {}).filter((key) => !Object.hasOwn(known, key));
        if (added.length > 0) texts.push(`${added.sort().join(', ')} ${kind.slice(0, -1)} for ${what} ${name}`);
      }
    });
  };
  compare(before.spec?.containers, after.spec?.containers, 'container');
  compare(before.spec?.initContainers, after.spec?.initContainers, 'init container');
  return texts;
}

function rangesIn(lookups: AdmissionLookups, namespace: string): readonly LimitRange[] {
  return lookups.list('limitranges', namespace) as readonly LimitRange[]; // edge: all of that resource
}

function podProblems(item: LimitRangeItem, { spec }: Pod): readonly string[] {
  if (!spec) return [];
  if (item.type === 'Pod') {
    const own = { ...spec, overhead: undefined }; // what the runtime takes for itself is nobody's to limit
    return problemsOf(item, podAmounts(own, 'requests'), podAmounts(own, 'limits'));
  }
  if (item.type !== 'Container') return [];
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    problemsOf(item, resources?.requests ?? {}, resources?.limits ?? {}),
  );
}

function claimProblems(item: LimitRangeItem, object: StoredObject): readonly string[] {
  if (item.type !== 'PersistentVolumeClaim') return [];
  const { spec } = object as PersistentVolumeClaim; // edge: an object of the claims resource
  const requests = spec?.resources?.requests ?? {};
  return [
    ...bounds(item.min).flatMap(([key, bound]) => minimumProblem(item, key, bound, { requests, limits: {} })),
    ...bounds(item.max).flatMap(([key, bound]) => {
      const asked = requests[key];
      if (asked === undefined) return [`maximum ${key} usage per ${item.type} is ${bound}.  No request is specified`];
      return compare(asked, bound) > 0
        ? [`maximum ${key} usage per ${item.type} is ${bound}, but request is ${asked}`]
        : [];
    }),
  ];
}

interface Asked {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

function problemsOf(item: LimitRangeItem, requests: Amounts, limits: Amounts): readonly string[] {
  const asked = { requests, limits };
  return [
    ...bounds(item.min).flatMap(([key, bound]) => minimumProblem(item, key, bound, asked)),
    ...bounds(item.max).flatMap(([key, bound]) => maximumProblem(item, key, bound, asked)),
    ...bounds(item.maxLimitRequestRatio).flatMap(([key, bound]) => ratioProblem(item, key, bound, asked)),
  ];
}

function minimumProblem({ type }: LimitRangeItem, key: string, bound: string, { requests, limits }: Asked) {
  const head = `minimum ${key} usage per ${type} is ${bound}`;
  const request = requests[key];
  const limit = limits[key];
  if (request === undefined) return [`${head}.  No request is specified`];
  if (compare(request, bound) < 0) return [`${head}, but request is ${request}`];
  return limit !== undefined && compare(limit, bound) < 0 ? [`${head}, but limit is ${limit}`] : [];
}

function maximumProblem({ type }: LimitRangeItem, key: string, bound: string, { requests, limits }: Asked) {
  const head = `maximum ${key} usage per ${type} is ${bound}`;
  const request = requests[key];
  const limit = limits[key];
  if (limit === undefined) return [`${head}.  No limit is specified`];
  if (compare(limit, bound) > 0) return [`${head}, but limit is ${limit}`];
  return request !== undefined && compare(request, bound) > 0 ? [`${head}, but request is ${request}`] : [];
}

function ratioProblem({ type }: LimitRangeItem, key: string, bound: string, { requests, limits }: Asked) {
  const head = `${key} max limit to request ratio per ${type} is ${bound}`;
  const request = parseQuantity(requests[key] ?? '0').toNumber();
  const limit = parseQuantity(limits[key] ?? '0').toNumber();
  if (request === 0) return [`${head}, but no request is specified or request is 0`];
  if (limit === 0) return [`${head}, but no limit is specified or limit is 0`];
  const ratio = limit / request;
  return ratio > parseQuantity(bound).toNumber() ? [`${head}, but provided ratio is ${ratio.toFixed(6)}`] : [];
}

function bounds(list: Amounts | undefined): readonly (readonly [string, string])[] {
  return Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

function compare(a: string, b: string): number {
  return parseQuantity(a).compare(parseQuantity(b));
}
