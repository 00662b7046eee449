// Which server and which location a request is for, and the path that its backend is asked for: nginx's rules.
import { GoRegexpError, goRegexp } from '../../../../base/go-regexp.ts';
import { type Configuration, defaultHost, type Location, rewrites, type Server } from './configuration.ts';

/** By name, then by the wildcard that covers it. */
export function serverFor(configuration: Configuration, host: string): Server | undefined {
  const name = host.toLowerCase();
  return configuration.get(name) ?? configuration.get(name.replace(/^[^.]+/, '*')) ?? configuration.get(defaultHost);
}

/** An exact path; else the first expression that matches; else the longest prefix. */
export function locationFor({ locations }: Server, path: string): Location | undefined {
  return (
    locations.find((location) => location.kind === 'exact' && location.path === path) ??
    locations.find((location) => location.kind === 'regex' && groupsOf(`^${location.path}`, path)) ??
    locations.find((location) => location.kind === 'prefix' && path.startsWith(location.path))
  );
}

/** The path and query that the backend sees. */
export function rewritten({ path, annotations }: Location, target: string): string {
  const at = target.indexOf('?');
  const [asked, query] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at)];
  const wanted = annotations.rewriteTarget ?? '';
  if (!rewrites(annotations, path)) return target;
  const groups = groupsOf(path, asked);
  if (!groups) return target;
  const made = wanted.replace(/\$(\d)/g, (_, digit: string) => groups[Number(digit)] ?? '');
  return `${made.startsWith('/') ? made : `/${made}`}${query}`;
}

/** What is no expression matches nothing: nginx would not take the configuration. */
function groupsOf(pattern: string, text: string): readonly string[] | undefined {
  try {
    return goRegexp(`(?i)${pattern}`).groups(text);
  } catch (error) {
    if (error instanceof GoRegexpError) return undefined;
    throw error;
  }
}
