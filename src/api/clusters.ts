// The seam between minikube and the world: clusters by name that the learner makes, stops and deletes.
import type { Attachment } from './docker.ts';

/** A machine of a local cluster. */
export interface LocalNode {
  readonly name: string;
  readonly ip: string;
  readonly controlPlane: boolean;
}

/** A cluster that minikube made. */
export interface LocalCluster {
  /** The profile's name. */
  readonly name: string;
  readonly running: boolean;
  /** Its control plane and kubelets are held. */
  readonly paused: boolean;
  /** The port of this machine that leads to its first machine's ssh. */
  readonly sshPort: number;
  /** E.g. `https://192.168.49.2:8443`. */
  readonly server: string;
  readonly certificateAuthority: string;
  /** E.g. `v1.36.2`. */
  readonly version: string;
  readonly nodes: readonly (LocalNode & {
    readonly running: boolean;
    readonly kubelet: boolean;
    readonly apiServer: boolean;
  })[];
  /** Enabled ones. */
  readonly addons: readonly string[];
}

/** The clusters of the learner's machine. */
export interface ClustersPort {
  list(): Promise<readonly LocalCluster[]>;
  /** Makes the machines and starts the control plane; they take their time to be Ready. */
  create(request: { readonly name: string; readonly nodes: number; readonly version: string }): Promise<LocalCluster>;
  /** Starts one that was stopped: it goes on from what its disks hold. */
  start(name: string): Promise<LocalCluster>;
  stop(name: string): Promise<void>;
  delete(name: string): Promise<void>;
  addNode(name: string, controlPlane: boolean): Promise<LocalCluster>;
  /** Switches one machine off or on. */
  powerNode(name: string, node: string, on: boolean): Promise<void>;
  /** Takes the machine away; its Node object is the caller's to delete. */
  removeNode(name: string, node: string): Promise<void>;
  /** Waits until every node is Ready; false: they were not within `timeoutMs`. */
  ready(name: string, timeoutMs: number): Promise<boolean>;
  setAddon(name: string, addon: string, enabled: boolean): Promise<void>;
  /**
   * Until it is closed or the cluster stops, a port of the learner's machine (`port`, or a free one) leads to an address
   * as the cluster's first machine reaches it. Undefined: the port is taken.
   */
  openTunnel(
    name: string,
    way: { readonly port: number | undefined; readonly to: { readonly ip: string; readonly port: number } },
  ): Promise<{ readonly port: number; close(): void } | undefined>;
  /** Gives every machine an image of the learner's docker; false: there is none of that name. */
  loadImage(name: string, image: string): Promise<boolean>;
  /** Takes an image off every machine; false: there is none of that name. */
  removeImage(name: string, image: string): Promise<boolean>;
  /** Holds control plane and kubelets, or lets them go on. */
  pause(name: string, on: boolean): Promise<void>;
  /** Writes a file onto a machine; false: it does not run. */
  copy(
    name: string,
    to: { readonly node: string; readonly path: string; readonly bytes: Uint8Array },
  ): Promise<boolean>;
  /** Shows a directory of this machine on the cluster's first machine. Undefined: it does not run. */
  mount(name: string, source: string, target: string): Promise<(() => void) | undefined>;
  /** Names of the images on the cluster's first machine. */
  images(name: string): Promise<readonly string[]>;
  /** Runs a program on a machine of a cluster; without a name, of the one that was there from the start. */
  exec(
    name: string | undefined,
    options: {
      readonly node: string;
      readonly argv: readonly string[];
      readonly stdin: boolean;
      readonly tty: boolean;
    },
  ): Promise<Attachment | undefined>;
}
