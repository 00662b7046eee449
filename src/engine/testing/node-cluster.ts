// A test cluster with one node, whose programs are a handful of scripts that need no shell.
import { configMaps, coreEvents, nodes, pods } from '../../api/generated/resources.ts';
import type { Pod, PodSpec } from '../../api/generated/types.ts';
import { CannotExecute, type ProgramHost } from '../../api/program.ts';
import { encodeUtf8 } from '../../base/bytes.ts';
import { FileError } from '../../base/files.ts';
import { createNetwork } from '../network/network.ts';
import { Registries } from '../node/registry/registries.ts';
import { type RunningNode, startNode } from '../node/start-node.ts';
import type { Scope } from '../sim/scope.ts';
import { type TestCluster, testCluster } from './cluster.ts';

export interface NodeCluster extends TestCluster {
  readonly node: RunningNode;
  /** Creates a pod on the node and runs for that long. */
  runPod(name: string, spec: Omit<PodSpec, 'nodeName'>, ms?: number): Pod;
  pod(name: string): Pod;
  /** What its first container was started with, sorted. */
  environmentOf(name: string): readonly string[];
  /** `Normal Pulled message (x2)` lines about a pod, oldest first. */
  events(name: string): readonly string[];
}

export function nodeCluster(): NodeCluster {
  const cluster = testCluster();
  const scope = cluster.simulation.root.child('node/worker-1');
  cluster.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: 'default' },
    data: { 'ca.crt': 'CA' },
  });
  const environments = new Map<string, ReadonlyMap<string, string>>();
  const node = startNode({
    scope,
    name: 'worker-1',
    ips: ['172.18.0.3'],
    client: cluster.client('system:node:worker-1'),
    network: createNetwork(scope.child('network')),
    programs: scriptedPrograms(scope, environments),
    registries: new Registries(scope.random('registries')),
    podCidr: '10.244.1.0/24',
  });
  const pod = (name: string): Pod => cluster.get(pods, name, 'default');
  cluster.simulation.runWhen(() => node.ready, 10_000);
  return {
    ...cluster,
    node,
    pod,
    runPod(name, spec, ms = 5000) {
      cluster.create(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default' },
        spec: { ...spec, nodeName: 'worker-1' },
      });
      cluster.run(ms);
      return pod(name);
    },
    environmentOf: (name) => [...(environments.get(name) ?? [])].map(([key, value]) => `${key}=${value}`).sort(),
    events: (name) =>
      cluster
        .list(coreEvents, 'default')
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(
          ({ type, reason, message, count = 1 }) => `${type} ${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`,
        ),
  };
}

export function nodeStatusOf(cluster: TestCluster) {
  return cluster.get(nodes, 'worker-1');
}

/** Understands `exit N`, `echo TEXT`, `cat FILE`, `false`, `true` and `wait`, one after the other, joined by `;`. */
export function scriptedPrograms(scope: Scope, environments: Map<string, ReadonlyMap<string, string>>): ProgramHost {
  return {
    start({ argv, machine, env }, events) {
      environments.set(machine.hostname, env);
      const script = argv[0] === 'sh' ? (argv[2] ?? '') : argv.join(' ');
      let waits = false;
      scope.schedule(5, () => {
        for (const line of script.split(';').map((part) => part.trim())) {
          const [word = '', rest = ''] = [line.split(' ')[0], line.split(' ').slice(1).join(' ')];
          if (word === 'echo') events.output(1, encodeUtf8(`${rest}\n`));
          else if (word === 'cat') {
            try {
              events.output(1, machine.files.readFile(rest));
            } catch (error) {
              if (!(error instanceof FileError)) throw error;
              events.output(2, encodeUtf8(`cat: can't open '${rest}': ${error.message}\n`));
              return events.exited(1);
            }
          } else if (word === 'wait') {
            waits = true;
            return;
          } else if (word === 'exit' || word === 'false') return events.exited(word === 'false' ? 1 : Number(rest));
          else if (word !== 'true') return events.failed(new CannotExecute('notFound', word));
        }
        events.exited(0);
      });
      return {
        input() {},
        inputEnded() {},
        signal(signal) {
          if (waits && signal === 'SIGKILL') events.exited(137);
        },
        resize() {},
      };
    },
  };
}
