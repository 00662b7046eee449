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
    const [host, server = resolverField(tool, 'nameserver')[0] ?? '127.0.0.53'] = tool.process.argv
      .slice(1)
      .filter((arg) => !arg.startsWith('-'));
    if (host === undefined) throw new ToolError('interactive mode is not supported here; give a name');
    await tool.out(`Server:\t\t${server}\nAddress:\t${server}${tool.isGnu ? '#' : ':'}53\n\n`);
    const { network, machine } = tool.process;
    const searched = host.endsWith('.') ? [] : resolverField(tool, 'search').map((domain) => `${host}.${domain}`);
    const names = host.split('.').length > 5 ? [host, ...searched] : [...searched, host];
    for (const name of names) {
      const addresses = await network.resolve(machine.id, name);
      for (const address of addresses) await tool.out(`Name:\t${name.replace(/\.$/, '')}\nAddress: ${address}\n`);
      if (addresses.length === 0) continue;
      await tool.out('\n');
      return 0;
    }
    await tool.out(`** server can't find ${host}: NXDOMAIN\n\n`);
    return 1;
  },
};

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
  short: 'zvw:nulkN',
  async run(tool) {
    const [host, portText] = tool.operands;
    if (tool.has('l')) throw new ToolError('listening is not supported here');
    if (tool.has('u')) throw new ToolError('UDP is not supported here');
    if (host === undefined || portText === undefined) throw new ToolError('missing port number');
    const port = Number(portText);
    if (!(port > 0 && port < 65536))
      throw new ToolError(tool.isGnu ? `port number invalid: ${portText}` : `bad port '${portText}'`);
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
  })();
  for (let bytes = await connection.read(); bytes; bytes = await connection.read()) await tool.bytes(bytes);
  await Promise.race([sending, Promise.resolve()]);
}

export const ping: ToolDefinition = {
  name: 'ping',
  short: 'c:W:i:w:q46',
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
