// `kubectl port-forward`: ports of this machine lead into a pod.
import type { Connection, KubeChannels, PortListener } from '../../api/ports.ts';
import { ConnectionError } from '../../api/ports.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { textAt } from '../../base/fields.ts';
import { resourcePath } from '../client/url.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, StatusError } from '../errors.ts';
import { flag } from '../flags.ts';
import { klogLine } from '../klog.ts';
import { attachablePod, podRunningTimeout } from '../pod-target.ts';
import { findResources } from '../resource/builder.ts';
import { withObject } from '../resource/info.ts';
import { addressesOf, type ForwardedPort, parsePorts, resolvePorts } from './port-forward/ports.ts';

export const portForward: Command = {
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  completes: { kind: 'pods', parts: 'ports' },
  long: `Forward one or more local ports to a pod. For a workload or a service one of its pods is chosen; forwarding ends with that pod.`,
  example: `# Ports 5000 and 6000 here to the same ports of a pod
kubectl port-forward pod/mypod 5000 6000

# Port 8443 here to the port that a service calls https
kubectl port-forward service/myservice 8443:https

# A free port here
kubectl port-forward pod/mypod :5000`,
  flags: [
    flag.stringSlice('address', 'Addresses to listen on, comma separated; localhost is both of its addresses.', {
      default: '[localhost]',
    }),
    flag.duration('pod-running-timeout', 'How long to wait until a pod is running', { default: '1m0s' }),
  ],
  run: runPortForward,
};

interface Forwarding {
  readonly ns: string;
  readonly pod: string;
}

async function runPortForward(context: Context): Promise<void> {
  const { args, flags } = context;
  const [target = '', ...written] = args;
  if (written.length === 0) throw context.usageError('TYPE/NAME and list of ports are required for port-forward');
  const runningTimeoutMs = podRunningTimeout(context, 'with usage');
  const found = await findResources(context, { args: target.includes('/') ? [target] : ['pods', target] });
  const [info] = await found.infos();
  if (!info) throw new CommandError('pod name or resource type/name must be specified');
  const chosen = await attachablePod(context, info, runningTimeoutMs);
  const kind = info.resource.kind;
  const ports = parsePorts(resolvePorts(written, { ...info.object, kind }, chosen));
  const name = textAt(chosen, 'metadata.name');
  const place = { ns: textAt(chosen, 'metadata.namespace'), pod: name };
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods' }, { ns: place.ns, name });
  const pod = withObject(info, await context.client().object({ path, about: { resource: 'pods', name } })).object;
  const phase = textAt(pod, 'status.phase');
  if (phase !== 'Running') {
    throw new CommandError(`unable to forward port because pod is not running. Current status=${phase}`);
  }
  await checkUpgrade(context, place);
  const addresses = addressesOf(flags.strings('address'));
  const open = await listenAll(context, ports, addresses);
  await context.output.flush();
  await Promise.all(open.map((one) => serve(context, place, one)));
}

/**
 * Opens a connection that forwards nothing, to be told at once what keeps ports from being forwarded. Servers that
 * want to hear of a port first have let it pass until then.
 */
async function checkUpgrade(context: Context, { ns, pod }: Forwarding): Promise<void> {
  const place = { ns, name: pod, subresource: 'portforward' };
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods' }, place);
  try {
    const channels = await context.client().connect({ path, query: {}, about: { resource: 'pods', name: pod } });
    channels.close();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.code !== 400) throw new CommandError(`error upgrading connection: ${error.message}`);
  }
}

interface OpenPort extends ForwardedPort {
  readonly listener: PortListener;
}

async function listenAll(
  context: Context,
  ports: readonly ForwardedPort[],
  addresses: readonly string[],
): Promise<readonly OpenPort[]> {
  const open: OpenPort[] = [];
  const { machine, network, cancel } = context.process;
  for (const { local, remote } of ports) {
    try {
      const listener = await network.listen(machine.id, local, cancel);
      for (const address of addresses) context.out(`Forwarding from ${at(address, listener.port)} -> ${remote}\n`);
      open.push({ local: listener.port, remote, listener });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const problems = addresses.map((address) => {
        const family = address.includes(':') ? 'tcp6' : 'tcp4';
        return `unable to create listener: Error listen ${family} ${at(address, local)}: bind: address already in use`;
      });
      const failed = `Listeners failed to create with the following errors: [${problems.join(' ')}]`;
      context.err(`Unable to listen on port ${local}: ${failed}\n`);
    }
  }
  if (open.length > 0) return open;
  const list = ports.map(({ local, remote }) => `{${local} ${remote}}`).join(' ');
  throw new CommandError(`unable to listen on any of the requested ports: [${list}]`);
}

function at(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Takes connections until something breaks. */
async function serve(context: Context, place: Forwarding, port: OpenPort): Promise<void> {
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const accept = async () => {
    for (;;) {
      const connection = await port.listener.accept();
      if (!connection) return;
      context.out(`Handling connection for ${port.local}\n`);
      await context.output.flush();
      void handle(context, place, { port, connection }).catch(fail);
    }
  };
  await Promise.race([accept(), broken]);
}

async function handle(
  context: Context,
  { ns, pod }: Forwarding,
  { port, connection }: { readonly port: OpenPort; readonly connection: Connection },
): Promise<void> {
  const path = resourcePath(
    { group: '', version: 'v1', resource: 'pods' },
    { ns, name: pod, subresource: 'portforward' },
  );
  const channels = await context
    .client()
    .connect({ path, query: { ports: String(port.remote) }, about: { resource: 'pods', name: pod } })
    .catch((error: unknown) => {
      connection.close();
      throw error instanceof StatusError ? new CommandError('lost connection to pod') : error;
    });
  void copyIn(connection, channels);
  let problem = '';
  for (;;) {
    const piece = await channels.read();
    if (!piece) break;
    if (piece.channel === 0) await connection.write(piece.bytes).catch(() => undefined);
    else problem += decodeUtf8(piece.bytes);
    if (problem !== '' || (piece.channel === 1 && piece.bytes.length === 0)) break;
  }
  connection.close();
  channels.close();
  if (problem === '') return;
  const text = `"Unhandled Error" err="an error occurred forwarding ${port.local} -> ${port.remote}: ${problem.replaceAll('"', '\\"')}"`;
  context.err(klogLine(context.process, 'E', 'portforward.go:522', text));
  throw new CommandError('lost connection to pod');
}

async function copyIn(connection: Connection, channels: KubeChannels): Promise<void> {
  for (;;) {
    const bytes = await connection.read().catch(() => undefined);
    if (!bytes) break;
    await channels.write(0, bytes).catch(() => undefined);
  }
  channels.closeChannel(0);
}
