// ClustersPort over the engine's local clusters.
import type { ClustersPort } from '../api/clusters.ts';
import type { ProgramHost } from '../api/program.ts';
import { programNode } from '../base/files.ts';
import type { LocalClusters } from '../engine/outside/clusters.ts';
import { installPrograms } from '../shell/programs/programs.ts';
import { attachment } from './attachment.ts';
import type { Driver } from './driver.ts';

const callMs = 3;
/** How often one looks whether the nodes are Ready. */
const lookMs = 250;

export function clustersPort(driver: Driver, clusters: LocalClusters, programs: ProgramHost): ClustersPort {
  const { root } = driver.simulation;
  const ask = <T>(value: () => T): Promise<T> =>
    driver.wait<T>((answer) => {
      root.schedule(callMs, () => answer.resolve(value()));
      return undefined;
    });
  return {
    list: () => ask(() => clusters.list()),
    create: (request) => ask(() => clusters.create(request)),
    start: (name) => ask(() => clusters.start(name)),
    stop: (name) => ask(() => clusters.stop(name)),
    delete: (name) => ask(() => clusters.delete(name)),
    addNode: (name, controlPlane) => ask(() => clusters.addNode(name, controlPlane)),
    powerNode: (name, node, on) => ask(() => clusters.powerNode(name, node, on)),
    removeNode: (name, node) => ask(() => clusters.removeNode(name, node)),
    async ready(name, timeoutMs) {
      const until = driver.simulation.now + timeoutMs;
      while (!clusters.ready(name)) {
        if (driver.simulation.now >= until) return false;
        await driver.sleep(lookMs);
      }
      return true;
    },
    setAddon: (name, addon, enabled) => ask(() => clusters.setAddon(name, addon, enabled)),
    openTunnel: (name, way) => ask(() => clusters.openTunnel(name, way)),
    async exec(name, { node, argv, stdin, tty }) {
      const machine = await ask(() => clusters.cluster(name)?.machine(node));
      if (!machine) throw new Error(`${node} does not run`);
      if (!machine.files.exists('/bin/sh')) {
        installPrograms(machine.files, 'gnu');
        machine.files.place('/usr/bin/sudo', programNode('sudo'));
      }
      return attachment(driver, (events) =>
        programs.start(
          {
            machine: { id: `node/${node}`, hostname: node, files: machine.files },
            network: machine.host,
            argv,
            env: new Map([
              ['HOME', '/tmp'],
              ['USER', 'docker'],
              ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
            ]),
            cwd: '/tmp',
            user: { name: 'docker', uid: 1000 },
            terminal: tty ? { columns: 80, rows: 24 } : undefined,
            stdin,
          },
          events,
        ),
      );
    },
  };
}
