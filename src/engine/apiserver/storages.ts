// Every resource's objects, by place (`apps/deployments`) and by the prefix of their keys in etcd; kept as etcd has them.
import type { EtcdConnection } from '../etcd/connection.ts';
import type { EtcdStore } from '../etcd/store.ts';
import type { Scope } from '../sim/scope.ts';
import { EncryptionAtRest } from './encryption-at-rest.ts';
import type { EventLease } from './event-lease.ts';
import { LaggingStorage } from './lagging-storage.ts';
import { type ObjectStorage, ResourceStorage } from './resource-storage.ts';
import { admissionPrefixes, flowPrefixes, prefixOfKey, rolePrefixes, storagePrefix } from './storage-prefix.ts';

export interface StoragesOptions {
  readonly scope: Scope;
  readonly store: EtcdStore;
  /** Its connection to etcd's members; undefined: the store itself. */
  readonly etcd: EtcdConnection | undefined;
  readonly eventLease: EventLease;
}

export class Storages {
  private readonly places = new Map<string, ResourceStorage>();
  private readonly prefixes = new Map<string, ResourceStorage>();
  /** Counts up with every change of a role or a binding. */
  rolesVersion = 0;
  /** Counts up with every change of a policy, a webhook, or what binds them. */
  admissionVersion = 0;
  /** Counts up with every change of a FlowSchema or a priority level. */
  flowVersion = 0;
  /** `--encryption-provider-config`. */
  encryption: EncryptionAtRest | undefined;

  constructor(private readonly options: StoragesOptions) {}

  /** Keeps what is in memory as it is in etcd. Where there are several members, watchers hear of it as one applies it. */
  follow(): void {
    const { scope, store, etcd } = this.options;
    const lags = etcd !== undefined && !etcd.alone;
    const stop = store.watch((event) => {
      const prefix = prefixOfKey(event.current.key);
      if (rolePrefixes.has(prefix)) this.rolesVersion++;
      else if (admissionPrefixes.has(prefix)) this.admissionVersion++;
      else if (flowPrefixes.has(prefix)) this.flowVersion++;
      const storage = this.prefixes.get(prefix);
      if (lags) storage?.take(event);
      else storage?.apply(event);
    });
    scope.onStop(stop);
    if (lags) scope.onStop(etcd.watch((event) => this.prefixes.get(prefixOfKey(event.current.key))?.tell(event)));
    scope.onStop(() => this.closeWatches());
  }

  /** Ends every watch, as when a connection breaks. */
  closeWatches(): void {
    for (const { hub } of this.places.values()) hub.closeAll();
  }

  /** The objects of a place, written to as all members have agreed. */
  at(place: string): ResourceStorage {
    const known = this.places.get(place);
    if (known) return known;
    const prefix = storagePrefix(place);
    const lease = place === '/events' ? (): number => this.options.eventLease.next() : undefined;
    const made = new ResourceStorage(this.options.store, prefix, lease, () => this.encryption?.keysOf(place)[0]);
    this.places.set(place, made);
    this.prefixes.set(prefix, made);
    return made;
  }

  /** The objects of a place as a request finds them, as far as they can be decrypted. */
  forRequest(place: string, writes: boolean): ObjectStorage {
    return (this.encryption ?? unencrypted).guarded(place, writes ? this.at(place) : this.read(place));
  }

  /** The objects of a place as reads see them: as of what etcd's member has applied. */
  private read(place: string): ObjectStorage {
    const { etcd, store } = this.options;
    const whole = this.at(place);
    return !etcd || etcd.applied === store.revision ? whole : new LaggingStorage(whole, etcd.applied);
  }
}

const unencrypted = new EncryptionAtRest();
