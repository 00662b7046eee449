// The flags that all of etcdctl's commands have, the variables of the environment that set them, and what they make of
// the client.
import type { Process } from '../../api/program.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { Options } from '../text/long-options.ts';
import type { EtcdSettings } from './etcd-dialer.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { variableOf } from './flag-variables.ts';
import { duration, type Flag, number, text, toggle, valueProblem } from './flags.ts';
import { logLine } from './log-line.ts';
import { askSecret } from './secrets.ts';

export const globalFlags: readonly Flag[] = [
  { name: 'endpoints', kind: 'list', type: 'strings', initial: '127.0.0.1:2379', about: 'where etcd is' },
  toggle('debug', 'tell how the flags are set'),
  text('write-out', 'fields, json, protobuf, simple or table', { short: 'w', initial: 'simple' }),
  toggle('hex', 'bytes and ids in hexadecimal'),
  duration('dial-timeout', "how long getting a user's token may take", '2s'),
  duration('command-timeout', 'how long a command may take', '5s'),
  duration('keepalive-time', 'how often a watch looks whether etcd is still there (at least 10s)', '2s'),
  duration('keepalive-timeout', 'how long etcd has to show that it is', '6s'),
  number('max-request-bytes', 'the most that is sent (0: 2 MiB)'),
  number('max-recv-bytes', 'the most that is taken (0: 2 GiB)'),
  toggle('insecure-transport', 'without TLS unless there are certificates', { initial: 'true' }),
  toggle('insecure-discovery', 'take SRV records of endpoints without TLS', { initial: 'true' }),
  toggle('insecure-skip-tls-verify', 'do not check servers'),
  text('cert', 'the client certificate'),
  text('key', "the client certificate's key"),
  text('cacert', 'the authority that servers are checked with'),
  text('user', 'who asks, as name[:password]'),
  text('password', 'for a --user without one'),
  text('discovery-srv', 'the domain whose SRV records name endpoints', { short: 'd' }),
  text('discovery-srv-name', 'the service in those records'),
];

/** The flags with those that the environment sets: ETCDCTL_ENDPOINTS, ETCDCTL_CACERT … Throws EtcdctlError. */
export async function withEnvironment(process: Process, options: Options): Promise<Options> {
  const { clock, env, stderr } = process;
  const flags = new Map(globalFlags.map(({ name }) => [variableOf(name), name]));
  const given = new Map<string, readonly string[]>();
  for (const [variable, value] of env) {
    if (!variable.startsWith('ETCDCTL_') || variable.startsWith('ETCDCTL_WATCH_')) continue;
    const flag = flags.get(variable);
    const log = (level: 'warn' | 'fatal', line: number, msg: string, environment: string) =>
      stderr.write(
        logLine({
          level,
          atMs: clock.now(),
          caller: `flags/flag.go:${line}`,
          msg,
          fields: { 'environment-variable': environment },
        }),
      );
    if (flag !== undefined && options.isSet(flag)) {
      await log('fatal', 86, shadowed, variable);
      throw new EtcdctlError('');
    }
    if (flag === undefined || value === '')
      await log('warn', 94, 'unrecognized environment variable', `${variable}=${value}`);
    else if (isValid(flag, value)) given.set(flag, [value]);
  }
  const set = new Map(globalFlags.map(({ name }) => [name, given.get(name) ?? options.list(name)] as const));
  return new Options(
    options.operands,
    new Map([...options.all, ...[...set].filter(([, values]) => values.length > 0)]),
  );
}

/** What is no value of its flag passes by, as if it were not there. */
function isValid(name: string, value: string): boolean {
  const flag = globalFlags.find((each) => each.name === name);
  return flag !== undefined && valueProblem(flag, value) === undefined;
}

const shadowed =
  'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))';

/** What is in the file that a flag names; undefined: the flag is not given. Throws FileError. */
export type FlagFile = (flag: string) => string | undefined;

/** Throws EtcdctlError. */
export async function settingsOf(process: Process, options: Options, file: FlagFile): Promise<EtcdSettings> {
  checkDiscovery(process, options);
  for (const name of ['cert', 'key', 'cacert'])
    if (options.isSet(name) && options.text(name) === '')
      throw new EtcdctlError(`empty string is passed to --${name} option`, 128);
  if ((options.text('cert') === undefined) !== (options.text('key') === undefined)) {
    const [cert = '', key = ''] = [options.text('cert'), options.text('key')];
    throw new EtcdctlError(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`, 128);
  }
  file('key');
  const [sendBytes, takeBytes] = [bytesOf(options, 'max-request-bytes'), bytesOf(options, 'max-recv-bytes')];
  if (takeBytes > 0 && sendBytes > takeBytes) {
    const limits = `recv limit (${takeBytes} bytes) must be greater than send limit (${sendBytes} bytes)`;
    throw new EtcdctlError(`gRPC message ${limits}`, 2);
  }
  const endpoints = options.list('endpoints').flatMap((list) => list.split(','));
  return {
    endpoints: endpoints.length > 0 ? endpoints.map((endpoint) => endpoint.trim()) : ['127.0.0.1:2379'],
    authorities: file('cacert'),
    certificate: file('cert'),
    skipVerify: options.has('insecure-skip-tls-verify'),
    alwaysSecure: options.text('insecure-transport') === 'false',
    sendBytesMax: sendBytes > 0 ? sendBytes : 2 * 1024 ** 2,
    takeBytesMax: takeBytes > 0 ? takeBytes : 2 ** 31 - 1,
    timeoutMs: durationOf(options, 'command-timeout', '5s'),
    dialTimeoutMs: durationOf(options, 'dial-timeout', '2s'),
    keepAliveMs: Math.max(durationOf(options, 'keepalive-time', '2s'), leastKeepAliveMs),
    keepAliveTimeoutMs: durationOf(options, 'keepalive-timeout', '6s'),
    user: await userOf(process, options),
  };
}

/** gRPC's clients look no more often. */
const leastKeepAliveMs = 10_000;

/** Names have addresses here and no SRV records, of whatever domain. Throws EtcdctlError. */
function checkDiscovery({ machine }: Process, options: Options): void {
  const domain = options.text('discovery-srv') ?? '';
  if (domain === '') return;
  const service = options.text('discovery-srv-name') ?? '';
  const resolver = machine.files.exists('/etc/resolv.conf') ? machine.files.readText('/etc/resolv.conf') : '';
  const server = /^nameserver\s+(\S+)/m.exec(resolver)?.[1] ?? '127.0.0.1';
  const problem = (kind: string): string =>
    `lookup _${kind}${service && `-${service}`}._tcp.${domain} on ${server}:53: no such host`;
  throw new EtcdctlError(`dns lookup errors: ${problem('etcd-client-ssl')} and ${problem('etcd-client')}`);
}

/** Asks for the password where nobody has given one. */
async function userOf(process: Process, options: Options): Promise<EtcdSettings['user']> {
  const given = options.text('user') ?? '';
  if (given === '') return undefined;
  const password = options.text('password') ?? '';
  if (password !== '') return { name: given, password };
  const [, name = given, own] = /^([^:]*):([\s\S]*)$/.exec(given) ?? [];
  return { name, password: own ?? (await askSecret(process, 'Password: ')) };
}

function durationOf(options: Options, name: string, initial: string): number {
  return readGoDuration(options.text(name) ?? initial) ?? 0;
}

function bytesOf(options: Options, name: string): number {
  return Number(options.text(name) ?? 0);
}
