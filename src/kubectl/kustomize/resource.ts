// One object of a build, with what kustomize remembers of it: earlier names, prefixes, where it came from.
import { entriesAt, objectAt, textAt } from '../../base/fields.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../base/json.ts';
import { effectiveNamespace, gvkOf, idOf, type ResourceId } from './resource-id.ts';

export type Behavior = 'create' | 'merge' | 'replace' | 'unspecified';

/** Which file or generator an object came from, and which transformers changed it (`buildMetadata`). */
export interface Origin {
  readonly path?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: JsonObject;
}

export class Resource {
  /** The ids that it had before each change of its name, oldest first. */
  previous: readonly ResourceId[] = [];
  prefixes: readonly string[] = [];
  suffixes: readonly string[] = [];
  behavior: Behavior = 'unspecified';
  /** Its name gets an end that follows from its content. */
  hashed = false;
  variables: readonly string[] = [];
  origin: Origin | undefined;
  transformations: readonly Origin[] = [];
  /** A patch that may change name or kind of what it is for. */
  allowsNameChange = false;
  allowsKindChange = false;

  constructor(public object: JsonObject) {}

  get id(): ResourceId {
    return idOf(this.object);
  }

  /** All ids that it has or had. */
  get ids(): readonly ResourceId[] {
    return [...this.previousIds, this.id];
  }

  get previousIds(): readonly ResourceId[] {
    const { group, version } = gvkOf(this.object);
    return this.previous.map((id) => ({ ...id, group, version }));
  }

  get originalId(): ResourceId {
    return this.previousIds[0] ?? this.id;
  }

  get labels(): Readonly<Record<string, string>> {
    return Object.fromEntries(entriesAt(this.object, 'metadata.labels'));
  }

  get annotations(): Readonly<Record<string, string>> {
    return annotationsOf(this.object);
  }

  rememberId(): void {
    const { id } = this;
    this.previous = [...this.previous, { ...id, ns: effectiveNamespace(id) }];
  }

  /** With what is remembered as annotations, as errors show it. */
  withNotes(): JsonObject {
    const notes = {
      previousKinds: this.previous.map(({ kind }) => kind),
      previousNames: this.previous.map(({ name }) => name),
      previousNamespaces: this.previous.map(({ ns }) => ns),
      prefixes: this.prefixes,
      suffixes: this.suffixes,
    };
    const held = Object.entries(notes).filter(([, texts]) => texts.length > 0);
    const own = held.map(([name, texts]) => [`internal.config.kubernetes.io/${name}`, texts.join(',')]);
    return withMetadata(this.object, { annotations: { ...this.annotations, ...Object.fromEntries(own) } });
  }

  setName(name: string): void {
    this.object = withMetadata(this.object, { name });
  }
}

/** A text for every annotation: kustomize writes numbers and flags as texts. */
export function annotationsOf(object: JsonObject): Readonly<Record<string, string>> {
  const held = objectAt(object, 'metadata.annotations') ?? {};
  return Object.fromEntries(Object.entries(held).map(([key, value]) => [key, scalarText(value)]));
}

export function scalarText(value: JsonValue): string {
  return typeof value === 'string' ? value : value === null ? '' : isObject(value) || isList(value) ? '' : `${value}`;
}

/** With these fields of the metadata; one that is empty goes away. */
export function withMetadata(object: JsonObject, fields: JsonObject): JsonObject {
  const metadata: Record<string, JsonValue> = { ...objectAt(object, 'metadata') };
  for (const [key, value] of Object.entries(fields)) {
    const empty = value === '' || (isObject(value) && Object.keys(value).length === 0);
    if (empty) delete metadata[key];
    else metadata[key] = value;
  }
  return { ...object, metadata };
}

export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata.name');
}
