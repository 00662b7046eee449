// What admission derives from its configuration, computed anew when that changes.
import type { AdmissionLookups } from './plugin.ts';

/** Remembers, for each server, what was computed of its policies and webhooks as they are. */
export function perVersion<T>(compute: (lookups: AdmissionLookups) => T): (lookups: AdmissionLookups) => T {
  const known = new WeakMap<AdmissionLookups, { readonly version: number; readonly value: T }>();
  return (lookups) => {
    const { admissionVersion: version } = lookups;
    const found = known.get(lookups);
    if (found?.version === version) return found.value;
    const value = compute(lookups);
    known.set(lookups, { version, value });
    return value;
  };
}
