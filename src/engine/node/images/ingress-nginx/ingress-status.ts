// Tells in each Ingress's status where it can be reached. Of several controllers one, the leader, does so once a minute.
import { ingresses, nodes, pods } from '../../../../api/generated/resources.ts';
import type { Ingress, IngressLoadBalancerIngress, Pod, Service } from '../../../../api/generated/types.ts';
import { isBeingDeleted } from '../../../../api/meta.ts';
import { ApiError } from '../../../../api/status.ts';
import type { Client } from '../../../client/client.ts';
import type { EventRecorder } from '../../../client/events.ts';
import { standForLeader } from '../../../client/leader-election.ts';
import type { Lister } from '../../../client/store.ts';
import { TransportError } from '../../../client/transport.ts';
import type { Scope } from '../../../sim/scope.ts';
import type { Work } from '../../../sim/work.ts';
import type { Log } from './controller-log.ts';
import type { Arguments } from './settings.ts';

export interface StatusParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly events: EventRecorder;
  readonly given: Arguments;
  readonly log: Log;
  readonly services: Lister<Service>;
  ingresses(): readonly Ingress[];
}

const periodMs = 60_000;
type Addresses = readonly IngressLoadBalancerIngress[];

/** Returns what the controller does when it ends: the last of them takes the addresses back. */
export function publishStatus(parts: StatusParts): () => Work<void> {
  const { scope, given, client, events } = parts;
  let leads = false;
  standForLeader({
    scope: scope.child('leader'),
    client,
    events,
    lease: given.electionId,
    namespace: given.podNamespace,
    identity: given.podName,
    lead(term) {
      leads = true;
      term.onStop(() => {
        leads = false;
      });
      term.spawn(keepTelling(parts, term));
    },
  });
  return function* () {
    if (!leads || (yield* othersRun(parts))) return;
    parts.log.say('I', 'status.go:136', '"removing value from ingress status" address=[]');
    yield* tell(parts, []);
  };
}

function* keepTelling(parts: StatusParts, term: Scope): Work<void> {
  for (;;) {
    yield* quietly(parts, function* () {
      yield* tell(parts, yield* addresses(parts));
    });
    yield* term.sleep(periodMs);
  }
}

function* tell(parts: StatusParts, found: Addresses): Work<void> {
  for (const ingress of parts.ingresses()) {
    const known = ingress.status?.loadBalancer?.ingress ?? [];
    if (JSON.stringify(known) === JSON.stringify(found) || isBeingDeleted(ingress)) continue;
    const [now, next] = [known, found].map((each) => (each.length > 0 ? JSON.stringify(each) : 'null'));
    const { namespace = '', name = '' } = ingress.metadata ?? {};
    const which = `namespace="${namespace}" ingress="${name}"`;
    parts.log.say('I', 'status.go:304', `"updating Ingress status" ${which} currentValue=${now} newValue=${next}`);
    const status = { loadBalancer: found.length > 0 ? { ingress: found } : {} };
    yield* quietly(parts, () => parts.client.updateStatus(ingresses, { ...ingress, status }));
  }
}

/** Of the service that stands before it, or of the nodes that its pods run on. */
function* addresses(parts: StatusParts): Work<Addresses> {
  const { given, services } = parts;
  if (given.publishAddresses.length > 0) return given.publishAddresses.map((ip) => ({ ip }));
  if (given.publishService === undefined) return yield* nodeAddresses(parts);
  const { spec, status } = services.get(given.publishService) ?? {};
  if (spec?.type === 'LoadBalancer')
    return (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ({
      ...(ip && { ip }),
      ...(hostname && { hostname }),
    }));
  return spec?.clusterIP ? [{ ip: spec.clusterIP }] : [];
}

function* nodeAddresses(parts: StatusParts): Work<Addresses> {
  const { client, given } = parts;
  const wanted = given.internalNodeIp ? ['InternalIP'] : ['ExternalIP', 'InternalIP'];
  const found = new Set<string>();
  for (const name of new Set((yield* ownPods(parts)).map(({ spec }) => spec?.nodeName ?? ''))) {
    const { status } = yield* client.get(nodes, { name });
    const address = wanted.map((type) => status?.addresses?.find((each) => each.type === type)?.address).find(Boolean);
    if (address !== undefined) found.add(address);
  }
  return [...found].sort().map((ip) => ({ ip }));
}

/** The running pods of the same labels as this one. */
function* ownPods({ client, given }: StatusParts): Work<readonly Pod[]> {
  const { podNamespace: namespace, podName: name } = given;
  const { metadata } = yield* client.get(pods, { namespace, name });
  const { 'pod-template-hash': _, ...labels } = metadata?.labels ?? {};
  const labelSelector = Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(',');
  const { items } = yield* client.list(pods, { namespace, labelSelector });
  return items.filter((pod) => pod.status?.phase === 'Running' && !isBeingDeleted(pod));
}

function* othersRun(parts: StatusParts): Work<boolean> {
  let others = false;
  yield* quietly(parts, function* () {
    others = (yield* ownPods(parts)).some(({ metadata }) => metadata?.name !== parts.given.podName);
  });
  return others;
}

/** What the server refuses is said and tried again the next time. */
function* quietly({ log }: StatusParts, act: () => Work<unknown>): Work<void> {
  try {
    yield* act();
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof TransportError)) throw error;
    log.say('E', 'status.go:311', `"error updating ingress rule" err="${error.message}"`);
  }
}
