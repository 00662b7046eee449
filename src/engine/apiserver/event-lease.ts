// The etcd lease that Events hang on: they are gone an hour after they were last written (--event-ttl).
//
// A lease for every Event would be a burden on etcd. One is shared by what is written within a minute, up to a
// thousand objects, and lives that minute longer.
import type { Lessor } from '../etcd/lessor.ts';
import type { Scope } from '../sim/scope.ts';

const ttlSeconds = 3600;
const reuseSeconds = 60;
const objectsMax = 1000;

export class EventLease {
  private id = 0;
  private endsAt = 0;
  private objects = 0;

  constructor(
    private readonly scope: Scope,
    private readonly lessor: Lessor,
  ) {}

  /** For one object more. */
  next(): number {
    const { now } = this.scope;
    const lasts = now + ttlSeconds * 1000 < this.endsAt && this.lessor.has(this.id);
    if (!lasts || ++this.objects > objectsMax) {
      this.id = this.lessor.grant(ttlSeconds + reuseSeconds);
      this.endsAt = now + (ttlSeconds + reuseSeconds) * 1000;
      this.objects = 1;
    }
    return this.id;
  }
}
