// A small cluster for tests: an API server on its own etcd, clients of it, and virtual time to run.
import { namespaces, serviceAccounts } from '../../api/generated/resources.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { Resource } from '../../api/resource.ts';
import { type ApiServer, createApiServer } from '../apiserver/api-server.ts';
import { Client } from '../client/client.ts';
import { EventRecorder, type EventSource } from '../client/events.ts';
import { InformerFactory } from '../client/informer.ts';
import { type Link, Transport } from '../client/transport.ts';
import { EtcdStore } from '../etcd/store.ts';
import type { Scope } from '../sim/scope.ts';
import { Simulation } from '../sim/simulation.ts';
import type { Work } from '../sim/work.ts';

/** What a component is started with. */
export interface ComponentParts {
  readonly scope: Scope;
  readonly client: Client;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
}

export interface TestCluster {
  readonly simulation: Simulation;
  readonly apiServer: ApiServer;
  readonly link: Link;
  client(user?: string): Client;
  /** A scope, client, informers and event recorder of its own, as a component of the cluster has them. */
  component(name: string, source?: EventSource): ComponentParts;
  /** Runs for that many milliseconds of virtual time. */
  run(ms: number): void;
  /** Runs work to its end; throws what it throws. */
  perform<T>(work: Work<T>): T;
  /** With the default service account that pods need; `default` is there from the start. */
  addNamespace(name: string): void;
  create<T extends KubeObject>(resource: Resource<T>, ...objects: readonly T[]): void;
  get<T extends KubeObject>(resource: Resource<T>, name: string, namespace?: string): T;
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[];
}

const startsAt = Date.UTC(2026, 0, 2, 3, 4, 5);

export function testCluster({ seed = 1 }: { readonly seed?: number } = {}): TestCluster {
  const simulation = new Simulation({ seed, startsAt });
  const { root } = simulation;
  const apiServer = createApiServer({ scope: root.child('apiserver'), store: new EtcdStore() });
  const link: Link = { up: true, endpoint: () => apiServer, address: '172.18.0.2:6443', delayMs: 0.2, jitterMs: 0.1 };
  const clientIn = (scope: Scope, name: string): Client =>
    new Client(new Transport(scope, link), {
      user: { name, groups: ['system:masters', 'system:authenticated'] },
      userAgent: `${name}/v1.36.2`,
    });
  const admin = clientIn(root.child('admin'), 'kubernetes-admin');
  const perform = <T>(work: Work<T>): T => {
    const outcomes: T[] = [];
    let failure: unknown;
    root.run(
      work,
      (value) => outcomes.push(value),
      (error) => {
        failure = error;
      },
    );
    simulation.runWhen(() => outcomes.length > 0 || failure !== undefined, 60_000);
    const [value] = outcomes;
    if (failure !== undefined || value === undefined) throw failure ?? new Error('the work did not end in a minute');
    return value;
  };
  const cluster: TestCluster = {
    simulation,
    apiServer,
    link,
    client: (user = 'kubernetes-admin') => clientIn(root.child(user), user),
    component: (name, source) => {
      const scope = root.child(name);
      const client = clientIn(scope, name);
      const informers = new InformerFactory(scope.child('informers'), client);
      return { scope, client, informers, events: new EventRecorder(scope, client, source ?? { component: name }) };
    },
    run: (ms) => simulation.runFor(ms),
    perform,
    addNamespace: (name) => {
      if (!cluster.list(namespaces).some(({ metadata }) => metadata?.name === name))
        cluster.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      if (cluster.list(serviceAccounts, name).length > 0) return;
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } };
      cluster.create(serviceAccounts, account);
    },
    create: (resource, ...objects) => {
      for (const object of objects) perform(admin.create(resource, object));
    },
    get: (resource, name, namespace) => perform(admin.get(resource, { name, namespace })),
    list: (resource, namespace) => perform(admin.list(resource, namespace === undefined ? {} : { namespace })).items,
  };
  cluster.addNamespace('default');
  return cluster;
}
