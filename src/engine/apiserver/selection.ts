// What a list, a watch or a deletecollection selects: namespace, labels, fields.

import { type FieldSelector, parseFieldSelector } from '../../api/field-selector.ts';
import type { ApiRequest } from '../../api/request.ts';
import { parseSelector, type Selector, SelectorError } from '../../api/selectors.ts';
import { badRequest } from '../../api/status.ts';
import { quote } from '../../base/go/quote.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import { carryEntries } from './managed-fields/ledger.ts';
import type { ServedResource } from './served-resource.ts';

export interface Selection {
  readonly namespace: string | undefined;
  /** Set when one name is wanted: `metadata.name=x`. */
  readonly name: string | undefined;
  /** Set when one node's pods are wanted: `spec.nodeName=x`. */
  readonly nodeName: string | undefined;
  /** Empty for the stored form; otherwise names the version that `present` makes. */
  readonly version: string;
  readonly isEverything: boolean;
  matches(object: StoredObject): boolean;
  /** The object in the version that was asked for. */
  present(object: StoredObject): StoredObject;
}

/** Selects all objects, as they are stored. */
export const everything: Selection = {
  namespace: undefined,
  name: undefined,
  nodeName: undefined,
  version: '',
  isEverything: true,
  matches: () => true,
  present: (object) => object,
};

/** Throws ApiError where a selector makes no sense. */
export function selectionOf(resource: ServedResource, request: ApiRequest): Selection {
  const labels = parseLabels(request.options?.labelSelector);
  const fields = parseFields(resource, request.options?.fieldSelector);
  const { namespace } = request;
  const name = request.name ?? fields?.exactMatch('metadata.name');
  const nodeName = fields?.exactMatch('spec.nodeName') || undefined;
  const { conversion } = resource;
  const alone = fields?.requirements.length === 1;
  return {
    namespace,
    name,
    nodeName,
    version: conversion ? resource.apiVersion : '',
    isEverything: namespace === undefined && name === undefined && !labels && !fields,
    matches(object) {
      const metadata = object.metadata;
      if (namespace !== undefined && metadata?.namespace !== namespace) return false;
      if (name !== undefined && metadata?.name !== name) return false;
      if (labels && !labels.matches(metadata?.labels)) return false;
      if (!fields || (alone && name !== undefined)) return true;
      return fields.matches((field) => readField(resource, object, field));
    },
    present(object) {
      if (!conversion) return object;
      const shown = conversion.fromStored(object);
      carryEntries(object, shown);
      return shown;
    },
  };
}

function parseLabels(text: string | undefined): Selector | undefined {
  if (!text) return undefined;
  const selector = parsed(() => parseSelector(text));
  return selector.isEmpty() ? undefined : selector;
}

function parseFields(resource: ServedResource, text: string | undefined): FieldSelector | undefined {
  if (!text) return undefined;
  const selector = parsed(() => parseFieldSelector(text));
  for (const { field } of selector.requirements) {
    if (isSelectable(resource, field)) continue;
    throw badRequest(
      resource.rules.fields || resource.custom
        ? (resource.rules.unknownField?.(field) ?? `field label not supported: ${field}`)
        : `${quote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
    );
  }
  return selector.isEmpty() ? undefined : selector;
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

function isSelectable({ rules, namespaced }: ServedResource, field: string): boolean {
  if (field === 'metadata.name' || (field === 'metadata.namespace' && namespaced)) return true;
  return rules.fields !== undefined && Object.hasOwn(rules.fields, field);
}

function readField({ rules }: ServedResource, object: StoredObject, field: string): string {
  if (field === 'metadata.name') return object.metadata?.name ?? '';
  if (field === 'metadata.namespace') return object.metadata?.namespace ?? '';
  return rules.fields?.[field]?.(object) ?? '';
}
