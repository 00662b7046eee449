// What a container is created from.
import type { ResourceRequirements } from '../../../api/generated/types.ts';
import type { NetworkHost } from '../../../api/network.ts';
import type { UserInfo } from '../../../api/request.ts';
import type { FileTree, TreeNode } from '../../../base/files.ts';
import type { Client } from '../../client/client.ts';
import type { Scope } from '../../sim/scope.ts';
import type { PulledImage } from '../registry/registries.ts';

export interface Mount {
  readonly path: string;
  readonly node: TreeNode;
  readonly readOnly: boolean;
}

/** Where a part of the cluster runs. */
export interface ComponentPlace {
  readonly scope: Scope;
  readonly network: NetworkHost;
  readonly argv: readonly string[];
  files(): FileTree;
  log(text: string): void;
  /** Ends the container. */
  exit(code: number): void;
}

/** Starts a part of the cluster that a container holds; it ends with the scope. False: it has said why not, and ends. */
export type StartComponent = (name: string, place: ComponentPlace) => boolean;

/** A client of the API server for who shows such a token: the user that it names. Its connection ends with the scope. */
export type ApiAccess = (caller: {
  readonly scope: Scope;
  readonly user: UserInfo;
  readonly userAgent: string;
}) => Client;

/** A port of the machine that leads to one of the pod's. */
export interface HostPort {
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface ContainerConfig {
  readonly name: string;
  /** Counts the container's instances from 0: its restart count. */
  readonly attempt: number;
  readonly image: PulledImage;
  /** As the pod names it. */
  readonly imageName: string;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly env: ReadonlyMap<string, string>;
  readonly workingDir: string | undefined;
  readonly user: {
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
    /** Those without the one that volumes ask for: what the status shows. */
    readonly ownGroups: readonly number[];
  };
  readonly mounts: readonly Mount[];
  readonly hostname: string;
  /** Texts laid over the image's files, by path. Asked for when the files are first needed. */
  systemFiles(): ReadonlyMap<string, string>;
  readonly ports: readonly number[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly resources: ResourceRequirements | undefined;
  readonly terminationMessagePath: string;
  readonly terminationMessagePolicy: string;
}
