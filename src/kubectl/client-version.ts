// The version that this kubectl behaves as, and whether a server has the same (`--match-server-version`).
import { textAt } from '../base/fields.ts';
import type { JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';

export const clientVersion: JsonObject = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3',
  gitCommit: '0f29094e5b73085e3802ecc1298ecae13866bfe6',
  gitTreeState: 'clean',
  buildDate: '2026-07-22T18:10:35Z',
  goVersion: 'go1.26.5',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** Commands that never ask a server. */
const withoutServer = new Set(['alpha', 'completion', 'config', 'kuberc', 'kustomize', 'options', 'plugin']);

/** Throws when the server's version is another one. Does nothing for command lines that ask no server. */
export async function matchServerVersion(context: Context): Promise<void> {
  const { flags, path } = context;
  if (!flags.bool('match-server-version') || withoutServer.has(path.split(' ')[1] ?? '')) return;
  const alone = ['client', 'local'].some((name) => flags.has(name) && !flags.isText(name) && flags.bool(name));
  if (alone) return;
  const query = { timeout: '32s' };
  const server = await context.client().object({ path: '/version', query, accept: 'application/json, */*' });
  if (['gitVersion', 'gitCommit', 'gitTreeState'].every((name) => server[name] === clientVersion[name])) return;
  throw new CommandError(`server version (&${goText(server)}) differs from client version (${goText(clientVersion)})`);
}

const fields = [
  ...['major', 'minor', 'emulationMajor', 'emulationMinor', 'minCompatibilityMajor', 'minCompatibilityMinor'],
  ...['gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'],
];

/** As Go's %#v prints a version. */
function goText(version: JsonObject): string {
  const shown = fields.map(
    (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}:${JSON.stringify(textAt(version, name))}`,
  );
  return `version.Info{${shown.join(', ')}}`;
}
