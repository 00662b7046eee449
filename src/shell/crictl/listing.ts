// crictl ps, pods and stats.
import type { RuntimeContainer, RuntimeSandbox } from '../../api/machines.ts';
import { humanSize } from '../../base/human-size.ts';
import type { JsonObject } from '../../base/json.ts';
import type { OptionSpec } from '../text/long-options.ts';
import {
  type CrictlCall,
  type CrictlCommand,
  countOf,
  createdAgo,
  fatal,
  hasLabels,
  imageIdOf,
  outputOption,
  printedAsDocument,
  printTable,
  short,
} from './command.ts';
import { podLabels } from './inspect.ts';

const common: readonly OptionSpec[] = [
  { name: 'quiet', short: 'q', kind: 'switch', about: 'Only display IDs' },
  { name: 'no-trunc', kind: 'switch', about: 'Show output without truncating the ID' },
  outputOption,
  { name: 'last', short: 'n', kind: 'text', about: 'Show last n recently created' },
  { name: 'latest', short: 'l', kind: 'switch', about: 'Show the most recently created' },
  { name: 'name', kind: 'text', about: 'Filter by name regular expression pattern' },
  { name: 'namespace', kind: 'text', about: 'Filter by pod namespace regular expression pattern' },
  { name: 'state', short: 's', kind: 'text', about: 'Filter by state' },
  { name: 'label', kind: 'list', about: 'Filter by key=value label' },
];

export const ps: CrictlCommand = {
  names: ['ps'],
  about: 'List containers',
  options: [
    ...common,
    { name: 'all', short: 'a', kind: 'switch', about: 'Show all containers' },
    { name: 'pod', short: 'p', kind: 'text', about: 'Filter by pod id' },
    { name: 'image', kind: 'text', about: 'Filter by container image' },
    { name: 'id', kind: 'text', about: 'Filter by container id' },
  ],
  async run(call) {
    const { options } = call;
    const found = chosen(call, selected(call));
    if (options.has('quiet')) {
      await call.process.stdout.write(found.map(({ id }) => `${id}\n`).join(''));
      return 0;
    }
    if (await printedAsDocument(call, () => ({ containers: found.map(listed) }))) return 0;
    const id = options.has('no-trunc') ? (text: string) => text : short;
    const head = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
    const rows = found.map((container) => [
      id(container.id),
      id(imageIdOf(container.imageId)),
      createdAgo(call, container.createdAt),
      words[container.state],
      container.name,
      String(container.attempt),
      id(container.sandbox),
      container.podName,
      container.namespace,
    ]);
    await printTable(call, [head, ...rows]);
    return 0;
  },
};

export const pods: CrictlCommand = {
  names: ['pods'],
  about: 'List pods',
  options: [...common, { name: 'id', kind: 'text', about: 'Filter by pod id' }],
  async run(call) {
    const { options } = call;
    const state = options.text('state')?.toLowerCase();
    const found = chosen(
      call,
      call.view.sandboxes
        .filter(({ id }) => id.startsWith(options.text('id') ?? ''))
        .filter(({ ready }) => state === undefined || state === (ready ? 'ready' : 'notready'))
        .filter(({ name, namespace }) => fits(call, 'name', name) && fits(call, 'namespace', namespace))
        .filter((sandbox) => hasLabels(call, sandboxLabels(sandbox))),
    );
    if (options.has('quiet')) {
      await call.process.stdout.write(found.map(({ id }) => `${id}\n`).join(''));
      return 0;
    }
    if (await printedAsDocument(call, () => ({ items: found.map(listedPod) }))) return 0;
    const id = options.has('no-trunc') ? (text: string) => text : short;
    const head = ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'];
    const rows = found.map((sandbox) => [
      id(sandbox.id),
      createdAgo(call, sandbox.createdAt),
      sandbox.ready ? 'Ready' : 'NotReady',
      sandbox.name,
      sandbox.namespace,
      '0',
      '(default)',
    ]);
    await printTable(call, [head, ...rows]);
    return 0;
  },
};

