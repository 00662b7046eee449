// crictl inspect and inspectp: all that the runtime knows of a container or a pod's sandbox.
import type { JsonObject } from '../../base/json.ts';
import {
  type CrictlCall,
  type CrictlCommand,
  containerOf,
  imageIdOf,
  operandsOf,
  outputOption,
  printedAsDocument,
  sandboxOf,
} from './command.ts';

export const inspect: CrictlCommand = {
  names: ['inspect'],
  about: 'Display the status of one or more containers',
  options: [outputOption],
  async run(call) {
    for (const id of operandsOf(call)) await printedAsDocument(call, () => containerDocument(call, id), 'json');
    return 0;
  },
};

export const inspectPod: CrictlCommand = {
  names: ['inspectp'],
  about: 'Display the status of one or more pods',
  options: [outputOption],
  async run(call) {
    for (const id of operandsOf(call)) await printedAsDocument(call, () => sandboxDocument(call, id), 'json');
    return 0;
  },
};

function containerDocument(call: CrictlCall, wanted: string): JsonObject {
  const container = containerOf(call, wanted, 'getting the status of the container');
  const { id, name, podName, namespace, podUid, attempt, state, exitCode, message, sandbox } = container;
  const reason = container.reason || (state === 'exited' ? (exitCode === 0 ? 'Completed' : 'Error') : '');
  const labels = podLabels({ podName, namespace, podUid });
  return {
    info: {
      config: {
        command: [...container.argv],
        envs: container.env.map((text) => ({
          key: text.slice(0, text.indexOf('=')),
          value: text.slice(text.indexOf('=') + 1),
        })),
        image: { image: `sha256:${imageIdOf(container.imageId)}`, user_specified_image: container.image },
        log_path: `${name}/${attempt}.log`,
        metadata: { attempt, name },
        mounts: container.mounts.map(({ path, readOnly }) => ({ container_path: path, readonly: readOnly })),
      },
      runtimeType: 'io.containerd.runc.v2',
      sandboxID: sandbox,
    },
    status: {
      annotations: { 'io.kubernetes.container.restartCount': String(attempt) },
      createdAt: time(container.createdAt),
      exitCode,
      finishedAt: time(container.finishedAt),
      id,
      image: { annotations: {}, image: container.image, userSpecifiedImage: '' },
      imageId: `sha256:${imageIdOf(container.imageId)}`,
      imageRef: container.imageId,
      labels: { 'io.kubernetes.container.name': name, ...labels },
      logPath: `/var/log/pods/${namespace}_${podName}_${podUid}/${name}/${attempt}.log`,
      message,
      metadata: { attempt, name },
      mounts: container.mounts.map(({ path, readOnly }) => ({ containerPath: path, readonly: readOnly })),
      reason,
      startedAt: time(container.startedAt),
      state: `CONTAINER_${state.toUpperCase()}`,
    },
  };
}

function sandboxDocument(call: CrictlCall, wanted: string): JsonObject {
  const { id, name, namespace, uid, ready, ips, hostNetwork, createdAt } = sandboxOf(
    call,
    wanted,
    'getting the status of the pod sandbox',
  );
  const [ip = '', ...additionalIps] = ips;
  return {
    info: {
      runtimeHandler: '',
      runtimeType: 'io.containerd.runc.v2',
      sandboxMetadata: { ID: id, Name: `${name}_${namespace}_${uid}_0` },
    },
    status: {
      annotations: {},
      createdAt: time(createdAt),
      id,
      labels: podLabels({ podName: name, namespace, podUid: uid }),
      linux: { namespaces: { options: { ipc: 'POD', network: hostNetwork ? 'NODE' : 'POD', pid: 'CONTAINER' } } },
      metadata: { attempt: 0, name, namespace, uid },
      network: { additionalIps: additionalIps.map((each) => ({ ip: each })), ip: hostNetwork ? '' : ip },
      state: ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
    },
  };
}

export function podLabels({
  podName,
  namespace,
  podUid,
}: {
  readonly podName: string;
  readonly namespace: string;
  readonly podUid: string;
}): Readonly<Record<string, string>> {
  return {
    'io.kubernetes.pod.name': podName,
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.uid': podUid,
  };
}

function time(ms: number): string {
  return ms === 0 ? '0001-01-01T00:00:00Z' : new Date(ms).toISOString().replace('Z', '000000Z');
}
