// The flags of a kube-apiserver that `serve` understands.
import { X509Certificate } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import type { ParseArgsConfig } from 'node:util';
import { usualChoice } from '../../engine/apiserver/admission/plugin-names.ts';
import type { ApiServerSettings } from '../../engine/apiserver/api-server-settings.ts';
import type { LogFiles } from '../../engine/apiserver/audit/rotating-log.ts';
import { ConfigurationError } from '../../engine/apiserver/configuration/config-file.ts';
import { settingsOf } from '../../engine/flags/api-server-flags.ts';

export const apiServerFlags = {
  'admission-control-config-file': { type: 'string' },
  'anonymous-auth': { type: 'string' },
  'audit-log-format': { type: 'string' },
  'audit-log-maxage': { type: 'string' },
  'audit-log-maxbackup': { type: 'string' },
  'audit-log-maxsize': { type: 'string' },
  'audit-log-path': { type: 'string' },
  'audit-policy-file': { type: 'string' },
  'authentication-config': { type: 'string' },
  'authorization-config': { type: 'string' },
  'authorization-mode': { type: 'string' },
  'client-ca-file': { type: 'string' },
  'disable-admission-plugins': { type: 'string' },
  'enable-admission-plugins': { type: 'string' },
  'encryption-provider-config': { type: 'string' },
  'service-cluster-ip-range': { type: 'string' },
  'token-auth-file': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const apiServerFlagsHelp = `
As kube-apiserver has them:
  --admission-control-config-file FILE   what PodSecurity does where a namespace says nothing, and what it exempts
  --anonymous-auth BOOL              requests without a name are system:anonymous's (default) or refused (=false)
  --audit-policy-file FILE           which requests are logged, and how much of each
  --audit-log-path FILE              where to; - is standard output; --audit-log-format json or legacy
  --audit-log-maxsize MB             a larger file is put aside; --audit-log-maxbackup N, --audit-log-maxage DAYS
  --authentication-config FILE       AuthenticationConfiguration: who may come without a name
  --authorization-config FILE        AuthorizationConfiguration: the modes as a file
  --authorization-mode LIST          Node,RBAC (default), AlwaysAllow, AlwaysDeny
  --client-ca-file FILE              client certificates that these authorities signed count as well (--tls-port)
  --disable-admission-plugins LIST   plugins to switch off
  --enable-admission-plugins LIST    plugins to switch on beside the usual ones
  --encryption-provider-config FILE  EncryptionConfiguration: what etcd holds encrypted
  --service-cluster-ip-range CIDR    where new Services get their addresses from
  --token-auth-file FILE             bearer tokens: token,user,uid,"group1,group2"`;

/** The certificates in a PEM file; none without a file. */
export function clientAuthorities(file: string | undefined): readonly X509Certificate[] {
  if (file === undefined) return [];
  const blocks = readFileSync(file, 'utf8').match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (!blocks) throw new Error(`--client-ca-file: ${file} holds no certificate in PEM`);
  return blocks.map((pem) => new X509Certificate(pem));
}

/** Left out: certificates in between. */
function signedByOneOf(authorities: readonly X509Certificate[], bytes: Uint8Array): boolean {
  const certificate = new X509Certificate(bytes);
  return authorities.some((authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
}

type Values = { readonly [K in keyof typeof apiServerFlags]?: string | undefined };

/** Reads the files that the flags name. */
export function apiServerSettings(values: Values, now: () => number): ApiServerSettings {
  const flags = new Map<string, string>(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || !Object.hasOwn(apiServerFlags, name) ? [] : [[name, value]],
    ),
  );
  if (!flags.has('authorization-mode') && !flags.has('authorization-config'))
    flags.set('authorization-mode', 'Node,RBAC');
  const disabled = values['disable-admission-plugins']?.split(',') ?? [];
  const usual = usualChoice.enabled.filter((name) => !disabled.includes(name));
  flags.set('enable-admission-plugins', [...usual, values['enable-admission-plugins'] ?? []].flat().join(','));
  const authorities = clientAuthorities(values['client-ca-file']);
  return {
    ...settingsOf(flags, {
      files: { read: readText },
      logs: diskLogs,
      print: (text) => void process.stdout.write(text),
      warn: (text) => void process.stderr.write(`${text}\n`),
      now,
    }),
    bootstrapTokens: true,
    clientAuthority: undefined,
    trusts: (certificate) => signedByOneOf(authorities, certificate),
  };
}

function readText(path: string): string {
  return onDisk(`open ${path}`, () => readFileSync(path, 'utf8'));
}

const diskLogs: LogFiles = {
  append: (path, text) =>
    onDisk(`ensureLogFile: open ${path}`, () => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      appendFileSync(path, text, { mode: 0o600 });
    }),
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  rename: renameSync,
  remove: (path) => rmSync(path),
  list: (directory) => readdirSync(directory),
};

/** What goes wrong on the disk is the user's to mend. */
function onDisk<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new ConfigurationError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