export const statistics: CrictlCommand = {
  names: ['stats'],
  about: 'List container(s) resource usage statistics',
  options: [
    { name: 'all', short: 'a', kind: 'switch', about: 'Show all containers' },
    { name: 'id', kind: 'text', about: 'Filter by container id' },
    { name: 'pod', short: 'p', kind: 'text', about: 'Filter by pod id' },
    { name: 'seconds', short: 's', kind: 'text', about: 'Sample duration for CPU usage in seconds' },
    { name: 'label', kind: 'list', about: 'Filter by key=value label' },
    outputOption,
  ],
  async run(call) {
    const wanted = call.operands[0] ?? call.options.text('id') ?? '';
    const pod = call.options.text('pod') ?? '';
    const isWanted = (container: RuntimeContainer) =>
      container.id.startsWith(wanted) &&
      container.sandbox.startsWith(pod) &&
      hasLabels(call, containerLabels(container)) &&
      (call.options.has('all') || container.state === 'running');
    if (await printedAsDocument(call, () => ({ stats: call.view.containers.filter(isWanted).map(measured(call)) })))
      return 0;
    const measureMs = countOf(call, 'seconds', 1) * 1000;
    const before = new Map(call.view.containers.map(({ id, cpuMs }) => [id, cpuMs]));
    await call.process.clock.sleep(measureMs, call.process.cancel);
    const now = await call.look();
    if (measureMs <= 0) throw fatal(call, 'get container stats: cpu stat is not updated during sample');
    // Who has come in between is left out.
    const found = now.containers.filter((container) => before.has(container.id) && isWanted(container));
    const rows = found.map(({ id, name, cpuMs, memoryBytes }) => [
      short(id),
      name,
      (((cpuMs - (before.get(id) ?? cpuMs)) / measureMs) * 100).toFixed(2),
      humanSize(memoryBytes),
      humanSize(40_960),
      '15',
      '0B',
    ]);
    await printTable(call, [['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES', 'SWAP'], ...rows]);
    return 0;
  },
};

const words = { created: 'Created', running: 'Running', exited: 'Exited' } as const;

/** Containers that the filters let through, the newest first. */
function selected(call: CrictlCall): readonly RuntimeContainer[] {
  const { options, view } = call;
  const state = options.text('state')?.toLowerCase();
  const all = options.has('all') || state !== undefined || options.has('latest') || options.text('last') !== undefined;
  return view.containers
    .filter((container) => all || container.state === 'running')
    .filter((container) => state === undefined || container.state === state)
    .filter(({ sandbox }) => sandbox.startsWith(options.text('pod') ?? ''))
    .filter(({ id }) => id.startsWith(options.text('id') ?? ''))
    .filter(({ image }) => image.includes(options.text('image') ?? ''))
    .filter(({ name, namespace }) => fits(call, 'name', name) && fits(call, 'namespace', namespace))
    .filter((container) => hasLabels(call, containerLabels(container)));
}

function fits({ options }: CrictlCall, option: string, value: string): boolean {
  const text = options.text(option);
  if (text === undefined) return true;
  try {
    return new RegExp(text).test(value);
  } catch {
    return false; // a pattern that is none matches nothing
  }
}

function chosen<T extends { readonly createdAt: number }>(call: CrictlCall, all: readonly T[]): readonly T[] {
  const sorted = [...all].sort((a, b) => b.createdAt - a.createdAt);
  const last = countOf(call, 'last', 0);
  const count = call.options.has('latest') ? 1 : last > 0 ? last : Number.POSITIVE_INFINITY;
  return sorted.slice(0, count);
}

function containerLabels({ name, ...pod }: RuntimeContainer): Readonly<Record<string, string>> {
  return { 'io.kubernetes.container.name': name, ...podLabels(pod) };
}

function sandboxLabels({ name, namespace, uid }: RuntimeSandbox): Readonly<Record<string, string>> {
  return podLabels({ podName: name, namespace, podUid: uid });
}

function listedPod(sandbox: RuntimeSandbox): JsonObject {
  const { id, name, namespace, uid, ready, createdAt } = sandbox;
  return {
    annotations: {},
    createdAt: nanoseconds(createdAt),
    id,
    labels: sandboxLabels(sandbox),
    metadata: { attempt: 0, name, namespace, uid },
    runtimeHandler: '',
    state: ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
  };
}

/** A moment as the runtime counts it. */
function nanoseconds(ms: number): string {
  return String(Math.floor(ms * 1e6));
}

function measured({ process }: CrictlCall): (container: RuntimeContainer) => JsonObject {
  const timestamp = nanoseconds(process.clock.now());
  return (container) => ({
    attributes: {
      id: container.id,
      labels: containerLabels(container),
      metadata: { attempt: container.attempt, name: container.name },
    },
    cpu: { timestamp, usageCoreNanoSeconds: { value: nanoseconds(container.cpuMs) } },
    memory: { timestamp, workingSetBytes: { value: String(container.memoryBytes) } },
  });
}

function listed(container: RuntimeContainer): JsonObject {
  const { id, sandbox, name, attempt, image, imageId, state, createdAt } = container;
  return {
    id,
    podSandboxId: sandbox,
    metadata: { name, attempt },
    image: { image: imageIdOf(imageId), userSpecifiedImage: image },
    imageRef: `sha256:${imageIdOf(imageId)}`,
    state: `CONTAINER_${state.toUpperCase()}`,
    createdAt: nanoseconds(createdAt),
    labels: containerLabels(container),
  };
}
