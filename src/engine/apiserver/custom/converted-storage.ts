// One custom resource's objects as a version sees them whose conversion is a webhook's: all that is read is converted
// first, all that is written is converted back. Reads and writes throw AnswersNeeded as long as the webhook has to be
// asked.
//
// Left out: field selectors of a watch look at objects as they are stored.
import type { StoredObject } from '../../../kinds/kind.ts';
import type { Change } from '../change.ts';
import type { Converter } from '../conversion.ts';
import { carryEntries } from '../managed-fields/ledger.ts';
import type { ObjectStorage, WriteNoted } from '../resource-storage.ts';
import type { ServedResource } from '../served-resource.ts';

export class ConvertedStorage implements ObjectStorage {
  constructor(
    private readonly whole: ObjectStorage,
    private readonly resource: ServedResource,
    private readonly converter: Converter,
  ) {}

  get hub(): ObjectStorage['hub'] {
    return this.whole.hub;
  }

  get size(): number {
    return this.whole.size;
  }

  get(key: string): StoredObject | undefined {
    const stored = this.whole.get(key);
    return stored && this.shown([stored])[0];
  }

  list(namespace: string | undefined): readonly StoredObject[] {
    return this.shown(this.whole.list(namespace));
  }

  listAt(revision: number, namespace: string | undefined, fromKey?: string): readonly StoredObject[] {
    return this.shown(this.whole.listAt(revision, namespace, fromKey));
  }

  put(key: string, object: StoredObject, expected: number, note?: WriteNoted): StoredObject | undefined {
    const [converted] = this.converter.convert([object], this.resource.storedAs ?? this.resource.apiVersion);
    const stored = converted && this.whole.put(key, converted, expected, note);
    // What was written is known in this version already: the answer waits for nobody.
    if (stored && stored.apiVersion !== object.apiVersion)
      this.converter.learn(stored, { ...object, metadata: stored.metadata });
    return stored;
  }

  isStale(object: StoredObject): boolean {
    return this.whole.isStale(object);
  }

  delete(key: string, expected: number): boolean {
    return this.whole.delete(key, expected);
  }

  changesAfter(revision: number): readonly Change[] {
    const changes = this.whole.changesAfter(revision);
    this.shown(changes.flatMap(({ object, previous }) => (previous ? [object, previous] : [object])));
    return changes.map((change) => ({
      ...change,
      object: this.one(change.object),
      previous: change.previous && this.one(change.previous),
    }));
  }

  /** One object, e.g. of an event. */
  one(object: StoredObject): StoredObject {
    return this.shown([object])[0] ?? object;
  }

  private shown(objects: readonly StoredObject[]): readonly StoredObject[] {
    const { conversion, apiVersion } = this.resource;
    const converted = this.converter.convert(objects, apiVersion);
    return converted.map((object, i) => {
      const shown = conversion?.fromStored(object) ?? object;
      carryEntries(objects[i] ?? object, shown);
      return shown;
    });
  }
}
