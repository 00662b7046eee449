// How components start with their command lines: what their flags come to, or why they do not start.
import type { ApiServerSettings } from '../apiserver/api-server-settings.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import type { ComponentPlace } from '../node/runtime/container-config.ts';
import { actingFlags as ofApiServer, settingsOf } from './api-server-flags.ts';
import { logsIn } from './audit-flags.ts';
import { checkFiles } from './certificate-files.ts';
import { filesOf } from './component-files.ts';
import {
  checkGates,
  durationOf,
  type Flags,
  idleFlags,
  listOf,
  readFlags,
  type UsualFlags,
} from './component-flags.ts';
import { controllerChoice } from './controller-names.ts';
import { apiServerFlagNames, controllerManagerFlagNames, schedulerFlagNames } from './flag-names.ts';

interface Component {
  readonly known: ReadonlySet<string>;
  readonly acting: ReadonlySet<string>;
}

const ports = ['authorization-always-allow-paths', 'bind-address', 'secure-port'];

const components = {
  'kube-apiserver': { known: apiServerFlagNames, acting: ofApiServer },
  'kube-controller-manager': {
    known: controllerManagerFlagNames,
    acting: new Set([...ports, 'controllers', 'node-monitor-grace-period']),
  },
  'kube-scheduler': { known: schedulerFlagNames, acting: new Set(ports) },
} as const satisfies Readonly<Record<string, Component>>;

export type FlaggedComponent = keyof typeof components;

/** The flags of a component's command line; undefined: it has said why not, and ended. */
export function startFlags(name: FlaggedComponent, place: ComponentPlace, usual: UsualFlags): Flags | undefined {
  const { known, acting } = components[name];
  const flags = attempt(place, 'Error: ', () => readFlags(place.argv.slice(1), known));
  if (!flags) return undefined;
  const idle = idleFlags(flags, acting, usual);
  if (idle !== undefined) place.log(idle);
  return attempt(place, 'command failed', () => {
    checkGates(flags);
    checkFiles(flags, usual, filesOf(place.files()));
    return flags;
  });
}

/** What the flags of an API server come to; undefined: it has said why not, and ended. */
export function startSettings(flags: Flags, place: ComponentPlace, usual: UsualFlags): ApiServerSettings | undefined {
  const { scope, log, files } = place;
  const parts = {
    files: filesOf(files()),
    logs: logsIn(files),
    print: log,
    warn: (text: string) => log(`${text}\n`),
    now: () => scope.now,
  };
  return attempt(place, 'command failed', () => settingsOf(flags, parts, usual));
}

/** What the flags of a controller manager come to; undefined: it has said why not, and ended. */
export function startManager(flags: Flags, place: ComponentPlace) {
  return attempt(place, 'command failed', () => ({
    runs: controllerChoice(listOf(flags, 'controllers') ?? ['*']),
    nodeMonitorGraceMs: durationOf(flags, 'node-monitor-grace-period'),
  }));
}

function attempt<T>({ log, exit }: ComponentPlace, kind: 'Error: ' | 'command failed', act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    log(kind === 'Error: ' ? `Error: ${error.message}\n` : `"command failed" err=${JSON.stringify(error.message)}\n`);
    exit(1);
    return undefined;
  }
}
