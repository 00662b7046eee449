// What users, teachers and bad luck do to a cluster, drawn at random.
import { deployments, nodes, pods, services } from '../../src/api/generated/resources.ts';
import type { Deployment, Pod } from '../../src/api/generated/types.ts';
import { ApiError } from '../../src/api/status.ts';
import { TransportError } from '../../src/engine/client/transport.ts';
import type { RandomStream } from '../../src/engine/sim/random.ts';
import type { Work } from '../../src/engine/sim/work.ts';
import { ControlPlaneFaults } from './control-plane-faults.ts';
import type { EngineWorld } from './world.ts';

const names = ['red', 'green', 'blue'];
const images = ['nginx:1.27', 'nginx:1.28', 'nginx:does-not-exist', 'registry.k8s.io/pause:3.9'];
const namespace = 'default';

export class RandomOperations {
  /** One line an operation, to print when something went wrong. */
  readonly history: string[] = [];
  private readonly random: RandomStream;
  private readonly dark = new Set<string>();
  private readonly faults: ControlPlaneFaults | undefined;

  constructor(
    private readonly world: EngineWorld,
    seed: number,
    { controlPlane = false }: { /** Parts of the control plane fail too. */ readonly controlPlane?: boolean } = {},
  ) {
    this.random = world.simulation.random(`operations/${seed}`);
    if (controlPlane) this.faults = new ControlPlaneFaults(world, this.random);
  }

  /** Does one thing, then lets up to half a minute pass. */
  next(): void {
    const operation = this.random.pick(this.operations());
    const line = operation?.() ?? 'nothing';
    this.history.push(line);
    this.world.simulation.runFor(this.random.below(30_000));
  }

  /** Switches every node on again and lets pods onto it. */
  mendNodes(): void {
    for (const name of this.dark) this.world.cluster.powerOn(name);
    this.dark.clear();
    this.faults?.mend();
    this.world.simulation.runFor(60_000);
    for (const name of ['worker-1', 'worker-2'])
      this.attempt(this.world.client.patch(nodes, { name }, { spec: { unschedulable: null } }));
    this.history.push('every node runs and takes pods');
  }

  private operations(): readonly (() => string)[] {
    const name = this.random.pick(names) ?? 'red';
    const { client, cluster } = this.world;
    const worker = `worker-${1 + this.random.below(2)}`;
    return [
      () => `create deployment ${name}: ${this.attempt(client.create(deployments, this.deployment(name)))}`,
      () => {
        const replicas = this.random.below(6);
        return `scale ${name} to ${replicas}: ${this.attempt(client.patch(deployments, { namespace, name }, { spec: { replicas } }))}`;
      },
      () => {
        const image = this.random.pick(images) ?? '';
        const patch = { spec: { template: { spec: { containers: [{ name: 'c', image }] } } } };
        return `set image of ${name} to ${image}: ${this.attempt(client.patch(deployments, { namespace, name }, patch))}`;
      },
      () => {
        const propagationPolicy = this.random.pick(['Background', 'Foreground', 'Orphan'] as const);
        return `delete deployment ${name} (${propagationPolicy}): ${this.attempt(client.delete(deployments, { namespace, name, propagationPolicy }))}`;
      },
      () =>
        `expose ${name}: ${this.attempt(client.create(services, { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector: { app: name }, ports: [{ port: 80 }] } }))}`,
      () => `delete service ${name}: ${this.attempt(client.delete(services, { namespace, name }))}`,
      () => this.deleteSomePod(),
      () =>
        `cordon ${worker}: ${this.attempt(client.patch(nodes, { name: worker }, { spec: { unschedulable: true } }))}`,
      () => {
        if (this.dark.has(worker)) return 'nothing';
        this.dark.add(worker);
        cluster.powerOff(worker);
        return `power off ${worker}`;
      },
      () => {
        for (const dark of this.dark) cluster.powerOn(dark);
        this.dark.clear();
        return 'power on';
      },
      () => {
        this.world.simulation.runFor(this.random.below(8 * 60_000));
        return 'minutes pass';
      },
      ...(this.faults?.operations() ?? []),
    ];
  }

  private deleteSomePod(): string {
    const { client } = this.world;
    let found: readonly Pod[] = [];
    const look = function* (): Work<void> {
      found = (yield* client.list(pods, { namespace, resourceVersion: '0' })).items;
    };
    const looked = this.attempt(look());
    const name = this.random.pick(found)?.metadata?.name;
    if (name === undefined) return `look for a pod to delete: ${looked}`;
    const gracePeriodSeconds = this.random.pick([undefined, 0, 5]);
    return `delete pod ${name} (grace ${gracePeriodSeconds}): ${this.attempt(client.delete(pods, { namespace, name, gracePeriodSeconds }))}`;
  }

  private deployment(name: string): Deployment {
    const labels = { app: name };
    const cpu = this.random.pick(['0', '100m', '1500m']) ?? '0';
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas: this.random.below(5),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: 'c', image: this.random.pick(images) ?? '', resources: { requests: { cpu } } }],
          },
        },
      },
    };
  }

  /** Does it; a refusal of the server is an outcome like any other. */
  private attempt(work: Work<unknown>): string {
    try {
      this.world.run(work);
      return 'done';
    } catch (error) {
      if (error instanceof ApiError || error instanceof TransportError) return error.message;
      throw error;
    }
  }
}
