// What a controller has asked for and not yet seen in its cache. Until then it must not act again, or it would
// create the same pods twice from a stale cache. Models client-go's UID tracking expectations.
import type { Scope } from '../../sim/scope.ts';

/** After this long a lost watch event is forgotten about. */
const expiresMs = 300_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly at: number;
}

export class Expectations {
  private readonly byKey = new Map<string, Expected>();

  constructor(private readonly scope: Scope) {}

  expectCreations(key: string, count: number): void {
    this.byKey.set(key, { creations: count, deletions: new Set(), at: this.scope.now });
  }

  expectDeletions(key: string, objects: Iterable<string>): void {
    this.byKey.set(key, { creations: 0, deletions: new Set(objects), at: this.scope.now });
  }

  /** Both at once, as a controller that creates and deletes in one go. */
  expect(key: string, creations: number, deletions: Iterable<string>): void {
    this.byKey.set(key, { creations, deletions: new Set(deletions), at: this.scope.now });
  }

  creationObserved(key: string, count = 1): void {
    const expected = this.byKey.get(key);
    if (expected) expected.creations -= count;
  }

  deletionObserved(key: string, object: string): void {
    this.byKey.get(key)?.deletions.delete(object);
  }

  satisfied(key: string): boolean {
    const expected = this.byKey.get(key);
    if (!expected) return true;
    return (expected.creations <= 0 && expected.deletions.size === 0) || this.scope.now - expected.at > expiresMs;
  }

  forget(key: string): void {
    this.byKey.delete(key);
  }
}
