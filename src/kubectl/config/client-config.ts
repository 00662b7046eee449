// Kubeconfig, environment and flags to one server, credentials and a namespace (client-go's clientcmd).
import type { Process } from '../../api/program.ts';
import { CommandError, ConfigurationError } from '../errors.ts';
import { parseDuration } from '../flag-values.ts';
import type { FlagValues } from '../flags.ts';
import { type ExecPlugin, execPluginOf } from './exec-credentials.ts';
import { inCluster } from './in-cluster.ts';
import { type Kubeconfig, type KubeconfigEntry, loadKubeconfig } from './kubeconfig.ts';

/** Where a cluster is and as whom we come. */
export interface ConnectionSettings {
  /** e.g. `https://192.168.49.2:8443`; `http://localhost:8080` without any configuration. */
  readonly server: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  /** Paths or base64 data as the kubeconfig has them. */
  readonly clientCertificate?: { readonly file?: string; readonly data?: string };
  readonly clientKey?: { readonly file?: string; readonly data?: string };
  readonly certificateAuthority?: { readonly file?: string; readonly data?: string };
  readonly insecure: boolean;
  readonly tlsServerName?: string;
  readonly impersonate?: {
    readonly user: string;
    readonly uid: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
  /** Where the credentials come from when nothing else names any. */
  readonly exec?: ExecPlugin;
  /** Zero waits for ever. */
  readonly requestTimeoutMs: number;
}

export interface NamespaceChoice {
  readonly ns: string;
  /** The user named it with `-n`: objects of other namespaces are refused. */
  readonly explicit: boolean;
}

export interface ClientConfig {
  readonly kubeconfig: Kubeconfig;
  settings(): ConnectionSettings;
  namespace(): NamespaceChoice;
}

export function loadClientConfig(process: Process, flags: FlagValues): ClientConfig {
  const kubeconfig = loadKubeconfig(process, flags.string('kubeconfig'));
  const contextName = flags.string('context') || kubeconfig.currentContext;
  const context = kubeconfig.contexts.get(contextName);
  const isEmpty = kubeconfig.contexts.size === 0 && kubeconfig.clusters.size === 0 && !flags.string('server');
  const inside = isEmpty ? inCluster(process) : undefined;
  return {
    kubeconfig,
    settings: () => {
      const settings = settingsOf({ kubeconfig, flags, context, contextName });
      if (!inside) return settings;
      const { server, token, certificateAuthority } = inside;
      return { token, ...settings, server, certificateAuthority };
    },
    namespace: () => {
      const explicit = flags.string('namespace');
      if (explicit) return { ns: explicit, explicit: true };
      if (flags.string('context') && !context)
        throw new ConfigurationError([`context was not found for specified context: ${contextName}`]);
      return { ns: text(context, 'namespace') || inside?.ns || 'default', explicit: false };
    },
  };
}

function settingsOf(given: {
  readonly kubeconfig: Kubeconfig;
  readonly flags: FlagValues;
  readonly context: KubeconfigEntry | undefined;
  readonly contextName: string;
}): ConnectionSettings {
  const { kubeconfig, flags, context, contextName } = given;
  const requestTimeoutMs = timeout(flags.string('request-timeout'));
  if (
    contextName &&
    !context &&
    (flags.string('context') || kubeconfig.contexts.size > 0 || kubeconfig.clusters.size > 0)
  )
    throw new CommandError(`context "${contextName}" does not exist`);
  const clusterName = flags.string('cluster') || text(context, 'cluster');
  const asked = globalText(flags, 'user');
  const userName = asked || text(context, 'user');
  const cluster = kubeconfig.clusters.get(clusterName);
  const user = kubeconfig.users.get(userName);
  if (asked && !user) throw new CommandError(`auth info "${userName}" does not exist`);
  const server = flags.string('server') || text(cluster, 'server');
  if (flags.string('cluster') && !cluster && !flags.string('server'))
    throw new CommandError(`cluster "${clusterName}" does not exist`);
  if (!server && context && !cluster && !flags.string('server'))
    throw new ConfigurationError(
      clusterName ? [`cluster "${clusterName}" does not exist`] : ['no server found for cluster ""'],
    );
  const setting = (flagName: string, held: KubeconfigEntry | undefined, key = flagName) =>
    flags.string(flagName) || text(held, key);
  const token = flags.string('token') || text(user, 'token');
  const username = setting('username', user);
  const held = certificates(flags, cluster, user);
  const exec = token || username || held.clientCertificate ? undefined : execPluginOf(user, userName);
  return {
    server: (server || 'http://localhost:8080').replace(/\/$/, '').replace(/^(?![a-z]+:\/\/)/, 'http://'),
    ...(token ? { token } : {}),
    ...(username ? { username, password: setting('password', user) } : {}),
    ...held,
    ...(exec && { exec }),
    insecure: flags.bool('insecure-skip-tls-verify') || cluster?.['insecure-skip-tls-verify'] === true,
    ...(setting('tls-server-name', cluster) ? { tlsServerName: setting('tls-server-name', cluster) } : {}),
    ...impersonation(flags, user, userName),
    requestTimeoutMs,
  };
}

function certificates(
  flags: FlagValues,
  cluster: KubeconfigEntry | undefined,
  user: KubeconfigEntry | undefined,
): Partial<ConnectionSettings> {
  const pick = (name: string, held: KubeconfigEntry | undefined) => {
    const file = flags.string(name) || text(held, name);
    const data = flags.string(name) ? '' : text(held, `${name}-data`);
    return file || data ? { ...(file ? { file } : {}), ...(data ? { data } : {}) } : undefined;
  };
  const certificateAuthority = pick('certificate-authority', cluster);
  const clientCertificate = pick('client-certificate', user);
  const clientKey = pick('client-key', user);
  return {
    ...(certificateAuthority ? { certificateAuthority } : {}),
    ...(clientCertificate ? { clientCertificate } : {}),
    ...(clientKey ? { clientKey } : {}),
  };
}

function impersonation(
  flags: FlagValues,
  user: KubeconfigEntry | undefined,
  userName: string,
): Partial<ConnectionSettings> {
  const name = flags.string('as') || text(user, 'as');
  const groups = flags.strings('as-group');
  const uid = flags.string('as-uid') || text(user, 'as-uid');
  if (!name && groups.length === 0 && !uid) return {};
  if (!name)
    throw new CommandError(`requesting uid, groups or user-extra for ${userName} without impersonating a user`);
  const extra: Record<string, string[]> = {};
  for (const pair of flags.strings('as-user-extra')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals);
    extra[key] = [...(extra[key] ?? []), pair.slice(equals + 1)];
  }
  return { impersonate: { user: name, uid, groups, extra } };
}

function timeout(written: string): number {
  if (/^\d+$/.test(written)) return Number(written) * 1000;
  try {
    return parseDuration(written);
  } catch {
    throw new CommandError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
}

function text(entry: KubeconfigEntry | undefined, key: string): string {
  const value = entry?.[key];
  return typeof value === 'string' ? value : '';
}

/** A global flag's text; empty where the command has a flag of its own under that name (`create rolebinding --user`). */
function globalText(flags: FlagValues, name: string): string {
  return flags.isText(name) ? flags.string(name) : '';
}
