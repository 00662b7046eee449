// One resource's objects as an API server's watch cache has them while its etcd member lags behind the others.
import type { StoredObject } from '../../kinds/kind.ts';
import type { Change } from './change.ts';
import { revisionOf } from './operation.ts';
import type { ObjectStorage, ResourceStorage, WriteNoted } from './resource-storage.ts';

/** All that is read is as of one revision; what changes is announced by the hub as the member gets to it. */
export class LaggingStorage implements ObjectStorage {
  constructor(
    private readonly whole: ResourceStorage,
    private readonly revision: number,
  ) {}

  get hub(): ResourceStorage['hub'] {
    return this.whole.hub;
  }

  get size(): number {
    return this.list(undefined).length;
  }

  get(key: string): StoredObject | undefined {
    return this.whole.getAt(this.revision, key);
  }

  list(namespace: string | undefined): readonly StoredObject[] {
    return this.whole.listAt(this.revision, namespace);
  }

  listAt(revision: number, namespace: string | undefined, fromKey?: string): readonly StoredObject[] {
    return this.whole.listAt(revision, namespace, fromKey);
  }

  put(key: string, object: StoredObject, expected: number, note?: WriteNoted): StoredObject | undefined {
    return this.whole.put(key, object, expected, note);
  }

  isStale(object: StoredObject): boolean {
    return this.whole.isStale(object);
  }

  delete(key: string, expected: number): boolean {
    return this.whole.delete(key, expected);
  }

  changesAfter(revision: number): readonly Change[] {
    return this.whole.changesAfter(revision).filter(({ object }) => revisionOf(object) <= this.revision);
  }
}
