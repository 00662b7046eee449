// /statusz and /flagz: what a component is and what it was started with, as text for people or as objects.

import type { JsonObject } from '../base/json.ts';
import { formatTime } from '../base/time.ts';

/** What a component's pages tell, e.g. `{ component: 'kube-scheduler', startedAt: 1767225600000, … }`; times are milliseconds since the Unix epoch. */
export interface ZPageFacts {
  /** E.g. `apiserver`. */
  readonly component: string;
  /** When the server has started, and what time it is. */
  readonly startedAt: number;
  readonly now: number;
  readonly goVersion: string;
  /** Paths that there are. */
  readonly paths: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
  /** What stands between names and values: upstream takes another each time, so that nobody parses it. */
  readonly separator: string;
}

/** As it is answered, e.g. `{ kind: 'text', text: '\nkube-scheduler flagz\nWarning: …' }`; `type`: other than what was negotiated. */
export type ZPage =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'json'; readonly value: JsonObject; readonly type: string };

const group = 'config.k8s.io';

/** What is between a name and its value. */
export const separators = [':', ': ', '=', ' '] as const;

/** `wanted`: the object in a version, or text. */
export function zPage(page: 'Statusz' | 'Flagz', facts: ZPageFacts, wanted: string | undefined): ZPage {
  if (wanted === undefined) return { kind: 'text', text: page === 'Statusz' ? statusText(facts) : flagText(facts) };
  const head = { kind: page, apiVersion: `${group}/${wanted}`, metadata: { name: facts.component } };
  const value = page === 'Statusz' ? statusObject(facts) : { flags: Object.fromEntries(sorted(facts.flags)) };
  return { kind: 'json', value: { ...head, ...value }, type: 'application/json' };
}

/** The version of the object that a client accepts; undefined: it takes text. */
export function acceptedZPage(accept: string, page: string): string | undefined {
  for (const clause of accept.split(',')) {
    const parameters = new Map(
      clause.split(';').map((part): readonly [string, string] => {
        const [name = '', value = ''] = part.trim().split('=');
        return [name, value];
      }),
    );
    const version = parameters.get('v');
    if (parameters.get('as') === page && parameters.get('g') === group && version) return version;
  }
  return undefined;
}

function statusObject({ startedAt, now, goVersion, paths }: ZPageFacts): JsonObject {
  return {
    startTime: formatTime(startedAt),
    uptimeSeconds: Math.floor((now - startedAt) / 1000),
    goVersion,
    binaryVersion: '1.36.2',
    emulationVersion: '1.36',
    paths: folders(paths),
  };
}

function heading(component: string, page: string): string {
  const warning =
    'This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.';
  return `\n${component} ${page}\nWarning: ${warning}\n`;
}

function statusText({ component, startedAt, now, goVersion, paths, separator }: ZPageFacts): string {
  const up = Math.floor((now - startedAt) / 1000);
  const two = (value: number): string => String(value % 60).padStart(2, '0');
  const lines = [
    `Started${separator} ${unixDate(startedAt)}`,
    `Up${separator} ${Math.floor(up / 3600)} hr ${two(Math.floor(up / 60))} min ${two(up)} sec`,
    `Go version${separator} ${goVersion}`,
    `Binary version${separator} 1.36.2`,
    `Emulation version${separator} 1.36`,
    `Paths${separator} ${folders(paths).join(' ')}`,
  ];
  return `${heading(component, 'statusz')}\n${lines.join('\n')}\n`;
}

function flagText({ component, flags, separator }: ZPageFacts): string {
  const lines = sorted(flags).map(([name, value]) => `${name}${separator}${value}\n`);
  return heading(component, 'flagz') + lines.join('');
}

function sorted(flags: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...flags].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Go's `Mon Jan _2 15:04:05 UTC 2006`. */
function unixDate(at: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(at)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} UTC ${year}`;
}

const notForDebugging = new Set(['/apis', '/api', '/openid', '/openapi', '/.well-known']);

function folders(paths: readonly string[]): readonly string[] {
  const found = new Set(paths.map((path) => `/${path.split('/')[1] ?? ''}`));
  return [...found].filter((folder) => folder !== '/' && !notForDebugging.has(folder)).sort();
}
