// nslookup, getent hosts, nc, ping.
import { ConnectionError } from '../../../api/ports.ts';
import { dialFailure } from '../../http/dial-failure.ts';
import { readChunk } from '../../text/line-reader.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

/** A field of /etc/resolv.conf. */
function resolverField(tool: Tool, field: string): readonly string[] {
  if (!tool.files.exists('/etc/resolv.conf')) return [];
  const line = tool.files
    .readText('/etc/resolv.conf')
    .split('\n')
    .find((text) => text.startsWith(`${field} `));
  return line?.split(/\s+/).slice(1) ?? [];
}

export const nslookup: ToolDefinition = {
  name: 'nslookup',
  raw: true,
  async run(tool) {
    const own = resolverField(tool, 'nameserver');
    const words = tool.process.argv.slice(1);
    const family = familyOf(words.filter((word) => word.startsWith('-')));
    const [host, server = own[0] ?? '127.0.0.53'] = words.filter((word) => !word.startsWith('-'));
    if (host === undefined) throw new ToolError('interactive mode is not supported here; give a name');
    if (!own.includes(server) && own.length > 0) {
      await tool.out(';; connection timed out; no servers could be reached\n\n');
      return 1;
    }
    await tool.out(`Server:\t\t${server}\nAddress:\t${server}${tool.isGnu ? '#' : ':'}53\n\n`);
    const { network, machine } = tool.process;
    const searched = host.endsWith('.') ? [] : resolverField(tool, 'search').map((domain) => `${host}.${domain}`);
    const names = host.split('.').length > 5 ? [host, ...searched] : [...searched, host];
    for (const name of names) {
      const addresses = (await network.resolve(machine.id, name)).filter(
        (address) => family === undefined || address.includes(':') === (family === 6),
      );
      for (const address of addresses) await tool.out(`Name:\t${name.replace(/\.$/, '')}\nAddress: ${address}\n`);
      if (addresses.length === 0) continue;
      await tool.out('\n');
      return 0;
    }
    await tool.out(`** server can't find ${host}: NXDOMAIN\n\n`);
    return 1;
  },
};

/** `-type=AAAA` (also `-query=`, `-q=`, `-t=`): what is asked for. There are names and addresses, no other records. */
function familyOf(options: readonly string[]): 4 | 6 | undefined {
  let family: 4 | 6 | undefined;
  for (const option of options) {
    const type = /^-(?:type|ty|query|querytype|q|t)=(.*)$/i.exec(option)?.[1]?.toLowerCase();
    if (type !== 'a' && type !== 'aaaa') throw new ToolError(`option ${option} is not supported here`);
    family = type === 'a' ? 4 : 6;
  }
  return family;
}

export const getent: ToolDefinition = {
  name: 'getent',
  async run(tool) {
    const [database, ...names] = tool.operands;
    if (database !== 'hosts' && database !== 'ahosts') throw new ToolError(`Unknown database: ${database ?? ''}`);
    const { network, machine } = tool.process;
    let status = 0;
    for (const name of names) {
      const addresses = await network.resolve(machine.id, name);
      if (addresses.length === 0) status = 2;
      for (const address of addresses) await tool.out(`${address.padEnd(15)} ${name}\n`);
    }
    return status;
  },
};

