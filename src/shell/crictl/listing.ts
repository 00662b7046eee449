// crictl ps, pods and stats.
import type { RuntimeContainer } from '../../api/machines.ts';
import { humanSize } from '../../base/human-size.ts';
import type { OptionSpec } from '../text/long-options.ts';
import { type CrictlCall, type CrictlCommand, createdAgo, fatal, imageIdOf, printTable, short } from './command.ts';

const common: readonly OptionSpec[] = [
  { name: 'quiet', short: 'q', kind: 'switch', about: 'Only display IDs' },
  { name: 'no-trunc', kind: 'switch', about: 'Show output without truncating the ID' },
  { name: 'output', short: 'o', kind: 'text', about: 'Output format: json|yaml|table' },
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
    if (options.text('output') === 'json') {
      await call.process.stdout.write(`${JSON.stringify({ containers: found.map(listed) }, null, 2)}\n`);
      return 0;
    }
    needTable(call);
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
        .filter(({ name, namespace }) => fits(call, 'name', name) && fits(call, 'namespace', namespace)),
    );
    if (options.has('quiet')) {
      await call.process.stdout.write(found.map(({ id }) => `${id}\n`).join(''));
      return 0;
    }
    needTable(call);
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

/** Between the two looks that tell how much of a processor is used. */
const measureMs = 1000;

export const statistics: CrictlCommand = {
  names: ['stats'],
  about: 'List container(s) resource usage statistics',
  options: [
    { name: 'all', short: 'a', kind: 'switch', about: 'Show all containers' },
    { name: 'id', kind: 'text', about: 'Filter by container id' },
    { name: 'pod', short: 'p', kind: 'text', about: 'Filter by pod id' },
    { name: 'seconds', short: 's', kind: 'text', about: 'Sample duration for CPU usage in seconds' },
  ],
  async run(call) {
    const before = new Map(call.view.containers.map(({ id, cpuMs }) => [id, cpuMs]));
    await call.process.clock.sleep(measureMs, call.process.cancel);
    const now = await call.look();
    const wanted = call.operands[0] ?? call.options.text('id') ?? '';
    const pod = call.options.text('pod') ?? '';
    const found = now.containers.filter(
      ({ id, state, sandbox }) => state === 'running' && id.startsWith(wanted) && sandbox.startsWith(pod),
    );
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
    .filter(({ name, namespace }) => fits(call, 'name', name) && fits(call, 'namespace', namespace));
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

function chosen<T extends { readonly createdAt: number }>({ options }: CrictlCall, all: readonly T[]): readonly T[] {
  const sorted = [...all].sort((a, b) => b.createdAt - a.createdAt);
  const count = options.has('latest') ? 1 : Number(options.text('last') ?? Number.POSITIVE_INFINITY);
  return sorted.slice(0, count);
}

function needTable(call: CrictlCall): void {
  const form = call.options.text('output') ?? 'table';
  if (form !== 'table') throw fatal(call, `output format ${form} is not simulated here`);
}

function listed({
  id,
  sandbox,
  name,
  attempt,
  image,
  imageId,
  state,
  createdAt,
  podName,
  namespace,
  podUid,
}: RuntimeContainer) {
  return {
    id,
    podSandboxId: sandbox,
    metadata: { name, attempt },
    image: { image: imageIdOf(imageId), userSpecifiedImage: image },
    imageRef: `sha256:${imageIdOf(imageId)}`,
    state: `CONTAINER_${state.toUpperCase()}`,
    createdAt: String(Math.floor(createdAt * 1e6)),
    labels: {
      'io.kubernetes.container.name': name,
      'io.kubernetes.pod.name': podName,
      'io.kubernetes.pod.namespace': namespace,
      'io.kubernetes.pod.uid': podUid,
    },
  };
}
