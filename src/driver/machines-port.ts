// MachinesPort over the engine's clusters.
import type { MachinesPort, RuntimeContainer, RuntimeImage, RuntimeRefusal, RuntimeView } from '../api/machines.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { MachineInUse } from '../engine/machine-in-use.ts';
import { parseImageName } from '../engine/node/registry/image-name.ts';
import type { Container } from '../engine/node/runtime/container.ts';
import { startExec } from '../engine/node/runtime/exec.ts';
import type { Runtime, RuntimePod } from '../engine/node/runtime/runtime.ts';
import { attachment } from './attachment.ts';
import type { Driver } from './driver.ts';

const callMs = 3;
/** Until the runtime has told that a container has ended. */
const noticeMs = 100;

/** `clusterOf` finds the cluster that has a machine of that name. */
export function machinesPort(driver: Driver, clusterOf: (node: string) => Cluster | undefined): MachinesPort {
  const { root } = driver.simulation;
  const after = <T>(ms: number, value: () => T): Promise<T> =>
    driver.wait<T>((answer) => {
      root.schedule(ms, () => answer.resolve(value()));
      return undefined;
    });
  const machine = (node: string): MachineInUse | undefined => clusterOf(node)?.machineInUse(node);
  const ask = <T>(node: string, value: (machine: MachineInUse) => T): Promise<T | undefined> =>
    after(callMs, () => {
      const found = machine(node);
      return found && value(found);
    });
  const tell = async (node: string, act: (machine: MachineInUse) => void): Promise<void> => {
    await ask(node, act);
  };
  const containerOf = (node: string, id: string): Container | undefined => {
    const runtime = machine(node)?.runtime;
    return runtime && allContainers(runtime).find((container) => container.id === id);
  };
  return {
    facts: (node) => ask(node, ({ facts }) => facts),
    units: (node) => ask(node, (found) => found.units()),
    setUnit: (node, unit, running) => tell(node, (found) => found.setUnit(unit, running)),
    enableUnit: (node, unit, enabled) => tell(node, (found) => found.enableUnit(unit, enabled)),
    reloadUnits: (node) => tell(node, (found) => found.reloadUnits()),
    journal: (node) => ask(node, ({ journal }) => journal.entries),
    runtime: (node) =>
      after(callMs, () => {
        const runtime = machine(node)?.runtime;
        return runtime && runtime.stoppedAt === undefined ? viewOf(runtime) : undefined;
      }),
    containerLog: (node, id) =>
      after(callMs, () => {
        const all = { follow: false, previous: false, timestamps: false };
        const lines = containerOf(node, id)?.log.select(all, root.now) ?? [];
        return lines.map(({ at, stream, bytes }) => ({ at, stream, text: decodeUtf8(bytes) }));
      }),
    async stopContainer(node, id, timeoutMs) {
      const runs = (): boolean => containerOf(node, id)?.state === 'running';
      await after(callMs, () => containerOf(node, id)?.signal(containerOf(node, id)?.stopSignal ?? 'SIGTERM'));
      for (let waited = 0; runs() && waited < timeoutMs; waited += noticeMs) await after(noticeMs, () => {});
      if (runs()) await after(noticeMs, () => containerOf(node, id)?.signal('SIGKILL'));
    },
    removeContainer: (node, id) => tell(node, ({ runtime }) => runtime.removeContainer(id)),
    stopSandbox: (node, id) =>
      tell(node, ({ runtime }) => {
        const pod = podOf(runtime, id);
        for (const container of pod?.containers ?? []) container.signal('SIGKILL');
        if (pod) runtime.stopSandbox(pod.uid);
      }),
    removeSandbox: (node, id) =>
      tell(node, ({ runtime }) => {
        const pod = podOf(runtime, id);
        if (pod) runtime.removePod(pod.uid);
      }),
    async pullImage(node, image) {
      const parsed = parseImageName(image);
      if ('problem' in parsed)
        return {
          problem: `rpc error: code = InvalidArgument desc = failed to parse image reference "${image}": ${parsed.problem}`,
        };
      const outcome = await ask(node, ({ registries }) => registries.pull(parsed));
      if (!outcome) return { problem: 'no such machine' };
      return after<RuntimeImage | RuntimeRefusal>(outcome.durationMs, () => {
        if (outcome.kind === 'failed') return { problem: outcome.message };
        machine(node)?.addImage(outcome.image);
        return outcome.image;
      });
    },
    removeImage: async (node, image) => (await ask(node, (found) => found.removeImage(image))) ?? false,
    async execIn(node, id, { argv, stdin, tty }) {
      const container = await after(callMs, () => containerOf(node, id));
      if (container?.state !== 'running') return { problem: 'container is in CONTAINER_EXITED state' };
      let problem: string | undefined;
      const terminal = tty ? { columns: 80, rows: 24 } : undefined;
      const attached = attachment(driver, (events) => {
        const started = startExec(container, { argv, stdin, terminal }, events);
        if (!('problem' in started)) return started;
        problem = started.problem;
        return { input() {}, inputEnded() {}, signal() {} };
      });
      return problem === undefined ? attached : { problem };
    },
  };
}

function allContainers(runtime: Runtime): readonly Container[] {
  return [...runtime.pods.values()].flatMap(({ containers }) => containers);
}

function podOf(runtime: Runtime, sandbox: string): RuntimePod | undefined {
  return [...runtime.pods.values()].find((pod) => pod.sandbox?.id === sandbox);
}

function viewOf(runtime: Runtime): RuntimeView {
  const pods = [...runtime.pods.values()];
  return {
    sandboxes: pods.flatMap(({ sandbox, uid, name, namespace }) =>
      sandbox
        ? [
            {
              id: sandbox.id,
              uid,
              name,
              namespace,
              createdAt: sandbox.createdAt,
              ready: sandbox.ready,
              ips: sandbox.ips,
              hostNetwork: sandbox.hostNetwork,
            },
          ]
        : [],
    ),
    containers: pods.flatMap((pod) => pod.containers.map((container) => shownContainer(pod, container))),
    images: runtime.listImages(),
  };
}

function shownContainer({ sandbox, uid, name, namespace }: RuntimePod, container: Container): RuntimeContainer {
  const { config, state, createdAt, startedAt, finishedAt, exitCode, reason, message, usage, argv } = container;
  return {
    id: container.id,
    sandbox: sandbox?.id ?? '',
    name: container.name,
    podName: name,
    namespace,
    podUid: uid,
    attempt: config.attempt,
    image: config.imageName,
    imageId: config.image.digestName,
    state,
    createdAt,
    startedAt,
    finishedAt,
    exitCode,
    reason,
    message,
    argv,
    env: [...config.env].map(([key, value]) => `${key}=${value}`),
    mounts: config.mounts.map(({ path, readOnly }) => ({ path, readOnly })),
    cpuMs: usage?.cpuMs ?? 0,
    memoryBytes: usage?.memoryBytes ?? 0,
  };
}
