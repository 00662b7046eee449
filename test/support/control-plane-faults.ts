// What goes wrong with the parts of a control plane of three, drawn at random.
import type { ComponentName } from '../../src/api/ports.ts';
import type { RandomStream } from '../../src/engine/sim/random.ts';
import type { EngineWorld } from './world.ts';

const machines = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;
const components: readonly ComponentName[] = [
  'etcd',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
];

export class ControlPlaneFaults {
  /** How to undo what is broken, by what it is. */
  private readonly broken = new Map<string, () => void>();

  constructor(
    private readonly world: EngineWorld,
    private readonly random: RandomStream,
  ) {}

  operations(): readonly (() => string)[] {
    const { cluster } = this.world;
    const machine = this.random.pick(machines) ?? machines[0];
    const component = this.random.pick(components) ?? 'etcd';
    const delayMs = this.random.below(3000);
    return [
      () => {
        cluster.setComponent(machine, component, false);
        return this.fault(`${component} of ${machine}`, () => cluster.setComponent(machine, component, true));
      },
      () => {
        cluster.partition(machine, true);
        return this.fault(`the network of ${machine}`, () => cluster.partition(machine, false));
      },
      () => {
        cluster.powerOff(machine);
        return this.fault(`the power of ${machine}`, () => cluster.powerOn(machine));
      },
      () => {
        cluster.slowEtcd(machine, delayMs);
        return this.fault(`the disk of ${machine} (${delayMs} ms)`, () => cluster.slowEtcd(machine, 0));
      },
      () => this.mendOne(),
      () => this.mendOne(),
    ];
  }

  mend(): void {
    for (const mend of this.broken.values()) mend();
    this.broken.clear();
  }

  private fault(what: string, mend: () => void): string {
    this.broken.set(what, mend);
    return `fails: ${what}`;
  }

  private mendOne(): string {
    const [what, mend] = this.random.pick([...this.broken]) ?? ['nothing', () => {}];
    mend();
    this.broken.delete(what);
    return `mended: ${what}`;
  }
}
