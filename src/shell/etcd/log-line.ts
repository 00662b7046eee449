// The lines that etcd's programs log on standard error: JSON, to the microsecond.
import type { JsonObject } from '../../base/json.ts';

/** As Kubernetes v1.36 has it. */
export const etcdctlVersion = '3.6.8';

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error' | 'fatal';
  readonly atMs: number;
  readonly logger?: string;
  readonly caller: string;
  readonly msg: string;
  readonly fields?: JsonObject;
}

export function logLine({ level, atMs, logger, caller, msg, fields }: LogEntry): string {
  const ts = new Date(atMs).toISOString().replace(/Z$/, '000Z');
  return `${JSON.stringify({ level, ts, ...(logger && { logger }), caller, msg, ...fields })}\n`;
}
