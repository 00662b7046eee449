// A machine as the programs on it see it: its services, its journal, its container runtime.
import type { MachineFacts, UnitName, UnitState } from '../api/machines.ts';
import type { CertificateAuthority } from '../base/certificate-authority.ts';
import type { ClusterNode, MachineParts } from './cluster-node.ts';
import type { ControlPlaneProcess } from './control-plane-machine.ts';
import { apiServerNames } from './control-plane-ports.ts';
import type { ControlPlanes } from './control-planes.ts';
import { furnishDisk } from './machine-files.ts';
import type { Journal } from './node/services/journal.ts';

export interface MachineInUse extends MachineParts {
  readonly facts: MachineFacts;
  readonly journal: Journal;
  units(): readonly UnitState[];
  setUnit(unit: UnitName, running: boolean): void;
  enableUnit(unit: UnitName, enabled: boolean): void;
  reloadUnits(): void;
}

interface MachineUse {
  readonly name: string;
  readonly node: ClusterNode;
  readonly inPods: boolean;
  /** Of the API server. */
  readonly address: string;
  readonly authority: CertificateAuthority;
  readonly controlPlanes: ControlPlanes;
}

const clusterDns = '10.96.0.10';
const own: readonly ControlPlaneProcess[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

export function useMachine({ name, node, inPods, address, authority, controlPlanes }: MachineUse): MachineInUse {
  const { parts, services } = node;
  const controlPlane = controlPlanes.machine(name);
  furnishDisk({
    name,
    ips: parts.host.ips,
    files: parts.files,
    controlPlane: node.isControlPlane,
    server: `https://${address}`,
    authority,
    directory: inPods ? '/var/lib/minikube/certs' : '/etc/kubernetes/pki',
    apiServerNames,
    clusterDns,
  });
  services.diskIsUsed();
  const processes = inPods || !controlPlane ? [] : own;
  if (controlPlane && !inPods)
    controlPlane.onEtcdFailure = (problem) => {
      const entry = { level: 'fatal', caller: 'etcdmain/etcd.go:183', msg: 'discovery failed', error: problem };
      services.journal.write('etcd', 'etcd[512]', JSON.stringify(entry));
    };
  const processOf = (unit: UnitName) => processes.find((process) => process === unit);
  return {
    ...parts,
    facts: { name, ip: parts.host.ips[0] ?? '', controlPlane: node.isControlPlane, apiServer: address },
    journal: services.journal,
    units: () => [
      services.kubelet.shown,
      services.runtime.shown,
      ...processes.map((process, at): UnitState => {
        const state = controlPlane?.runs(process) ? 'active' : 'inactive';
        return {
          name: process,
          state,
          enabled: true,
          since: authority.origin.since,
          pid: 512 + at,
          status: 0,
          stale: false,
        };
      }),
    ],
    setUnit(unit, running) {
      const process = processOf(unit);
      if (process && running) controlPlane?.start(process);
      else if (process) controlPlane?.stop(process);
      const service = unit === 'kubelet' ? services.kubelet : unit === 'containerd' ? services.runtime : undefined;
      if (running) service?.start();
      else service?.stop();
    },
    enableUnit(unit, enabled) {
      if (unit === 'kubelet') services.kubelet.enabled = enabled;
      if (unit === 'containerd') services.runtime.enabled = enabled;
    },
    reloadUnits: () => services.kubelet.reload(),
  };
}