export const nc: ToolDefinition = {
  name: 'nc',
  short: 'zvw:nulkNp:',
  refused: ['u'],
  async run(tool) {
    if (tool.has('k') && !tool.has('l')) throw new ToolError('must use -l with -k');
    if (tool.has('l')) return listen(tool);
    const [host, portText] = tool.operands;
    if (host === undefined || portText === undefined) throw new ToolError('missing port number');
    if (tool.has('p')) throw new ToolError('option -p is not supported here without -l');
    const port = portOf(tool, portText);
    if (tool.has('n') && !isAddress(host)) return refuse(tool, host, port, 'unknownHost');
    const { network, machine, clock, cancel } = tool.process;
    const dialing = network.dial(machine.id, { host, port }, cancel).then((connection) => ({ connection }));
    const limit = tool.value('w');
    try {
      const done =
        limit === undefined ? await dialing : await Promise.race([dialing, clock.sleep(Number(limit) * 1000)]);
      if (!done) return await refuse(tool, host, port, 'timeout');
      if (tool.has('v'))
        await tool.process.stderr.write(
          tool.isGnu
            ? `Connection to ${host} ${port} port [tcp/*] succeeded!\n`
            : `${host} (${(await network.resolve(machine.id, host))[0] ?? host}:${port}) open\n`,
        );
      if (!tool.has('z')) await talk(tool, done.connection);
      done.connection.close();
      return 0;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      return refuse(tool, host, port, dialFailure(error));
    }
  },
};

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host);
}

function portOf(tool: Tool, text: string): number {
  const port = Number(text);
  if (port > 0 && port < 65536) return port;
  throw new ToolError(tool.isGnu ? `port number invalid: ${text}` : `bad port '${text}'`);
}

/** `nc -l 8080` and `nc -l -p 8080`: talks to the first who comes, with -k to one after the other. */
async function listen(tool: Tool): Promise<number> {
  const { network, machine, cancel } = tool.process;
  const port = portOf(tool, tool.value('p') ?? tool.operands.at(-1) ?? '');
  try {
    const listener = await network.listen(machine.id, port, cancel);
    if (tool.has('v')) await tool.process.stderr.write(`Listening on 0.0.0.0 ${port}\n`);
    do {
      const connection = await listener.accept();
      if (!connection) break;
      await talk(tool, connection);
      connection.close();
    } while (tool.has('k'));
    listener.close();
    return 0;
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    throw new ToolError('Address already in use');
  }
}

async function refuse(
  tool: Tool,
  host: string,
  port: number,
  failure: ReturnType<typeof dialFailure>,
): Promise<number> {
  const why = {
    refused: 'Connection refused',
    timeout: 'Operation timed out',
    unreachable: 'No route to host',
    unknownHost: '',
  }[failure];
  if (failure === 'unknownHost')
    await tool.warn(
      tool.isGnu ? `getaddrinfo for host "${host}" port ${port}: Name or service not known` : `bad address '${host}'`,
    );
  else if (!tool.isGnu) await tool.warn(`${host} (${host}:${port}): ${why}`);
  else if (tool.has('v')) await tool.warn(`connect to ${host} port ${port} (tcp) failed: ${why}`);
  return 1;
}

/** Passes input to the connection and its answer to the output, until the other side closes. */
async function talk(tool: Tool, connection: Awaited<ReturnType<Tool['process']['network']['dial']>>): Promise<void> {
  const sending = (async () => {
    const { stdin } = tool.process;
    for (let chunk = await readChunk(stdin); chunk; chunk = await readChunk(stdin)) await connection.write(chunk);
    if (tool.has('N')) connection.close();
  })();
  for (let bytes = await connection.read(); bytes; bytes = await connection.read()) await tool.bytes(bytes);
  await Promise.race([sending, Promise.resolve()]);
}

export const ping: ToolDefinition = {
  name: 'ping',
  short: 'c:W:i:w:q46',
  idle: Object.fromEntries(
    [...'cWiwq46'].map((letter) => [letter, 'no packet is sent: ping ends with what it cannot do']),
  ),
  async run(tool) {
    const host = tool.needOperand();
    const { network, machine } = tool.process;
    const known = /^[\d.]+$/.test(host) || (await network.resolve(machine.id, host)).length > 0;
    if (!known)
      throw new ToolError(
        tool.isGnu ? `${host}: Name or service not known` : `bad address '${host}'`,
        tool.isGnu ? 2 : 1,
      );
    throw new ToolError('ICMP is not simulated; test a TCP port with curl, wget or nc -zv HOST PORT', 2);
  },
};
