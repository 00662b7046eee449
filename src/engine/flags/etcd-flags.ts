// etcd's command line, as Go's flag package reads it and etcd then checks it.

import type { FileTree } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { formatMicroTime } from '../../base/time.ts';
import type { AutoCompaction } from '../etcd/auto-compaction.ts';
import type { EtcdLimits } from '../etcd/etcd-cluster.ts';
import { EtcdError } from '../etcd/member.ts';
import type { ComponentPlace } from '../node/runtime/container-config.ts';
import type { Flags, UsualFlags } from './component-flags.ts';
import { etcdFlagNames } from './flag-names.ts';

/** What a member does with its flags. */
export interface EtcdServerSettings {
  readonly dataDirectory: string;
  /** --initial-cluster-token. */
  readonly token: string;
  /** --auth-token-ttl. */
  readonly authTokenMs: number;
  /** Undefined: etcd's own. */
  readonly quotaBytes: number | undefined;
  /** Undefined: nobody but the API servers compacts. */
  readonly compaction: AutoCompaction | undefined;
  readonly clientPort: number;
  readonly metricsPorts: readonly number[];
  readonly limits: EtcdLimits;
}

export interface EtcdStart {
  readonly flags: Flags;
  readonly settings: EtcdServerSettings;
}

/** Undefined: it has said why it does not start, and ended. */
export function startEtcdFlags(place: ComponentPlace, usual: UsualFlags): EtcdStart | undefined {
  const { argv, exit } = place;
  const log = logTo(place);
  const flags = new Map<string, string>();
  const left: string[] = [];
  const problem = readInto(argv.slice(1), flags, left);
  if (problem !== undefined) {
    place.log(`${problem}\n${usage}`);
    exit(2);
    return undefined;
  }
  log('info', 'etcdmain/etcd.go:64', 'Running: ', { args: argv });
  try {
    const [word] = left;
    if (word !== undefined) throw new EtcdError(`${quote(word)} is not a valid flag`);
    const settings = checked(flags);
    const idle = idleNames(flags, usual);
    if (idle !== '') log('warn', 'etcdmain/etcd.go:66', 'flags are not simulated and change nothing', { flags: idle });
    return { flags, settings };
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    log('warn', 'etcdmain/etcd.go:66', 'failed to verify flags', { error: error.message });
    exit(1);
    return undefined;
  }
}

/** A member's log: a line of JSON for each thing that it says. */
export function logTo({ scope, log }: Pick<ComponentPlace, 'scope' | 'log'>) {
  return (level: string, caller: string, msg: string, fields: Readonly<Record<string, unknown>> = {}): void => {
    log(`${JSON.stringify({ level, ts: formatMicroTime(scope.now), caller, msg, ...fields })}\n`);
  };
}

/** Throws EtcdError, in etcd's words, where files or a new cluster are not as the flags say. */
export function checkStart(flags: Flags, files: FileTree, isNew: boolean): void {
  for (const name of certificateFlags) {
    const path = flags.get(name);
    if (path && !files.exists(path)) throw new EtcdError(`open ${path}: no such file or directory`);
  }
  const [first = ''] = listOf(flags, 'listen-client-urls');
  if (first.startsWith('https:') && !(flags.get('cert-file') && flags.get('key-file')))
    throw new EtcdError(
      `cannot listen on TLS for ${first.replace('https://', '')}: KeyFile and CertFile are not presented`,
    );
  if (isNew) checkInitialCluster(flags);
}

function checkInitialCluster(flags: Flags): void {
  const name = flags.get('name') ?? 'default';
  const cluster = listOf(flags, 'initial-cluster');
  if (cluster.length === 0) return;
  const own = cluster.filter((entry) => entry.startsWith(`${name}=`));
  if (own.length === 0)
    throw new EtcdError(`couldn't find local name ${quote(name)} in the initial cluster configuration`);
  const advertised = listOf(flags, 'initial-advertise-peer-urls');
  const missing = own.filter((entry) => !advertised.includes(entry.slice(name.length + 1)));
  if (missing.length === 0) return;
  const [here = '', there = ''] = [advertised[0], missing[0]?.slice(name.length + 1)].map((url) => quote(url ?? ''));
  const why = `resolved urls: ${here} != ${there}`;
  throw new EtcdError(
    `--initial-cluster has ${missing.join(',')} but missing from --initial-advertise-peer-urls=${advertised.join(',')} (${why})`,
  );
}

const certificateFlags = [
  'cert-file',
  'key-file',
  'trusted-ca-file',
  'peer-cert-file',
  'peer-key-file',
  'peer-trusted-ca-file',
];

