// --audit-policy-file, --audit-log-path and what belongs to them.

import type { FileTree } from '../../base/files.ts';
import { quote } from '../../base/go/quote.ts';
import { readAuditPolicy } from '../apiserver/audit/audit-policy.ts';
import { Auditor, type AuditSettings } from '../apiserver/audit/auditor.ts';
import { type LogFiles, RotatingLog } from '../apiserver/audit/rotating-log.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import type { Scope } from '../sim/scope.ts';
import { type ComponentFiles, said } from './component-files.ts';
import { type Flags, numberOf, switchOf } from './component-flags.ts';

/** Acted on; `--audit-webhook-…` and batches are not. */
export const auditFlagNames = [
  'audit-policy-file',
  'audit-log-path',
  'audit-log-format',
  'audit-log-maxage',
  'audit-log-maxbackup',
  'audit-log-maxsize',
  'audit-log-version',
] as const;

export interface AuditPlace {
  readonly files: ComponentFiles;
  readonly logs: LogFiles;
  /** The process's output. */
  print(text: string): void;
  warn(text: string): void;
  now(): number;
}

const formats = ['legacy', 'json'] as const;
const modes = ['batch', 'blocking', 'blocking-strict'];
const dayMs = 24 * 3_600_000;
const megabyte = 1024 * 1024;

/** What makes the auditor; undefined: nothing is audited. Throws ConfigurationError. */
export function auditorOf(flags: Flags, place: AuditPlace): ((scope: Scope) => Auditor) | undefined {
  const path = flags.get('audit-log-path') ?? '';
  const format = formatOf(flags);
  if (path !== '') checkLogFlags(flags);
  const file = flags.get('audit-policy-file') ?? '';
  const policy = file === '' ? undefined : policyIn(file, place);
  if (flags.has('audit-webhook-config-file'))
    throw new ConfigurationError('--audit-webhook-config-file: sending audit events to a webhook is not simulated');
  const write = path === '' ? undefined : writerTo(path, flags, place);
  if (!policy || !write) return undefined;
  const settings: AuditSettings = { policy, format, write };
  return (scope) => new Auditor(scope, settings);
}

function policyIn(file: string, { files, warn }: AuditPlace) {
  try {
    return readAuditPolicy(readPolicy(file, files), warn);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const where = error instanceof Unreadable ? '' : `: from file ${file}`;
    throw new ConfigurationError(`loading audit policy file: ${error.message}${where}`);
  }
}

class Unreadable extends ConfigurationError {}

function readPolicy(file: string, files: ComponentFiles): string {
  try {
    return files.read(file);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new Unreadable(`failed to read file path ${quote(file)}: ${error.message}`);
  }
}

function formatOf(flags: Flags): AuditSettings['format'] {
  const given = flags.get('audit-log-format') ?? 'json';
  return formats.find((format) => format === given) ?? 'json';
}

/** Upstream's words, all at once. */
function checkLogFlags(flags: Flags): void {
  const problems: string[] = [];
  const mode = flags.get('audit-log-mode') ?? 'blocking';
  if (!modes.includes(mode))
    problems.push(`invalid audit log mode ${mode}, allowed modes are ${quote(modes.join(','))}`);
  const format = flags.get('audit-log-format') ?? 'json';
  if (!formats.some((known) => known === format))
    problems.push(`invalid audit log format ${format}, allowed formats are ${quote(formats.join(','))}`);
  const version = flags.get('audit-log-version') ?? 'audit.k8s.io/v1';
  if (version !== 'audit.k8s.io/v1')
    problems.push('invalid group version, allowed versions are [{"audit.k8s.io" "v1"}]');
  for (const name of ['audit-log-maxage', 'audit-log-maxbackup', 'audit-log-maxsize']) {
    const value = numberOf(flags, name, 0);
    if (value < 0) problems.push(`--${name} ${value} can't be a negative number`);
  }
  if (switchOf(flags, 'audit-log-compress', false)) problems.push('--audit-log-compress is not simulated');
  if (problems.length > 0) throw new ConfigurationError(joined(problems));
}

function joined(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] ?? '') : `[${problems.join(', ')}]`;
}

function writerTo(path: string, flags: Flags, { logs, print, now }: AuditPlace): (lines: string) => void {
  if (path === '-') return print;
  const log = new RotatingLog(logs, now, {
    path,
    sizeMax: numberOf(flags, 'audit-log-maxsize', 100) * megabyte,
    backupsMax: numberOf(flags, 'audit-log-maxbackup', 100),
    ageMaxMs: numberOf(flags, 'audit-log-maxage', 366) * dayMs,
  });
  return (lines) => log.write(lines);
}

/** A log among the files of a simulated machine. */
export function logsIn(files: () => FileTree): LogFiles {
  return {
    append: (path, text) =>
      said(`ensureLogFile: open ${path}`, () =>
        files().writeFile(path, text, { append: true, parents: true, mode: 0o600 }),
      ),
    size: (path) => (files().exists(path) ? files().readFile(path).length : 0),
    rename: (from, to) => files().rename(from, to),
    remove: (path) => files().remove(path),
    list: (directory) => files().list(directory),
  };
}
