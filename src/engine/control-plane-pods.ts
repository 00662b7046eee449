// etcd and the API server as containers of static pods hold them: what their flags say counts, and they end with
// their container.
import { late } from '../base/late.ts';
import type { ApiServerSettings } from './apiserver/api-server-settings.ts';
import { Meter } from './client/meter.ts';
import type { Link } from './client/transport.ts';
import { openComponentPort } from './components/port-code.ts';
import type { ControlPlaneMachine } from './control-plane-machine.ts';
import { startAutoCompaction } from './etcd/auto-compaction.ts';
import type { Gateway } from './etcd/gateway-port.ts';
import { EtcdError } from './etcd/member.ts';
import type { Flags, UsualFlags } from './flags/component-flags.ts';
import type { ComponentPlace } from './node/runtime/container-config.ts';

const flagCode = late('command lines', () => import('./flags/starts.ts'));
const etcdCode = late("etcd's command line", () => import('./flags/etcd-flags.ts'));

/** How long kube-apiserver looks for etcd before it gives up, and how often. */
const etcdWaitMs = 20_000;
const etcdLookMs = 500;

/** etcd: its data directory decides what it goes on from. */
export function runEtcd(
  machine: ControlPlaneMachine,
  place: ComponentPlace,
  databases: Pick<Gateway, 'cluster' | 'directories' | 'size'> & { readonly usual: UsualFlags },
): boolean {
  const { scope, files, exit } = place;
  const { cluster, directories, size, usual } = databases;
  const start = etcdCode().startEtcdFlags(place, usual);
  if (!start) return false;
  const { flags, settings } = start;
  try {
    etcdCode().checkStart(flags, files(), !directories.holds(files(), settings.dataDirectory));
    directories.open(machine.member, files(), { directory: settings.dataDirectory, token: settings.token });
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    etcdCode().logTo(place)('fatal', 'etcdmain/etcd.go:183', 'discovery failed', { error: error.message });
    exit(1);
    return false;
  }
  size.limit(settings.quotaBytes);
  cluster.limits = settings.limits;
  cluster.auth.tokenMs = settings.authTokenMs;
  machine.matchPorts({ listens: settings.clientPort });
  machine.etcdMetricsPorts = settings.metricsPorts;
  machine.start('etcd');
  size.watch(machine.member, cluster, scope);
  if (settings.compaction) startAutoCompaction(cluster, scope, settings.compaction);
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
  const settings = flags && flagCode().startSettings(flags, place, usual);
  if (!flags || !settings) return false;
  const servers = (flags.get('etcd-servers') ?? '').split(',');
  machine.matchPorts({ asks: servers.map((url) => Number(/:(\d+)\/?$/.exec(url)?.[1] ?? 0)) });
  const until = scope.now + etcdWaitMs;
  const start = (): void => {
    if (machine.member.running && machine.member.found) {
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
export function managerChoice(place: ComponentPlace, usual: UsualFlags, link: Link) {
  const name = 'kube-controller-manager';
  const flags = flagCode().startFlags(name, place, usual);
  const chosen = flags && flagCode().startManager(flags, place);
  return chosen && { ...chosen, meter: metered(name, place, { flags, link }) };
}

/** What a scheduler counts that starts with its flags; undefined: it has ended. */
export function schedulerStarts(place: ComponentPlace, usual: UsualFlags, link: Link): Meter | undefined {
  const name = 'kube-scheduler';
  const flags = flagCode().startFlags(name, place, usual);
  return flags && metered(name, place, { flags, link });
}

function metered(
  name: 'kube-controller-manager' | 'kube-scheduler',
  { scope, network }: ComponentPlace,
  { flags, link }: { readonly flags: Flags; readonly link: Link },
): Meter {
  const meter = new Meter(scope);
  if (flags.get('leader-elect') !== 'false') meter.leases.set(name, true);
  openComponentPort({ name, meter, network, flags, link });
  return meter;
}
