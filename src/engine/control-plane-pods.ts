// etcd and the API server as containers of static pods hold them: what their flags say counts, and they end with
// their container.
import type { ApiServerSettings } from './apiserver/api-server-settings.ts';
import type { ControlPlaneMachine } from './control-plane-machine.ts';
import type { Gateway } from './etcd/gateway-calls.ts';
import { EtcdError } from './etcd/member.ts';
import type { ComponentPlace } from './node/runtime/container-config.ts';

/** How long kube-apiserver looks for etcd before it gives up, and how often. */
const etcdWaitMs = 20_000;
const etcdLookMs = 500;

/** etcd: its data directory decides what it goes on from. */
export function runEtcd(
  machine: ControlPlaneMachine,
  { scope, argv, files, log, exit }: ComponentPlace,
  { cluster, directories, size }: Pick<Gateway, 'cluster' | 'directories' | 'size'>,
): void {
  const flags = flagsOf(argv);
  const quota = Number(flags.get('quota-backend-bytes') ?? 0);
  try {
    directories.open(machine.member, files(), flags.get('data-dir') ?? '/default.etcd');
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    log(`{"level":"fatal","msg":"failed to open database","error":"${error.message}"}\n`);
    exit(1);
    return;
  }
  size.limit(quota > 0 ? quota : undefined);
  machine.start('etcd');
  size.watch(machine.member, cluster, scope);
  scope.onStop(() => machine.stop('etcd'));
}

/** The API server, once etcd answers. */
export function runApiServer(
  machine: ControlPlaneMachine,
  { scope, argv, log, exit }: ComponentPlace,
  configure: (settings: ApiServerSettings) => void,
): void {
  const flags = flagsOf(argv);
  const reachable = /:2379(\/|,|$)/.test(flags.get('etcd-servers') ?? '');
  const until = scope.now + etcdWaitMs;
  const start = (): void => {
    if (reachable && machine.member.running) {
      configure(settingsOf(flags));
      machine.start('kube-apiserver');
      scope.onStop(() => machine.stop('kube-apiserver'));
    } else if (scope.now < until) scope.schedule(etcdLookMs, start);
    else {
      log('"command failed" err="problem initializing API group \\"\\": context deadline exceeded"\n');
      exit(1);
    }
  };
  start();
}

function settingsOf(flags: ReadonlyMap<string, string>): ApiServerSettings {
  return {
    disabledAdmission: (flags.get('disable-admission-plugins') ?? '').split(',').filter((name) => name !== ''),
    alwaysAllows: (flags.get('authorization-mode') ?? '').split(',').includes('AlwaysAllow'),
    allowsAnonymous: flags.get('anonymous-auth')?.toLowerCase() !== 'false',
    serviceCidr: flags.get('service-cluster-ip-range'),
  };
}

/** `--name=value` and `--name value`; a switch alone is `true`. */
function flagsOf(argv: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  argv.forEach((word, at) => {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const next = argv[at + 1];
    if (name !== undefined) flags.set(name, value ?? (next && !next.startsWith('-') ? next : 'true'));
  });
  return flags;
}
