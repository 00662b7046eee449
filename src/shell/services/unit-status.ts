// What `systemctl status` prints of a service, with the newest lines of its journal.
import type { JournalEntry, UnitState } from '../../api/machines.ts';
import type { Process } from '../../api/program.ts';
import { formatDate } from '../text/date-format.ts';
import { journalLine } from './journal-line.ts';

/** A service that systemd looks after. */
export interface Unit {
  readonly state: Omit<UnitState, 'name'> & { readonly name: UnitState['name'] | 'docker' };
  journal(): Promise<readonly JournalEntry[]>;
  power(on: boolean): Promise<void>;
  enable(on: boolean): Promise<void>;
}

const titles: Readonly<Record<Unit['state']['name'], string>> = {
  docker: 'Docker Application Container Engine',
  kubelet: 'kubelet: The Kubernetes Node Agent',
  containerd: 'containerd container runtime',
  etcd: 'etcd',
  'kube-apiserver': 'Kubernetes API Server',
  'kube-controller-manager': 'Kubernetes Controller Manager',
  'kube-scheduler': 'Kubernetes Scheduler',
  'kube-proxy': 'Kubernetes Kube Proxy',
};

const dropIn = '/usr/lib/systemd/system/kubelet.service.d';

/** With the newest `journalLines` of its journal. */
export async function unitStatus(process: Process, unit: Unit, journalLines: number): Promise<string> {
  const { name, state, enabled, stale } = unit.state;
  const dot = { active: '●', inactive: '○', activating: '●' }[state];
  const loaded = `loaded (/lib/systemd/system/${name}.service; ${enabled ? 'enabled' : 'disabled'}; preset: enabled)`;
  const isKubelet = name === 'kubelet';
  const hasDropIn = isKubelet && process.machine.files.exists(dropIn);
  const lines = [
    `${dot} ${name}.service - ${titles[name]}`,
    `     Loaded: ${loaded}`,
    ...(hasDropIn ? [`    Drop-In: ${dropIn}`, '             └─10-kubeadm.conf'] : []),
    `     Active: ${activeText(process, unit.state)}`,
    ...(isKubelet ? ['       Docs: https://kubernetes.io/docs/'] : []),
    ...processLines(unit.state, process),
  ];
  const written = (await unit.journal()).filter((entry) => entry.unit === name).slice(-journalLines);
  const warning = stale
    ? `Warning: The unit file, source configuration file or drop-ins of ${name}.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n`
    : '';
  const { hostname } = process.machine;
  const journal = written.map((entry) => `${journalLine(entry, hostname)}\n`).join('');
  return `${warning}${lines.join('\n')}\n${journal === '' ? '' : `\n${journal}`}`;
}

function activeText({ clock }: Process, { state, since }: Unit['state']): string {
  const words = {
    active: 'active (running)',
    inactive: 'inactive (dead)',
    activating: 'activating (auto-restart) (Result: exit-code)',
  }[state];
  return `${words} since ${formatDate(since, '%a %Y-%m-%d %H:%M:%S UTC')}; ${ago(clock.now() - since)} ago`;
}

function processLines({ name, state, pid, status }: Unit['state'], { machine }: Process): readonly string[] {
  if (state === 'active')
    return [
      `   Main PID: ${pid} (${name})`,
      '      Tasks: 15 (limit: 9405)',
      `     CGroup: /system.slice/${name}.service`,
      `             └─${pid} ${commandOf(name, machine.files.exists('/var/lib/kubelet'))}`,
    ];
  if (state !== 'activating') return [];
  const how = `(code=exited, status=${status === 203 ? '203/EXEC' : `${status}/FAILURE`})`;
  return [
    `    Process: ${pid} ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS ${how}`,
    `   Main PID: ${pid} ${how}`,
  ];
}

function commandOf(name: Unit['state']['name'], furnished: boolean): string {
  if (name !== 'kubelet' || !furnished) return `/usr/bin/${name}`;
  return '/usr/bin/kubelet --bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf --config=/var/lib/kubelet/config.yaml --container-runtime-endpoint=unix:///run/containerd/containerd.sock';
}

/** As systemd words a span: its two largest units. */
function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return seconds < 1 ? `${Math.max(1, Math.floor(ms))}ms` : `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 5 ? `${minutes}min` : `${minutes}min ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h ${minutes % 60}min` : `${Math.floor(hours / 24)} days`;
}
