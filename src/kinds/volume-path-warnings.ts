// Files of one volume that would hide each other: two of the same path, or one below the other.
import type { Volume, VolumeProjection } from '../api/generated/types.ts';
import { quote } from '../base/go/quote.ts';

/** A file, and which source of the volume it comes from. */
interface Place {
  readonly path: string;
  readonly source: string;
}

/** Warnings about the files of a pod's volumes. */
export function volumePathWarnings(volumes: readonly Volume[]): readonly string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const warnings: string[] = [];
    const check = (what: string, items: readonly { readonly path: string }[] | undefined): void => {
      const places = (items ?? []).map(({ path }) => ({ path, source: '' }));
      for (const overlap of overlapsOf(places))
        warnings.push(`volume ${quote(name)} (${what}): overlapping paths: ${overlap}`);
    };
    if (configMap) check(`ConfigMap ${quote(configMap.name ?? '')}`, configMap.items);
    if (secret) check(`Secret ${quote(secret.secretName ?? '')}`, secret.items);
    if (downwardAPI) check('DownwardAPI', downwardAPI.items);
    const places: Place[] = [];
    for (const source of projected?.sources ?? []) {
      if (Object.keys(source).length === 0) warnings.push(`volume ${quote(name)} (Projected) has no sources provided`);
      places.push(...placesOf(source));
    }
    for (const overlap of overlapsOf(places))
      warnings.push(`volume ${quote(name)} (Projected): overlapping paths: ${overlap}`);
    return warnings;
  });
}

function overlapsOf(places: readonly Place[]): readonly string[] {
  const seen: Place[] = [];
  const overlaps: string[] = [];
  for (const { path, source } of places) {
    const place = { path: path.replace(/\/+$/, ''), source };
    for (const other of seen)
      if (overlap(other.path, place.path)) overlaps.push(`${textOf(place)} with ${textOf(other)}`);
    seen.push(place);
  }
  return overlaps;
}

function overlap(a: string, b: string): boolean {
  return a !== '' && b !== '' && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

function textOf({ path, source }: Place): string {
  return source === '' ? quote(path) : `${quote(path)} (${source})`;
}

function placesOf(projection: VolumeProjection): readonly Place[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = projection;
  const all = (items: readonly { readonly path: string }[], source: string) =>
    items.map(({ path }) => ({ path, source }));
  if (configMap?.items) return all(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`);
  if (secret?.items) return all(secret.items, `Secret ${quote(secret.name ?? '')}`);
  if (downwardAPI?.items) return all(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return [{ path: serviceAccountToken.path ?? '', source: 'ServiceAccountToken' }];
  if (!clusterTrustBundle) return [];
  const name = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? '';
  return [{ path: clusterTrustBundle.path ?? '', source: `ClusterTrustBundle ${quote(name)}` }];
}
