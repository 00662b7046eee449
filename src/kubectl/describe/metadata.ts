// The parts of a description that every kind shares: labels, annotations, owners, ages.
import { entriesAt, objectsAt, textAt } from '../../base/fields.ts';
import { humanDuration } from '../../base/human-duration.ts';
import type { JsonObject, JsonValue } from '../../base/json.ts';
import type { DescriptionWriter } from './description-writer.ts';

const annotationWidthMax = 140;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `Title:  a=1`, one label a line. `path` is where the labels are. */
export function writeLabels(w: DescriptionWriter, title: string, object: JsonValue | undefined, path: string): void {
  writeColumn(
    w,
    title,
    entriesAt(object, path).map(([key, value]) => `${key}=${value}`),
  );
}

/** `Title:  first`, the others below it in the second column; `<none>` where there is nothing. */
export function writeColumn(w: DescriptionWriter, title: string, lines: readonly string[]): void {
  w.write(0, `${title}:\t`);
  for (const [i, line] of (lines.length > 0 ? lines : ['<none>']).entries())
    w.write(0, `${i === 0 ? '' : '\t'}${line}\n`);
}

/** Annotations, one a line; long ones and those of several lines start on a line of their own. */
export function writeAnnotations(
  w: DescriptionWriter,
  title: string,
  object: JsonValue | undefined,
  path: string,
): void {
  const lines: string[] = [];
  for (const [key, raw] of entriesAt(object, path)) {
    if (key === lastApplied) continue;
    const value = raw.endsWith('\n') ? raw.slice(0, -1) : raw;
    if (value.length + key.length + 2 > annotationWidthMax || value.includes('\n')) {
      lines.push(`${key}:`, ...value.split('\n').map((part) => `  ${shorten(part, annotationWidthMax - 2)}`));
    } else lines.push(`${key}: ${value}`);
  }
  writeColumn(w, title, lines);
}

/** Name, namespace, labels and annotations, as most descriptions begin. */
export function writeHead(w: DescriptionWriter, object: JsonObject): void {
  w.field(0, 'Name', textAt(object, 'metadata.name'));
  w.field(0, 'Namespace', textAt(object, 'metadata.namespace'));
  writeMetadataMaps(w, object);
}

export function writeMetadataMaps(w: DescriptionWriter, object: JsonObject): void {
  writeLabels(w, 'Labels', object, 'metadata.labels');
  writeAnnotations(w, 'Annotations', object, 'metadata.annotations');
}

/** `Controlled By:  ReplicaSet/web-5d4f`, if it has a controller. */
export function writeController(w: DescriptionWriter, object: JsonObject): void {
  const owner = controllerOf(object);
  if (owner) w.field(0, 'Controlled By', `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`);
}

export function controllerOf(object: JsonObject): JsonObject | undefined {
  return objectsAt(object, 'metadata.ownerReferences').find((owner) => owner.controller === true);
}

/** `a=1,b=2` sorted by key; `<none>` where there is nothing. */
export function formatLabels(object: JsonValue | undefined, path: string): string {
  const text = entriesAt(object, path)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return text === '' ? '<none>' : text;
}

/** The time since a timestamp in words; `<unknown>` where there is none. */
export function ageSince(timestamp: string, now: number): string {
  return timestamp === '' ? '<unknown>' : humanDuration(now - Date.parse(timestamp));
}

export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
