// The downward API: a pod's own fields and its containers' resources as text.
import type { Container, Pod, ResourceFieldSelector } from '../../../api/generated/types.ts';
import { parseQuantity, Quantity } from '../../../api/quantity.ts';
import { quote } from '../../../base/go/quote.ts';
import { own } from '../../../base/json.ts';

export interface DownwardFacts {
  readonly podIps: readonly string[];
  readonly hostIps: readonly string[];
  /** The node's allocatable amounts: what an unset limit means. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** The value of a field path; throws {@link FieldPathError} for one that a pod does not have. */
export function fieldPathValue(pod: Pod, path: string, facts: DownwardFacts): string {
  const { metadata = {}, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) {
    const map = keyed[1] === 'labels' ? metadata.labels : metadata.annotations;
    const value = own(map ?? {}, keyed[2] ?? '');
    return typeof value === 'string' ? value : '';
  }
  switch (path) {
    case 'metadata.name':
      return metadata.name ?? '';
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return mapText(metadata.labels ?? {});
    case 'metadata.annotations':
      return mapText(metadata.annotations ?? {});
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
      return facts.hostIps[0] ?? '';
    case 'status.hostIPs':
      return facts.hostIps.join(',');
    case 'status.podIP':
      return facts.podIps[0] ?? '';
    case 'status.podIPs':
      return facts.podIps.join(',');
    default:
      throw new FieldPathError(`unsupported fieldPath: ${path}`);
  }
}

export class FieldPathError extends Error {
  override name = 'FieldPathError';
}

/** An amount in units of the divisor, rounded up. */
export function resourceFieldValue(spec: Container, selector: ResourceFieldSelector, facts: DownwardFacts): string {
  const [what, name = ''] = splitOnce(selector.resource);
  const limit = spec.resources?.limits?.[name] ?? facts.allocatable[name] ?? '0';
  const text = what === 'limits' ? limit : (spec.resources?.requests?.[name] ?? '0');
  const divisor = parseQuantity(selector.divisor ?? '1');
  const one = divisor.isZero() ? Quantity.of(1) : divisor;
  const amount = parseQuantity(text);
  return String((amount.nanos + one.nanos - 1n) / one.nanos);
}

/** `key="value"` lines, sorted. */
function mapText(map: Readonly<Record<string, string>>): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${quote(map[key] ?? '')}`)
    .join('\n');
}

function splitOnce(text: string): readonly [string, string] {
  const dot = text.indexOf('.');
  return [text.slice(0, dot), text.slice(dot + 1)];
}
