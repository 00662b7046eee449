// A command's trace as a story: rows in the order of time, where many equal steps of one cause are one row.
//
//   steps  8 create Deployment ◀─ 9 create ReplicaSet ◀─ 10 create Pod ◀─ 13 choose node
//                                                     ◀─ 11 create Pod ◀─ 14 choose node
//   rows   Deployment · ReplicaSet · Pod ×2 · choose node ×2
import type { WireStep } from '../../worker/messages.ts';
import { partOf } from '../state/component-name.ts';
import { type ToldStep, tell, whoText } from './told-step.ts';

export interface StoryRow {
  /** Stays the same while the story goes on. */
  readonly key: string;
  /** At least one, oldest first. */
  readonly told: readonly ToldStep[];
  /** The row that it goes back to. */
  readonly cause: string | undefined;
  /** What it learned by a watch and acted on: the write that caused it, told by another part. */
  readonly heard: ToldStep | undefined;
}

interface Growing {
  readonly key: string;
  readonly told: ToldStep[];
  readonly cause: string | undefined;
  readonly heard: ToldStep | undefined;
}

/** `steps`: a command's, oldest first, the command itself included. */
export function story(steps: readonly WireStep[]): readonly StoryRow[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const rows = new Map<string, Growing>();
  /** Of every step the row that those it causes go back to. */
  const rowOf = new Map<number, { readonly key: string; readonly told: ToldStep | undefined }>();
  const nodes = new Map<string, string>();
  for (const step of steps) {
    noteNode(step, nodes);
    let cause = rowOf.get(step.cause) ?? { key: '', told: undefined };
    const heard = cause.told;
    for (const told of tell(step, byId.get(step.cause), nodes)) {
      const key = keyBelow(cause.key, told);
      const row = rows.get(key);
      if (row) row.told.push(told);
      else rows.set(key, { key, told: [told], cause: cause.key || undefined, heard: hears(told, heard) });
      cause = { key, told };
    }
    rowOf.set(step.id, cause);
  }
  return [...rows.values()];
}

/** Where pods are, from who chose their node or works on them there. */
function noteNode({ component, action, subject, detail }: WireStep, nodes: Map<string, string>): void {
  const pod = subject.slice(subject.indexOf(' ') + 1);
  if (partOf(component) === 'kube-scheduler' && action === 'assign') nodes.set(pod, detail?.split(' ')[0] ?? '');
  else if (component.startsWith('kubelet/')) nodes.set(pod, component.slice('kubelet/'.length));
}

/** A row is known by its causes and what it does. Work that comes round again (a crash loop) is the same row. */
function keyBelow(cause: string, told: ToldStep): string {
  const own = `${told.who.split('/')[0]} ${told.kind} ${told.step.action} ${told.step.subject.split(' ')[0]}`;
  const before = cause === '' ? [] : cause.split(' > ');
  const at = before.indexOf(own);
  return [...(at === -1 ? before : before.slice(0, at)), own].join(' > ');
}

/** Parts other than the API server learn of a write by watching. */
function hears(told: ToldStep, cause: ToldStep | undefined): ToldStep | undefined {
  if (cause === undefined || partOf(cause.step.component) !== 'apiserver' || cause.kind === 'refuse') return undefined;
  return partOf(told.who) === 'kube-apiserver' || told.who === cause.who ? undefined : cause;
}

/** `+81.6 ms`, `+1.25 s`, `+2 min 05 s` of milliseconds since the command. */
export function sinceText(ms: number): string {
  if (ms < 999.95) return `+${ms.toFixed(1)} ms`;
  if (ms < 9995) return `+${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `+${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `+${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Who and what of a row, for one step or for many. */
export function rowText({ told }: StoryRow): { readonly who: string; readonly verb: string; readonly object: string } {
  const [first] = told;
  if (!first) return { who: '', verb: '', object: '' };
  const objects = new Set(told.map(({ object }) => object));
  const verbs = new Set(told.map(({ verb }) => verb));
  const kind = first.object.split(' ')[0] ?? '';
  const object = objects.size > 1 ? `${objects.size} ${plural(kind)}` : first.object;
  return {
    who: whoOf(told),
    verb: verbs.size > 1 ? first.verb.replace(/^chooses \S+/, 'chooses nodes') : first.verb,
    object,
  };
}

function whoOf(told: readonly ToldStep[]): string {
  const names = [...new Set(told.map(({ who }) => who))];
  const [part = ''] = names[0]?.split('/') ?? [];
  if (names.length === 1) return whoText(names[0] ?? '');
  return part === 'pod' ? `${names.length} Pods` : `${part} of ${names.length} nodes`;
}

function plural(kind: string): string {
  if (/[^aeiou]y$/.test(kind)) return `${kind.slice(0, -1)}ies`;
  return kind.endsWith('s') ? kind : `${kind}s`;
}
