// Columns of `kubectl get`, and how cells are worded.
import type { Container, LabelSelector } from '../api/generated/types.ts';
import { formatTime as formatMetaTime, parseTime } from '../api/meta.ts';
import { labelSelectorText, selectorFromLabels } from '../api/selectors.ts';
import { humanDuration } from '../base/human-duration.ts';
import type { Cell, Column, StoredObject } from './kind.ts';

/** A column of texts. */
export function textColumn<T>(
  name: string,
  description: string,
  cell: (object: T, nowMs: number) => string,
): Column<T> {
  return { name, type: 'string', description, cell };
}

/** A column of whole numbers; an absent one counts as zero. */
export function numberColumn<T>(name: string, description: string, cell: (object: T) => number | undefined): Column<T> {
  return { name, type: 'integer', description, cell: (object) => cell(object) ?? 0 };
}

/** A column of `true` and `false`; absent is false. */
export function flagColumn<T>(name: string, description: string, cell: (object: T) => boolean | undefined): Column<T> {
  return { name, type: 'boolean', description, cell: (object) => cell(object) ?? false };
}

/** A column that upstream calls text and fills with values of any type. */
export function valueColumn<T>(name: string, description: string, cell: (object: T) => Cell): Column<T> {
  return { name, type: 'string', description, cell };
}

/** The column, shown with `-o wide` only. */
export function wide<T>(column: Column<T>): Column<T> {
  return { ...column, priority: 1 };
}

/** The object's name. */
export const nameColumn: Column<StoredObject> = namedColumn((object) => object.metadata?.name ?? '');

/** The object's name with something more, e.g. ` (default)`. */
export function namedColumn<T>(cell: (object: T) => string): Column<T> {
  return {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: 'Name of the object, unique in its scope.',
    cell,
  };
}

/** How long the object has been there. */
export const ageColumn: Column<StoredObject> = textColumn('Age', 'Time since the object was created.', age);

/** What upstream shows for kinds without columns of their own. */
export const createdAtColumns: readonly Column<StoredObject>[] = [
  nameColumn,
  {
    name: 'Created At',
    type: 'date',
    description: 'When the object was created.',
    cell: (object) => formatMetaTime(parseTime(object.metadata?.creationTimestamp) ?? 0),
  },
];

/** Names, images and selector of a workload's containers: what `-o wide` adds. */
export function containerColumns<T>(
  containers: (object: T) => readonly Container[] | undefined,
): readonly [Column<T>, Column<T>] {
  return [
    wide(textColumn('Containers', 'Names of the containers in the template.', (object) => names(containers(object)))),
    wide(textColumn('Images', 'Images of the containers in the template.', (object) => images(containers(object)))),
  ];
}

/** The selector of a workload, shown with `-o wide`. */
export function selectorColumn<T>(cell: (object: T) => string): Column<T> {
  return wide(textColumn('Selector', 'Labels that select the pods.', cell));
}

/** Time since then in words; `<unknown>` where there is none. */
export function elapsed(time: string | undefined | null, nowMs: number): string {
  const then = parseTime(time ?? undefined);
  return then === undefined ? '<unknown>' : humanDuration(nowMs - then);
}

/** `a=1,b=2`, or `<none>`. */
export function labelsText(labels: { readonly [key: string]: string } | undefined): string {
  return selectorFromLabels(labels).toString() || '<none>';
}

/** A label selector in words, or `<none>`. */
export function selectorText(selector: LabelSelector | undefined): string {
  return labelSelectorText(selector);
}

/** `a,b,c + 2 more...`: the first few of a list. */
export function firstFew(items: readonly string[], shownMax: number): string {
  const shown = items.slice(0, shownMax).join(',');
  return items.length > shownMax ? `${shown} + ${items.length - shownMax} more...` : shown;
}

/** Names of containers, joined. */
export function names(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map(({ name }) => name).join(',');
}

/** Images of containers, joined. */
export function images(containers: readonly Container[] | undefined): string {
  return (containers ?? []).map(({ image }) => image ?? '').join(',');
}

function age(object: StoredObject, nowMs: number): string {
  return elapsed(object.metadata?.creationTimestamp, nowMs);
}
