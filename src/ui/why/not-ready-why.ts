// Why a pod whose containers run is not ready: what a probe got, or a gate that is closed.
import type { Container, ContainerStatus, Pod, Probe } from '../../api/generated/types.ts';
import { type Evidence, eventOf, type Facts, field, type Why } from './why.ts';

export function whyNotReady(pod: Pod, facts: Facts): Why | undefined {
  const { spec, status } = pod;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'True') return undefined;
  const condition = field('status.conditions', `Ready: ${ready?.message ?? ready?.reason ?? 'False'}`);
  for (const one of status?.containerStatuses ?? []) {
    const container = spec?.containers.find(({ name }) => name === one.name);
    if (container && !one.ready) return whyProbe(container, one, condition, facts);
  }
  const gates = (spec?.readinessGates ?? []).filter(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status !== 'True',
  );
  const [gate] = gates;
  if (!gate) return undefined;
  return {
    tone: 'waiting',
    sentence: `The pod’s containers are ready, but its readiness gate ${gate.conditionType} is not open.`,
    evidence: [field('spec.readinessGates', `gate: ${gate.conditionType}`), condition],
    mend: 'Whoever watches over the gate sets that condition to True.',
  };
}

function whyProbe(container: Container, status: ContainerStatus, condition: Evidence, facts: Facts): Why {
  const { name } = container;
  const kind = container.startupProbe && !status.started ? 'startup' : 'readiness';
  const probe = kind === 'startup' ? container.startupProbe : container.readinessProbe;
  if (!probe) return { tone: 'waiting', sentence: `Container ${name} has just started.`, evidence: [condition] };
  const got = eventOf(facts, ['Unhealthy'], new RegExp(kind, 'i'));
  const what = field(`spec.containers[${name}].${kind}Probe`, `${kind} probe: ${probeText(probe)}`);
  const answer = got[0]?.text.replace(/^\w+ probe failed: /, '');
  if (answer === undefined)
    return {
      tone: 'waiting',
      sentence: `Container ${name} runs, and its ${kind} probe has not succeeded yet.`,
      evidence: [what, condition],
    };
  const effect =
    kind === 'startup'
      ? 'Until it succeeds, the container does not count as started'
      : 'Until it succeeds, services send the pod nothing';
  return {
    tone: 'problem',
    sentence: `The ${kind} probe of container ${name} fails: it got “${answer}”. ${effect}.`,
    evidence: [...got, what, condition],
    mend: 'Let the probe ask what the container answers (path, port), or mend what makes it answer like that.',
  };
}

function probeText({ httpGet, tcpSocket, exec, grpc, periodSeconds = 10 }: Probe): string {
  const how = httpGet
    ? `GET ${httpGet.path ?? '/'} on port ${httpGet.port}`
    : tcpSocket
      ? `connect to port ${tcpSocket.port}`
      : exec
        ? `run ${exec.command?.join(' ')}`
        : `gRPC on port ${grpc?.port}`;
  return `${how}, every ${periodSeconds} s`;
}