/** Flags with an effect here. */
const acting = new Set([
  ...certificateFlags,
  'data-dir',
  'name',
  'quota-backend-bytes',
  'auto-compaction-mode',
  'auto-compaction-retention',
  'listen-client-urls',
  'listen-metrics-urls',
  'initial-cluster',
  'initial-cluster-token',
  'auth-token',
  'auth-token-ttl',
  'initial-advertise-peer-urls',
  'advertise-client-urls',
  'heartbeat-interval',
  'election-timeout',
  'max-request-bytes',
  'max-txn-ops',
  'watch-progress-notify-interval',
]);

/** What makes etcd faster or slower: nothing that anybody sees here. */
const quiet =
  /^(snapshot-count|snapshot-catchup-entries|max-snapshots|max-wals|backend-.*|grpc-keepalive-.*|max-concurrent-streams|raft-.*-timeout|socket-reuse-.*|compaction-.*|warning-.*|.*-check-time|bootstrap-defrag-.*|memory-mlock|pre-vote|initial-election-tick-advance|bcrypt-cost|listen-peer-urls)$/;

/** These would make another etcd of it. */
const refused =
  /^(discovery.*|config-file|auto-tls|peer-auto-tls|client-crl-file|peer-crl-file|force-new-cluster.*|listen-client-http-urls|auth-token)$/;

const switches =
  /^(initial-election-tick-advance|socket-reuse-.*|strict-reconfig-check|pre-vote|.*client-cert-auth|auto-tls|peer-auto-tls|.*skip-client-san-verification|enable-.*|memory-mlock|unsafe-no-fsync|force-new-cluster|version|discovery-insecure-.*|experimental-(compact-hash-check-enabled|enable-.*|initial-corrupt-check|memory-mlock|stop-grpc-.*|txn-mode-.*))$/;
const numbers =
  /^(max-snapshots|max-wals|snapshot-count|heartbeat-interval|election-timeout|quota-backend-bytes|backend-batch-limit|max-txn-ops|max-request-bytes|max-concurrent-streams|bcrypt-cost|auth-token-ttl|compaction-batch-limit|max-learners|snapshot-catchup-entries|self-signed-cert-validity)$/;
const durations =
  /^(backend-batch-interval|grpc-keepalive-.*|raft-.*-timeout|.*-check-time|compaction-sleep-interval|watch-progress-notify-interval|warning-.*-duration)$/;
const addresses = /^(listen-(peer|client|metrics|client-http)-urls|initial-advertise-peer-urls|advertise-client-urls)$/;

/** What is wrong with a command line in the words of Go's flag package; undefined: nothing. */
function readInto(argv: readonly string[], flags: Map<string, string>, left: string[]): string | undefined {
  for (let i = 0; i < argv.length; i++) {
    const [, name, given] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argv[i] ?? '') ?? [];
    if (name === undefined) {
      left.push(...argv.slice(argv[i] === '--' ? i + 1 : i));
      return undefined;
    }
    if (!etcdFlagNames.has(name)) return `flag provided but not defined: -${name}`;
    const value = given ?? (switches.test(name) ? 'true' : argv[++i]);
    if (value === undefined) return `flag needs an argument: -${name}`;
    const problem = valueProblem(name, value);
    if (problem !== undefined) return problem;
    flags.set(name, value);
  }
  return undefined;
}

function valueProblem(name: string, value: string): string | undefined {
  const wrong = (why: string): string => `invalid value ${quote(value)} for flag -${name}: ${why}`;
  if (switches.test(name))
    return /^(1|0|[tf]|true|false|TRUE|FALSE|True|False|[TF])$/.test(value)
      ? undefined
      : `invalid boolean value ${quote(value)} for -${name}: parse error`;
  if (numbers.test(name)) {
    const signed = name === 'quota-backend-bytes' || name.endsWith('-limit') || name === 'max-learners';
    return (signed ? /^[-+]?\d{1,18}$/ : /^\d{1,18}$/).test(value) ? undefined : wrong('parse error');
  }
  if (durations.test(name)) return readGoDuration(value) === undefined ? wrong('parse error') : undefined;
  if (name === 'initial-cluster-state' && value !== 'new' && value !== 'existing')
    return wrong(`invalid value ${quote(value)}`);
  if (name === 'feature-gates') return gateProblem(value, wrong);
  const address = addresses.test(name) ? value.split(',').find((url) => addressProblem(url) !== undefined) : undefined;
  return address === undefined ? undefined : wrong(addressProblem(address) ?? '');
}

function addressProblem(url: string): string | undefined {
  const [, scheme, host, port, path] = /^([a-z]+):\/\/([^/:]*)(?::([^/]*))?(\/.*)?$/.exec(url) ?? [];
  if (scheme === undefined || !/^(https?|unixs?)$/.test(scheme))
    return `URL scheme must be http, https, unix, or unixs: ${url}`;
  if (port === undefined) return `URL address does not have the form "host:port": ${url}`;
  return path === undefined || host === undefined ? undefined : `URL must not contain a path: ${url}`;
}

