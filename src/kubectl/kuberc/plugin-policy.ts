// Which credential plugins a kuberc file lets run.
import type { Process } from '../../api/program.ts';
import { normalizePath } from '../../base/files.ts';
import { isExecutable } from '../plugin-path.ts';

export interface PluginPolicy {
  /** `''` is AllowAll. */
  readonly policy: string;
  /** Commands; undefined: the file has no list. */
  readonly allowlist: readonly string[] | undefined;
}

export const pluginPolicies = ['AllowAll', 'DenyAll', 'Allowlist'] as const;

/** What is wrong with a policy. */
export function policyProblem({ policy, allowlist }: PluginPolicy): string | undefined {
  const quoted = JSON.stringify(policy);
  if (policy === '' || policy === 'AllowAll' || policy === 'DenyAll') {
    const what = `plugin policy is ${quoted} but allowlist is non-nil`;
    return allowlist && `misconfigured credential plugin allowlist: ${what}`;
  }
  if (policy !== 'Allowlist') return `unknown plugin policy: ${quoted}`;
  if (!allowlist) return `credential plugin policy set to ${quoted}, but allowlist is unspecified`;
  if (allowlist.length === 0)
    return `credential plugin policy set to ${quoted}, but allowlist is empty; use "DenyAll" policy instead`;
  for (const [index, command] of allowlist.entries()) {
    if (command === '') return `misconfigured credential plugin allowlist: empty allowlist entry #${index + 1}`;
    const cleaned = cleanPath(command);
    if (cleaned !== command)
      return `non-normalized file path: ${JSON.stringify(command)} vs ${JSON.stringify(cleaned)}`;
  }
  return undefined;
}

/** Why a plugin may not run. */
export function pluginRefusal(
  process: Process,
  { policy, allowlist = [] }: PluginPolicy,
  command: string,
): string | undefined {
  const cleaned = cleanPath(command);
  if (policy === 'DenyAll') return `plugin ${JSON.stringify(cleaned)} not allowed: policy set to "DenyAll"`;
  if (policy !== 'Allowlist' || allowlist.includes(cleaned)) return undefined;
  const path = lookPath(process, cleaned);
  const quoted = JSON.stringify(path ?? cleaned);
  if (path === undefined) {
    const why = cleaned.includes('/')
      ? `stat ${cleaned}: no such file or directory`
      : 'executable file not found in $PATH';
    const error = `exec: ${JSON.stringify(cleaned)}: ${why}`;
    return `plugin path ${quoted} cannot be resolved for credential plugin allowlist check: ${error}`;
  }
  const allowed = allowlist.some(
    (entry) => entry === path || (baseName(entry) === baseName(path) && lookPath(process, entry) === path),
  );
  return allowed ? undefined : `plugin path ${quoted} is not permitted by the credential plugin allowlist`;
}

function lookPath(process: Process, command: string): string | undefined {
  if (command.includes('/')) return isExecutable(process, normalizePath(command, process.cwd)) ? command : undefined;
  const directories = (process.env.get('PATH') ?? '').split(':').filter(Boolean);
  const found = directories.find((one) => isExecutable(process, normalizePath(`${one}/${command}`, process.cwd)));
  return found && `${found}/${command}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Go's filepath.Clean. */
function cleanPath(path: string): string {
  if (path.startsWith('/')) return normalizePath(path);
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/') || '.';
}
