// Aggregated APIs that cannot be asked: nobody knows whether they hold anything of a namespace, so it cannot go.
import type { APIService } from '../../../api/generated/types.ts';

/** What discovery comes to, in upstream's words; undefined: everybody answers. */
export function discoveryProblem(services: Iterable<APIService>): string | undefined {
  const stale = [...services].filter(isStale).map(({ spec }) => `${spec?.group}/${spec?.version}`);
  if (stale.length === 0) return undefined;
  const problems = stale.sort().map((version) => `${version}: stale GroupVersion discovery: ${version}`);
  const failure = `unable to retrieve the complete list of server APIs: ${problems.join(', ')}`;
  return `Discovery failed for some groups, ${stale.length} failing: ${failure}`;
}

function isStale({ spec, status }: APIService): boolean {
  if (!spec?.service) return false;
  return !status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True');
}
