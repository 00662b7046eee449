// Encryption at rest: which provider and key an object is written to etcd with, and which it can be read with.
//
//   resources: [secrets]   providers: [aescbc key1, identity]
//   write ─▶ k8s:enc:aescbc:v1:key1:…        read ─▶ any provider's whose prefix the value begins with
//
// In memory objects stay as they are; see encryption-keys.ts for how they lie in etcd.
import { internalError } from '../../api/status.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Change } from './change.ts';
import { type EncryptionKey, isAnySealed, keyOf, open } from './encryption-keys.ts';
import type { ObjectStorage, WriteNoted } from './resource-storage.ts';
import { storagePrefix } from './storage-prefix.ts';

export interface EncryptionRule {
  /** `secrets`, `deployments.apps`, `*.apps`, `*.` (the core group) or `*.*`. */
  readonly resources: readonly string[];
  /** The first is written with. */
  readonly keys: readonly EncryptionKey[];
}

const noKeys: readonly EncryptionKey[] = [open];

export class EncryptionAtRest {
  constructor(private readonly rules: readonly EncryptionRule[] = []) {}

  /** The keys of a place (`apps/deployments`), the one to write with first. */
  keysOf(place: string): readonly EncryptionKey[] {
    if (this.rules.length === 0) return noKeys;
    const [group = '', resource = ''] = place.split('/');
    const whole = group === '' ? resource : `${resource}.${group}`;
    const names = [whole, `*.${group}`, '*.*'];
    return this.rules.find(({ resources }) => resources.some((name) => names.includes(name)))?.keys ?? noKeys;
  }

  /** A place's objects as far as the keys open them. */
  guarded(place: string, storage: ObjectStorage): ObjectStorage {
    const keys = this.keysOf(place);
    return keys.length === 1 && keys[0] === open && !isAnySealed() ? storage : new GuardedStorage(storage, place, keys);
  }
}

/** Refuses to read what none of the keys opens. */
class GuardedStorage implements ObjectStorage {
  constructor(
    private readonly whole: ObjectStorage,
    private readonly place: string,
    private readonly keys: readonly EncryptionKey[],
  ) {}

  get hub(): ObjectStorage['hub'] {
    return this.whole.hub;
  }

  get size(): number {
    return this.whole.size;
  }

  get(key: string): StoredObject | undefined {
    const found = this.whole.get(key);
    return found && this.read(found);
  }

  list(namespace: string | undefined): readonly StoredObject[] {
    return this.readAll(this.whole.list(namespace));
  }

  listAt(revision: number, namespace: string | undefined, fromKey?: string): readonly StoredObject[] {
    return this.readAll(this.whole.listAt(revision, namespace, fromKey));
  }

  put(key: string, object: StoredObject, expected: number, note?: WriteNoted): StoredObject | undefined {
    return this.whole.put(key, object, expected, note);
  }

  delete(key: string, expected: number): boolean {
    return this.whole.delete(key, expected);
  }

  isStale(object: StoredObject): boolean {
    return this.whole.isStale(object);
  }

  changesAfter(revision: number): readonly Change[] {
    return this.whole.changesAfter(revision);
  }

  private readAll(objects: readonly StoredObject[]): readonly StoredObject[] {
    for (const object of objects) this.read(object);
    return objects;
  }

  private read(object: StoredObject): StoredObject {
    const { prefix } = keyOf(object);
    if (this.keys.some((key) => key.prefix === prefix)) return object;
    const { name = '', namespace } = object.metadata ?? {};
    const key = `${storagePrefix(this.place)}${namespace === undefined ? '' : `${namespace}/`}${name}`;
    throw internalError(`unable to transform key ${JSON.stringify(key)}: ${this.problem(prefix)}`);
  }

  private problem(prefix: string): string {
    const [, provider = ''] = /^k8s:enc:(\w+):/.exec(prefix) ?? [];
    if (this.keys.some((key) => key.prefix.startsWith(`k8s:enc:${provider}:`)) && provider !== '') {
      const shown = provider === 'secretbox' ? 'Secretbox' : 'AES';
      return `no matching key was found for the provided ${shown} transformer`;
    }
    const identity = prefix !== '' && this.keys.some((key) => key.prefix === '');
    return identity ? 'identity transformer tried to read encrypted data' : 'no matching prefix found';
  }
}
