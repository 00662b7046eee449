// etcd and the API server as containers of static pods hold them: what their flags say counts, and they end with
// their container.
import { late } from '../base/late.ts';
import type { ApiServerSettings } from './apiserver/api-server-settings.ts';
import type { ControlPlaneMachine } from './control-plane-machine.ts';
import type { Gateway } from './etcd/gateway-port.ts';
import { EtcdError } from './etcd/member.ts';
import type { UsualFlags } from './flags/starts.ts';
import type { ComponentPlace } from './node/runtime/container-config.ts';

const flagCode = late('command lines', () => import('./flags/starts.ts'));

/** How long kube-apiserver looks for etcd before it gives up, and how often. */
const etcdWaitMs = 20_000;
const etcdLookMs = 500;

/** etcd: its data directory decides what it goes on from. */
export function runEtcd(
  machine: ControlPlaneMachine,
  place: ComponentPlace,
  {
    usual,
    cluster,
    directories,
    size,
  }: Pick<Gateway, 'cluster' | 'directories' | 'size'> & { readonly usual: UsualFlags },
): boolean {
  const { scope, files, log, exit } = place;
  const flags = flagCode().startFlags('etcd', place, usual);
  if (!flags) return false;
  const quota = Number(flags.get('quota-backend-bytes') ?? 0);
  try {
    directories.open(machine.member, files(), flags.get('data-dir') ?? '/default.etcd');
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    log(`{"level":"fatal","msg":"failed to open database","error":"${error.message}"}\n`);
    exit(1);
    return false;
  }
  size.limit(quota > 0 ? quota : undefined);
  machine.start('etcd');
  size.watch(machine.member, cluster, scope);
  scope.onStop(() => machine.stop('etcd'));
  return true;
}

/** The API server, once etcd answers. */
export function runApiServer(
  machine: ControlPlaneMachine,
  place: ComponentPlace,
  { usual, configure }: { readonly usual: UsualFlags; configure(settings: ApiServerSettings): void },
): boolean {
  const { scope, log, exit } = place;
  const flags = flagCode().startFlags('kube-apiserver', place, usual);
  const settings = flags && flagCode().startSettings(flags, place);
  if (!flags || !settings) return false;
  const reachable = /:2379(\/|,|$)/.test(flags.get('etcd-servers') ?? '');
  const until = scope.now + etcdWaitMs;
  const start = (): void => {
    if (reachable && machine.member.running) {
      configure(settings);
      machine.start('kube-apiserver');
      scope.onStop(() => machine.stop('kube-apiserver'));
    } else if (scope.now < until) scope.schedule(etcdLookMs, start);
    else {
      log('"command failed" err="problem initializing API group \\"\\": context deadline exceeded"\n');
      exit(1);
    }
  };
  start();
  return true;
}

/** The controllers that a controller manager's flags choose, and how patient they are; undefined: it has ended. */
export function managerChoice(
  place: ComponentPlace,
  usual: UsualFlags,
): { readonly runs: (name: string) => boolean; readonly nodeMonitorGraceMs: number | undefined } | undefined {
  const flags = flagCode().startFlags('kube-controller-manager', place, usual);
  return flags && flagCode().startManager(flags, place);
}

/** Whether a scheduler starts with its flags. */
export function schedulerStarts(place: ComponentPlace, usual: UsualFlags): boolean {
  return flagCode().startFlags('kube-scheduler', place, usual) !== undefined;
}
