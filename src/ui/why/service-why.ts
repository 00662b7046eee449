// Why a service leads nowhere: nothing selected, nothing ready, a port that no container has, no address.
import type { Pod, Service, ServicePort } from '../../api/generated/types.ts';
import { selectorFromLabels } from '../../api/selectors.ts';
import { type Evidence, type Facts, field, objectEvidence, type Why } from './why.ts';

const podsMax = 8;

/** Undefined: it has ready endpoints, as far as one can see from outside. */
export function whyService(service: Service, facts: Facts): Why | undefined {
  const { spec } = service;
  if (spec?.type === 'ExternalName') return undefined;
  const slices = slicesOf(service, facts);
  const ready = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false),
  );
  if (Object.keys(spec?.selector ?? {}).length === 0)
    return ready.length > 0 ? whyNoAddress(service) : whyNoSelector(service);
  const selected = podsOf(service, facts);
  if (selected.length === 0) return whyNothingSelected(service, facts);
  if (ready.length === 0) return whyNothingReady(service, selected);
  return whyWrongPort(service, selected) ?? whyNoAddress(service);
}

function slicesOf({ metadata }: Service, { endpointSlices }: Facts) {
  return [...endpointSlices.values()].filter(
    (slice) =>
      slice.metadata?.namespace === metadata?.namespace &&
      slice.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name,
  );
}

function podsOf({ metadata, spec }: Service, { pods }: Facts): readonly Pod[] {
  const selector = selectorFromLabels(spec?.selector);
  return [...pods.values()].filter(
    (pod) => pod.metadata?.namespace === metadata?.namespace && selector.matches(pod.metadata?.labels),
  );
}

function selectorEvidence({ spec }: Service): Evidence {
  return field('spec.selector', `selector: ${labelsText(spec?.selector)}`);
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

function whyNoSelector({ metadata }: Service): Why {
  return {
    tone: 'problem',
    sentence: 'The service has no selector, so nobody lists pods for it, and no endpoints were written by hand.',
    evidence: [field('spec.selector', 'no selector'), { text: `no EndpointSlice names the service ${metadata?.name}` }],
    mend: 'Give it a selector that matches the pods’ labels, or write an EndpointSlice for it.',
  };
}

function whyNothingSelected(service: Service, facts: Facts): Why {
  const { metadata, spec } = service;
  const wanted = spec?.selector ?? {};
  const near = [...facts.pods.values()]
    .filter((pod) => pod.metadata?.namespace === metadata?.namespace)
    .filter(({ metadata: { labels = {} } = {} }) => Object.keys(wanted).some((key) => Object.hasOwn(labels, key)))
    .slice(0, 3);
  return {
    tone: 'problem',
    sentence: `No pod in namespace ${metadata?.namespace} has the labels that the service selects.`,
    evidence: [
      selectorEvidence(service),
      ...near.map((pod) =>
        objectEvidence('pods', pod, `${pod.metadata?.name} has ${labelsText(pod.metadata?.labels)}`),
      ),
    ],
    mend: 'Make selector and labels the same. A selector looks only at its own namespace, and at labels of pods, not of Deployments.',
  };
}

function whyNothingReady(service: Service, selected: readonly Pod[]): Why {
  const states = selected
    .slice(0, podsMax)
    .map((pod) => objectEvidence('pods', pod, `${pod.metadata?.name} is ${stateText(pod)}`));
  const count = selected.length === 1 ? 'The one pod' : `None of the ${selected.length} pods`;
  return {
    tone: selected.every(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running')
      ? 'waiting'
      : 'problem',
    sentence: `${count} that the service selects is ${selected.length === 1 ? 'not ' : ''}ready, and only ready pods get traffic.`,
    evidence: [...states, selectorEvidence(service)],
    mend: 'See why the pods are not ready: each of them says it.',
  };
}

function stateText({ metadata, status }: Pod): string {
  if (metadata?.deletionTimestamp !== undefined) return 'being deleted';
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting)?.state?.waiting?.reason;
  return waiting ?? (status?.phase === 'Running' ? 'running, but not ready' : (status?.phase ?? 'Pending'));
}

function whyWrongPort(service: Service, selected: readonly Pod[]): Why | undefined {
  for (const port of service.spec?.ports ?? []) {
    const target = port.targetPort ?? port.port;
    const missing = selected.filter((pod) => !hasPort(pod, port));
    if (missing.length < selected.length || selected.length === 0) continue;
    const [pod] = missing;
    const declared = (pod?.spec?.containers ?? []).flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort }) => (name ? `${containerPort} (${name})` : String(containerPort))),
    );
    // A number that no container declares may still be listened on: only where others are declared is it suspicious.
    if (typeof target === 'number' && declared.length === 0) continue;
    return {
      tone: 'problem',
      sentence: `The service sends port ${port.port} to ${typeof target === 'number' ? `port ${target}` : `a port named ${target}`}, which no container of its pods declares.`,
      evidence: [
        field('spec.ports', `targetPort: ${target}`),
        ...(pod
          ? [objectEvidence('pods', pod, `${pod.metadata?.name} declares ${declared.join(', ') || 'no ports'}`)]
          : []),
      ],
      mend: 'Set `targetPort` to the port that the containers listen on.',
    };
  }
  return undefined;
}

function hasPort({ spec }: Pod, { targetPort, port }: ServicePort): boolean {
  const target = targetPort ?? port;
  return (spec?.containers ?? []).some(({ ports = [] }) =>
    ports.some(({ name, containerPort }) => name === target || containerPort === target),
  );
}

function whyNoAddress({ spec, status }: Service): Why | undefined {
  if (spec?.type !== 'LoadBalancer' || (status?.loadBalancer?.ingress?.length ?? 0) > 0) return undefined;
  return {
    tone: 'waiting',
    sentence: 'The load balancer has no address yet: something outside of Kubernetes has to provide it.',
    evidence: [field('status.loadBalancer', 'no ingress address'), field('spec.type', 'type: LoadBalancer')],
    mend: 'A cloud does so by itself; with minikube run `minikube tunnel`. The service’s node port works meanwhile.',
  };
}
