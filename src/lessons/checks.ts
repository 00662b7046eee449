// Whether a lesson's checks hold, asked of the cluster through its API, of the network, and of what the terminal ran.
import { ConnectionError, type KubePort } from '../api/ports.ts';
import { equal, isList, isObject, type JsonObject, type JsonValue } from '../base/json.ts';
import { valuesAt } from './field.ts';
import type { Check, Condition, ObjectCheck, Step } from './lesson.ts';

/** What checks look at. */
export interface CheckPorts {
  readonly kube: Pick<KubePort, 'request'>;
  /** The body of a page as the learner's machine gets it; undefined: nothing answers. */
  fetch(url: string): Promise<string | undefined>;
  /** Lines that the terminal ran to a good end since the step began. */
  readonly ran: readonly string[];
}

/** What is remembered of a step while it is played. */
export interface StepMemory {
  /** By check: objects that were there when the step began. */
  readonly known: ReadonlyMap<number, ReadonlySet<string>>;
  /** Checks that have held once: they stay ticked. */
  readonly passed: ReadonlySet<number>;
}

export async function beginStep({ checks }: Step, ports: CheckPorts): Promise<StepMemory> {
  const known = new Map<number, ReadonlySet<string>>();
  for (const [at, check] of checks.entries())
    if (check.kind === 'objects' && check.fresh) known.set(at, new Set((await objectsOf(check, ports))?.map(uidOf)));
  return { known, passed: new Set() };
}

/** Looks at the checks that have not held yet. */
export async function lookAt({ checks }: Step, memory: StepMemory, ports: CheckPorts): Promise<StepMemory> {
  const passed = new Set(memory.passed);
  for (const [at, check] of checks.entries())
    if (!passed.has(at) && (await holds(check, ports, memory.known.get(at)))) passed.add(at);
  return { ...memory, passed };
}

/** Whether a check holds now. */
export async function holds(check: Check, ports: CheckPorts, known?: ReadonlySet<string>): Promise<boolean> {
  switch (check.kind) {
    case 'objects': {
      const all = await objectsOf(check, ports);
      const fitting = all?.filter(
        (object) => !known?.has(uidOf(object)) && check.where.every((condition) => fits(object, condition)),
      );
      if (!fitting) return false;
      return fitting.length >= check.count.min && fitting.length <= check.count.max;
    }
    case 'answer':
      return (await ports.fetch(check.url))?.includes(check.contains) ?? false;
    case 'ran': {
      const pattern = new RegExp(check.command);
      return ports.ran.some((line) => pattern.test(line));
    }
  }
}

/** Undefined when no cluster answers: then not even that there are none of them is known. */
async function objectsOf(check: ObjectCheck, { kube }: CheckPorts): Promise<readonly JsonObject[] | undefined> {
  try {
    const { status, body } = await kube.request({
      method: 'GET',
      path: pathOf(check),
      headers: { accept: 'application/json', 'user-agent': 'page' },
    });
    const items = status === 200 && body.kind === 'json' && isObject(body.value) ? body.value.items : undefined;
    return isList(items) ? items.filter(isObject) : undefined;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return undefined;
  }
}

function pathOf({ resource, namespace, name, selector }: ObjectCheck): string {
  const parts = resource.split('/');
  const plural = parts.at(-1) ?? '';
  const version = parts.slice(0, -1).join('/');
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const query = [
    ...(name === undefined ? [] : [`fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`]),
    ...(selector === undefined ? [] : [`labelSelector=${encodeURIComponent(selector)}`]),
  ];
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${root}${place}/${plural}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

function fits(object: JsonObject, condition: Condition): boolean {
  const values = valuesAt(object, condition.field);
  if (condition.exists !== undefined) return values.length > 0 === condition.exists;
  return values.some((value) => fitsValue(value, condition));
}

function fitsValue(value: JsonValue, { is, atLeast, matches }: Condition): boolean {
  if (is !== undefined) return equal(value, is);
  if (atLeast !== undefined) return typeof value === 'number' && value >= atLeast;
  return matches !== undefined && new RegExp(matches).test(String(value));
}

function uidOf({ metadata }: JsonObject): string {
  return isObject(metadata) && typeof metadata.uid === 'string' ? metadata.uid : '';
}