const gates = new Set([
  'AllAlpha',
  'AllBeta',
  'CompactHashCheck',
  'InitialCorruptCheck',
  'LeaseCheckpoint',
  'LeaseCheckpointPersist',
  'SetMemberLocalAddr',
  'StopGRPCServiceOnDefrag',
  'TxnModeWriteWithSharedBuffer',
]);

function gateProblem(value: string, wrong: (why: string) => string): string | undefined {
  for (const entry of value.split(',').filter((text) => text !== '')) {
    const [name = '', on] = entry.split('=');
    if (on === undefined) return wrong(`missing bool value for ${name}`);
    if (!gates.has(name)) return wrong(`unrecognized feature gate: ${name}`);
    if (!/^(true|false)$/i.test(on))
      return wrong(`invalid value of ${entry}, err: strconv.ParseBool: parsing ${quote(on)}: invalid syntax`);
  }
  return undefined;
}

/** Throws EtcdError. */
function checked(flags: Flags): EtcdServerSettings {
  const absent = [...flags].find(([name, value]) => refused.test(name) && value !== 'false' && value !== 'simple')?.[0];
  if (absent !== undefined) throw new EtcdError(`the simulator's etcd does not have --${absent}`);
  const number = (name: string, missing: number): number => Number(flags.get(name) ?? missing);
  const [tick, election] = [number('heartbeat-interval', 100), number('election-timeout', 1000)];
  if (tick === 0) throw new EtcdError('--heartbeat-interval must be >0 (set to 0ms)');
  if (election === 0) throw new EtcdError('--election-timeout must be >0 (set to 0ms)');
  if (5 * tick > election)
    throw new EtcdError(
      `--election-timeout[${election}ms] should be at least as 5 times as --heartbeat-interval[${tick}ms]`,
    );
  if (election > 50_000)
    throw new EtcdError(`--election-timeout[${election}ms] is too long, and should be set less than 50000ms`);
  if (flags.has('listen-client-urls') && !flags.has('advertise-client-urls'))
    throw new EtcdError('--advertise-client-urls is required when --listen-client-urls is set explicitly');
  const quota = number('quota-backend-bytes', 0);
  return {
    dataDirectory: flags.get('data-dir') ?? `/${flags.get('name') ?? 'default'}.etcd`,
    token: flags.get('initial-cluster-token') ?? 'etcd-cluster',
    authTokenMs: 1000 * (number('auth-token-ttl', 300) || 300),
    quotaBytes: quota === 0 ? undefined : quota < 0 ? Number.MAX_SAFE_INTEGER : quota,
    compaction: compactionOf(flags),
    clientPort: portsOf(flags, 'listen-client-urls')[0] ?? 2379,
    metricsPorts: portsOf(flags, 'listen-metrics-urls'),
    limits: {
      requestBytes: number('max-request-bytes', 1_572_864),
      operations: number('max-txn-ops', 128),
      progressMs: readGoDuration(flags.get('watch-progress-notify-interval') ?? '10m') ?? 0,
    },
  };
}

function compactionOf(flags: Flags): AutoCompaction | undefined {
  const mode = flags.get('auto-compaction-mode') ?? 'periodic';
  const retention = flags.get('auto-compaction-retention') ?? '0';
  if (mode === '') throw new EtcdError('undefined auto-compaction-mode');
  if (mode !== 'periodic' && mode !== 'revision') throw new EtcdError(`unknown auto-compaction-mode ${quote(mode)}`);
  const isNumber = /^\d+$/.test(retention);
  const parsed = isNumber ? Number(retention) : readGoDuration(retention);
  if (parsed === undefined)
    throw new EtcdError(`error parsing CompactionRetention: time: invalid duration ${quote(retention)}`);
  if (parsed === 0) return undefined;
  if (mode === 'revision') return { mode, revisions: isNumber ? parsed : parsed * 1_000_000 };
  return { mode, retentionMs: isNumber ? parsed * 3_600_000 : parsed };
}

function portsOf(flags: Flags, name: string): readonly number[] {
  return [...new Set(listOf(flags, name).map((url) => Number(/:(\d+)$/.exec(url)?.[1] ?? 0)))];
}

function listOf(flags: Flags, name: string): readonly string[] {
  return (flags.get(name) ?? '').split(',').filter((item) => item !== '');
}

function idleNames(flags: Flags, usual: UsualFlags): string {
  const isDefault = (name: string, value: string): boolean => name === 'initial-cluster-state' && value === 'new';
  const idle = [...flags].filter(
    ([name, value]) => !acting.has(name) && !quiet.test(name) && usual[name] !== value && !isDefault(name, value),
  );
  return idle.map(([name]) => `--${name}`).join(' ');
}

const usage = `Usage:

  etcd [OPTION]...
    Start an etcd server.

  etcd --version
    Show the version of etcd.

  etcd -h | --help
    Show the help of etcd.
`;
