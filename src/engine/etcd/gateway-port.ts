// One member's client port: what its calls need, and what every answer begins with.
import type { JsonObject } from '../../base/json.ts';
import type { Work } from '../sim/work.ts';
import type { DataDirectories } from './data-directories.ts';
import type { DatabaseSize } from './database-size.ts';
import type { EtcdCluster } from './etcd-cluster.ts';
import { idText } from './gateway-values.ts';
import type { Lessor } from './lessor.ts';
import type { EtcdMember } from './member.ts';
import type { EtcdMeters } from './meters.ts';

/** One member's client port, and what it needs. */
export interface Gateway {
  readonly cluster: EtcdCluster;
  readonly member: EtcdMember;
  readonly lessor: Lessor;
  readonly size: DatabaseSize;
  readonly directories: DataDirectories;
  readonly meters: EtcdMeters;
  /** Who asks; undefined: nobody says. */
  readonly user?: string | undefined;
  /** A value as it is on disk. */
  valueBytes(value: unknown): Uint8Array;
}

export type Call = (gateway: Gateway, request: JsonObject) => Work<JsonObject>;

/** What every answer begins with. */
export function header({ cluster, member }: Gateway): JsonObject {
  return {
    cluster_id: idText(cluster.id),
    member_id: idText(member.id),
    revision: String(member.applied),
    raft_term: String(cluster.term),
  };
}
