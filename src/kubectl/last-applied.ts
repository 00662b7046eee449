// The annotation that holds what was last applied, so that the next apply knows what the user has taken away.

import { objectAt } from '../base/fields.ts';
import { isObject, type JsonObject } from '../base/json.ts';
import { formatJson } from './print/json.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The saved configuration, or undefined. */
export function lastAppliedOf(object: JsonObject): string | undefined {
  const value = objectAt(object, 'metadata.annotations')?.[lastAppliedAnnotation];
  return typeof value === 'string' ? value : undefined;
}

/** The object as text without the annotation itself: what is saved. */
export function configurationText(object: JsonObject): string {
  const annotations = { ...objectAt(object, 'metadata.annotations') };
  delete annotations[lastAppliedAnnotation];
  const metadata = { ...objectAt(object, 'metadata'), annotations };
  return `${formatJson({ ...object, metadata }, { indent: '', sorted: true })}\n`;
}

/** The object as its configuration: with annotations, without the saved one. */
export function withoutLastApplied(object: JsonObject): JsonObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = objectAt(object, 'metadata.annotations') ?? {};
  return { ...object, metadata: { ...objectAt(object, 'metadata'), annotations } };
}

/** The object with its configuration saved in it. */
export function withLastApplied(object: JsonObject): JsonObject {
  return withAnnotation(object, lastAppliedAnnotation, configurationText(object));
}

export function withAnnotation(object: JsonObject, name: string, value: string): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const annotations = { ...objectAt(object, 'metadata.annotations'), [name]: value };
  return { ...object, metadata: { ...metadata, annotations } };
}
