// The trace for the page: steps with what they wrote, all that goes back to one of them, and what one has changed.
import { isObject } from '../base/json.ts';
import { emitYaml } from '../base/yaml-emit.ts';
import type { Session } from '../driver/session.ts';
import type { EtcdEvent } from '../engine/etcd/store.ts';
import type { TraceStep } from '../engine/sim/trace.ts';
import type { WireEffect, WireStep, WireTrace, WireWrite } from './messages.ts';

/** Steps of one trace at most: a crash loop goes on for ever. */
const stepsMax = 4000;
/** Objects that one step shows at most. */
const changesMax = 20;
/** Objects that a step names at most. */
const writesMax = 100;

export function wireStep({ journal }: Session, step: TraceStep): WireStep {
  const changes = journal?.changesOf(step.id) ?? [];
  const { status, server } = journal?.requestOf(step.id) ?? {};
  return {
    ...step,
    ...(changes.length > 0 && { writes: changes.slice(0, writesMax).map(writeOf) }),
    ...(server?.includes('/') && { server }),
    ...(status !== undefined && { status }),
  };
}

/** A step, and everything that it has brought about so far. */
export function traceFrom(session: Session, root: number): WireTrace {
  const { trace } = session.driver.simulation;
  const first = trace.get(root);
  if (!first) return { steps: [], cut: false };
  const known = new Set([root]);
  const steps = [first];
  for (const step of trace.since(root)) {
    if (!known.has(step.cause)) continue;
    if (steps.length === stepsMax) return { steps: steps.map((one) => wireStep(session, one)), cut: true };
    known.add(step.id);
    steps.push(step);
  }
  return { steps: steps.map((step) => wireStep(session, step)), cut: false };
}

export function effectOf({ journal }: Session, step: number): WireEffect {
  const body = journal?.requestOf(step)?.request.body;
  return {
    asked: body?.kind === 'json' ? emitYaml(body.value) : body?.kind === 'text' ? body.text : undefined,
    changes: (journal?.changesOf(step) ?? []).slice(0, changesMax).map(({ current, previous }) => ({
      key: current.key,
      revision: current.modRevision,
      before: previous?.value === undefined ? undefined : emitYaml(previous.value),
      after: current.value === undefined ? undefined : emitYaml(current.value),
    })),
  };
}

function writeOf({ type, current, previous }: EtcdEvent): WireWrite {
  return {
    revision: current.modRevision,
    name: nameOf(current.value ?? previous?.value),
    change: type === 'delete' ? 'deleted' : previous === undefined ? 'created' : 'changed',
  };
}

/** `default/web`; objects of the cluster have a name alone. */
function nameOf(object: unknown): string {
  const metadata = isObject(object) && isObject(object.metadata) ? object.metadata : {};
  return [metadata.namespace, metadata.name].filter((part) => typeof part === 'string').join('/');
}
