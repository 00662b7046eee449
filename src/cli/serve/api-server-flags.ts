// The flags of a kube-apiserver that `serve` understands.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import type { ApiServerSettings } from '../../engine/apiserver/api-server-settings.ts';
import { readStaticTokens } from '../../engine/apiserver/authentication.ts';

export const apiServerFlags = {
  'anonymous-auth': { type: 'string' },
  'authorization-mode': { type: 'string' },
  'client-ca-file': { type: 'string' },
  'disable-admission-plugins': { type: 'string' },
  'enable-admission-plugins': { type: 'string' },
  'service-cluster-ip-range': { type: 'string' },
  'token-auth-file': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const apiServerFlagsHelp = `
As kube-apiserver has them:
  --anonymous-auth BOOL              requests without a name are system:anonymous's (default) or refused (=false)
  --authorization-mode LIST          RBAC (default), AlwaysAllow
  --client-ca-file FILE              client certificates that these authorities signed count as well (--tls-port)
  --disable-admission-plugins LIST   plugins to switch off
  --enable-admission-plugins LIST    accepted: every plugin that there is runs unless it is disabled
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
export function apiServerSettings(values: Values): ApiServerSettings {
  const modes = values['authorization-mode']?.split(',') ?? ['RBAC'];
  const unknown = modes.find((mode) => !['RBAC', 'Node', 'AlwaysAllow'].includes(mode));
  if (unknown !== undefined) throw new Error(`--authorization-mode: ${unknown} is not simulated`);
  const authorities = clientAuthorities(values['client-ca-file']);
  const tokenFile = values['token-auth-file'];
  return {
    allowsAnonymous: isYes(values['anonymous-auth'] ?? 'true'),
    alwaysAllows: modes.includes('AlwaysAllow'),
    disabledAdmission: values['disable-admission-plugins']?.split(','),
    serviceCidr: values['service-cluster-ip-range'],
    trusts: (certificate) => signedByOneOf(authorities, certificate),
    tokens: tokenFile === undefined ? undefined : readStaticTokens(readFileSync(tokenFile, 'utf8')),
  };
}

/** As Go reads a flag that is on or off. */
function isYes(value: string): boolean {
  if (/^(1|t|true)$/i.test(value)) return true;
  if (/^(0|f|false)$/i.test(value)) return false;
  throw new Error(`--anonymous-auth: invalid boolean value ${JSON.stringify(value)}`);
}
