// What a pod does that a policy does not allow.
import { baselineChecks } from './baseline-checks.ts';
import type { LevelVersion } from './pod-policy.ts';
import { restrictedChecks } from './restricted-checks.ts';
import type { Subject, VersionedCheck, Violation } from './security-check.ts';

/** The last version in which a check changed: later policies are its. */
const minorMax = 36;

/** Baseline's violations come before restricted's. */
export function violations(subject: Subject, { level, minor }: LevelVersion): readonly Violation[] {
  if (level === 'privileged') return [];
  const version = Math.min(minor, minorMax);
  const applies = ({ since, until = Number.POSITIVE_INFINITY }: VersionedCheck): boolean =>
    since <= version && version < until;
  const restricted = level === 'restricted' ? restrictedChecks.filter(applies) : [];
  const overridden = restricted.map(({ overrides }) => overrides);
  const baseline = baselineChecks.filter((check) => applies(check) && !overridden.includes(check.id));
  return [...baseline, ...restricted].flatMap(({ check }) => check(subject) ?? []);
}

/** `privileged (container "a" must not …), hostPort (…)`. */
export function detailText(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

/** `privileged, hostPort`. */
export function reasonText(found: readonly Violation[]): string {
  return found.map(({ reason }) => reason).join(', ');
}
