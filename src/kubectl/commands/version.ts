// `kubectl version`: this client's version and the server's.
import type { JsonObject } from '../../base/json.ts';
import { clientVersion } from '../client-version.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { formatJson } from '../print/json.ts';
import { formatYaml } from '../print/yaml.ts';

const kustomizeVersion = 'v5.8.1';

export const version: Command = {
  use: 'version [flags]',
  long: 'Print the versions of the client and of the server of the current context.',
  example: "# Versions of the client and of the current context's server\nkubectl version",
  flags: [
    flag.bool('client', 'Print the client version alone and ask no server.'),
    flag.string('output', "One of 'yaml' or 'json'.", { shorthand: 'o' }),
  ],
  run: async (context) => {
    const format = context.flags.string('output');
    if (!['', 'yaml', 'json'].includes(format)) throw new CommandError("--output must be 'yaml' or 'json'");
    let serverVersion: JsonObject | undefined;
    let failure: unknown;
    if (!context.flags.bool('client'))
      try {
        serverVersion = await context
          .client()
          .object({ path: '/version', query: { timeout: '32s' }, accept: 'application/json, */*' });
      } catch (error) {
        failure = error;
      }
    const all = {
      clientVersion,
      kustomizeVersion,
      ...(serverVersion ? { serverVersion: inOrder(serverVersion) } : {}),
    };
    if (format === 'json') context.out(`${formatJson(all, { indent: '  ' })}\n`);
    else if (format === 'yaml') context.out(`${formatYaml(all)}\n`);
    else context.out(table(serverVersion));
    if (failure) throw failure;
    if (serverVersion) warnAboutSkew(serverVersion, (text) => context.err(text));
  },
};

/** The fields in the order of version.Info. */
function inOrder(server: JsonObject): JsonObject {
  const first = [
    'major',
    'minor',
    'emulationMajor',
    'emulationMinor',
    'minCompatibilityMajor',
    'minCompatibilityMinor',
  ];
  const known = first.flatMap((key) => (server[key] === undefined ? [] : [[key, server[key]] as const]));
  return { ...Object.fromEntries(known), ...server };
}

function table(server: JsonObject | undefined): string {
  const lines = [`Client Version: ${clientVersion.gitVersion}`, `Kustomize Version: ${kustomizeVersion}`];
  if (server) lines.push(`Server Version: ${server.gitVersion}`);
  return lines.map((line) => `${line}\n`).join('');
}

/** Client and server may be one minor version apart. */
function warnAboutSkew(server: JsonObject, warn: (text: string) => void): void {
  const minor = Number.parseInt(String(server.minor ?? ''), 10);
  if (Number.isNaN(minor) || (server.major === '1' && Math.abs(minor - 36) <= 1)) return;
  warn(
    `WARNING: version difference between client (1.36) and server (${server.major}.${minor}) exceeds the supported minor version skew of +/-1\n`,
  );
}
