// docker network: which containers reach each other, and by which names.
import type { DockerNetwork } from '../../api/docker.ts';
import { confirmed, type DockerCommand, labelsOf, option, passesFilters, shortId } from './command.ts';
import { listOptions, printList } from './list.ts';
import { objectCommands } from './object-commands.ts';

const builtIn = ['bridge', 'host', 'none'];

const create: DockerCommand = {
  name: 'network create',
  operands: 'NETWORK',
  about: 'Create a network',
  min: 1,
  max: 1,
  options: [
    option.text('driver', 'Driver to manage the Network (default "bridge")', 'd'),
    option.text('subnet', 'Subnet in CIDR format that represents a network segment'),
    option.flag('internal', 'Restrict external access to the network'),
    option.list('label', 'Set metadata on a network'),
  ],
  async run({ docker, options, out }) {
    const [name = ''] = options.operands;
    const id = await docker.networks.create({
      name,
      driver: options.text('driver') ?? 'bridge',
      subnet: options.text('subnet'),
      internal: options.has('internal'),
      labels: labelsOf(options.list('label')),
    });
    await out(`${id}\n`);
    return 0;
  },
};

const list: DockerCommand = {
  name: 'network ls',
  aliases: ['network list'],
  operands: '',
  about: 'List networks',
  min: 0,
  max: 0,
  options: listOptions,
  async run(call) {
    const filters = call.options.list('filter');
    const rows = (await call.docker.networks.list())
      .filter((network) => passes(network, filters))
      .map(({ id, name, driver }) => ({
        ID: call.options.has('no-trunc') ? id : shortId(id),
        Name: name,
        Driver: driver,
        Scope: 'local',
      }));
    const columns = { 'NETWORK ID': 'ID', NAME: 'Name', DRIVER: 'Driver', SCOPE: 'Scope' };
    return printList(call, rows, { columns, id: 'ID', type: '*network.networkContext' });
  },
};

const [inspect, remove] = objectCommands<DockerNetwork>({
  noun: 'network',
  all: ({ docker }) => docker.networks.list(),
  isNamed: ({ name, id }, wanted) => name === wanted || id.startsWith(wanted),
  shown,
  missing: (name) => `network ${name} not found`,
  remove: ({ docker }, name) => docker.networks.remove(name),
});

const connect: DockerCommand = {
  name: 'network connect',
  operands: 'NETWORK CONTAINER',
  about: 'Connect a container to a network',
  min: 2,
  max: 2,
  options: [option.list('alias', 'Add network-scoped alias for the container')],
  async run({ docker, options }) {
    const [network = '', container = ''] = options.operands;
    await docker.networks.connect(network, container, options.list('alias'));
    return 0;
  },
};

const disconnect: DockerCommand = {
  name: 'network disconnect',
  operands: 'NETWORK CONTAINER',
  about: 'Disconnect a container from a network',
  min: 2,
  max: 2,
  options: [option.flag('force', 'Force the container to disconnect from a network', 'f')],
  async run({ docker, options }) {
    const [network = '', container = ''] = options.operands;
    await docker.networks.disconnect(network, container);
    return 0;
  },
};

const prune: DockerCommand = {
  name: 'network prune',
  operands: '',
  about: 'Remove all unused networks',
  min: 0,
  max: 0,
  options: [option.flag('force', 'Do not prompt for confirmation', 'f')],
  async run(call) {
    const warning = 'WARNING! This will remove all custom networks not used by at least one container.';
    if (!(await confirmed(call, warning))) return 0;
    const going = await unusedNetworks(call.docker);
    for (const name of going) await call.docker.networks.remove(name);
    if (going.length > 0) await call.out(`Deleted Networks:\n${going.map((name) => `${name}\n`).join('')}\n`);
    return 0;
  },
};

/** Networks that people made and no container names. */
export async function unusedNetworks({ networks, containers }: DockerCallPort): Promise<readonly string[]> {
  const used = new Set((await containers()).flatMap(({ endpoints }) => endpoints.map(({ network }) => network)));
  return (await networks.list()).map(({ name }) => name).filter((name) => !builtIn.includes(name) && !used.has(name));
}

type DockerCallPort = Pick<Parameters<DockerCommand['run']>[0]['docker'], 'networks' | 'containers'>;

export const networkCommands: readonly DockerCommand[] = [connect, create, disconnect, inspect, list, prune, remove];

function passes({ name, driver, id }: DockerNetwork, filters: readonly string[]): boolean {
  return passesFilters(filters, {
    name: (value) => name.includes(value),
    driver: (value) => driver === value,
    id: (value) => id.startsWith(value),
    type: (value) => builtIn.includes(name) === (value === 'builtin'),
  });
}

function shown({ id, name, driver, createdAt, subnet, gateway, internal, labels, members }: DockerNetwork): object {
  const bits = subnet?.split('/')[1] ?? '16';
  const containers = members.map((member) => [
    member.id,
    { Name: member.name, EndpointID: '', MacAddress: '', IPv4Address: `${member.ip}/${bits}`, IPv6Address: '' },
  ]);
  return {
    Name: name,
    Id: id,
    Created: new Date(Math.floor(createdAt)).toISOString(),
    Scope: 'local',
    Driver: driver,
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: null,
      Config: subnet === undefined ? null : [{ Subnet: subnet, Gateway: gateway }],
    },
    Internal: internal,
    Attachable: false,
    Ingress: false,
    Containers: Object.fromEntries(containers),
    Options: {},
    Labels: labels,
  };
}
