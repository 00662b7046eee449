// The flags of a kube-apiserver that `serve` understands.
import { readFileSync } from 'node:fs';
import type { ParseArgsConfig } from 'node:util';
import type { ApiServerSettings } from '../../engine/apiserver/api-server.ts';
import { readStaticTokens } from '../../engine/apiserver/authentication.ts';

export const apiServerFlags = {
  'authorization-mode': { type: 'string' },
  'client-ca-file': { type: 'string' },
  'disable-admission-plugins': { type: 'string' },
  'enable-admission-plugins': { type: 'string' },
  'service-cluster-ip-range': { type: 'string' },
  'token-auth-file': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const apiServerFlagsHelp = `
As kube-apiserver has them:
  --authorization-mode LIST          RBAC (default), AlwaysAllow
  --client-ca-file FILE              read and not used: the server takes plain HTTP
  --disable-admission-plugins LIST   plugins to switch off
  --enable-admission-plugins LIST    accepted: every plugin that there is runs unless it is disabled
  --service-cluster-ip-range CIDR    where new Services get their addresses from
  --token-auth-file FILE             bearer tokens: token,user,uid,"group1,group2"`;

type Values = { readonly [K in keyof typeof apiServerFlags]?: string | undefined };

/** Reads the files that the flags name. */
export function apiServerSettings(values: Values): ApiServerSettings {
  const modes = values['authorization-mode']?.split(',') ?? ['RBAC'];
  const unknown = modes.find((mode) => !['RBAC', 'Node', 'AlwaysAllow'].includes(mode));
  if (unknown !== undefined) throw new Error(`--authorization-mode: ${unknown} is not simulated`);
  const authority = values['client-ca-file'];
  if (authority !== undefined) readFileSync(authority);
  const tokenFile = values['token-auth-file'];
  return {
    alwaysAllows: modes.includes('AlwaysAllow'),
    disabledAdmission: values['disable-admission-plugins']?.split(','),
    serviceCidr: values['service-cluster-ip-range'],
    tokens: tokenFile === undefined ? undefined : readStaticTokens(readFileSync(tokenFile, 'utf8')),
  };
}
