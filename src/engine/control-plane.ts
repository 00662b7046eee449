// The processes of a control plane: controller manager and scheduler. Each is a scope of its own: stop it and its
// work really stops.
import type { UserInfo } from '../api/request.ts';
import { Client } from './client/client.ts';
import { type ClusterFacts, type ControllerDefinition, startController } from './client/controller.ts';
import { EventRecorder } from './client/events.ts';
import { InformerFactory } from './client/informer.ts';
import type { Meter } from './client/meter.ts';
import type { Rate } from './client/rate-limit.ts';
import { type Link, Transport } from './client/transport.ts';
import { startScheduler } from './scheduler/scheduler.ts';
import type { Scope } from './sim/scope.ts';

const version = 'v1.36.2';
/** Defaults of `--kube-api-qps` and `--kube-api-burst`, and of the scheduler's clientConnection. */
const managerRate: Rate = { qps: 20, burst: 30 };
const schedulerRate: Rate = { qps: 50, burst: 100 };

export function userOf(name: string, ...groups: readonly string[]): UserInfo {
  return { name, groups: [...groups, 'system:authenticated'] };
}

/** All controllers share one set of informers; each writes as a service account of its own. */
export function startControllerManager(
  scope: Scope,
  parts: {
    readonly link: Link;
    readonly facts: ClusterFacts;
    readonly controllers: readonly ControllerDefinition[];
    readonly meter?: Meter | undefined;
  },
): void {
  const agent = `kube-controller-manager/${version}`;
  const { meter } = parts;
  const shared = new Client(new Transport(scope, parts.link, undefined, meter?.calls), {
    user: userOf('system:kube-controller-manager'),
    userAgent: agent,
  });
  const informers = new InformerFactory(scope.child('informers'), shared);
  if (meter) meter.informers = informers;
  for (const controller of parts.controllers) {
    const own = scope.child(controller.name);
    const user = userOf(
      `system:serviceaccount:kube-system:${controller.account ?? controller.name}`,
      'system:serviceaccounts',
      'system:serviceaccounts:kube-system',
    );
    const client = controller.asManager
      ? shared
      : new Client(new Transport(own, parts.link, controller.rate ?? managerRate, meter?.calls), {
          user,
          userAgent: `${agent} ${controller.name}`,
        });
    const component = controller.eventSource ?? controller.account ?? controller.name;
    const events = new EventRecorder(own, client, { component });
    startController(controller, { scope: own, client, informers, events, cluster: parts.facts, meter });
  }
}

export function startKubeScheduler(scope: Scope, link: Link, meter?: Meter): void {
  const client = new Client(new Transport(scope, link, schedulerRate, meter?.calls), {
    user: userOf('system:kube-scheduler'),
    userAgent: `kube-scheduler/${version}`,
  });
  const informers = new InformerFactory(scope.child('informers'), client);
  if (meter) meter.informers = informers;
  const events = new EventRecorder(scope.child('events'), client, { component: 'default-scheduler', style: 'series' });
  startScheduler({ scope, client, informers, events, meter });
}
