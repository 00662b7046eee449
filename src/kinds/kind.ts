// What the API server knows about one kind: defaults, strategy, validation, selectable fields, table columns.
//
//   export const configMap = defineKind<ConfigMap>({
//     group: '', kind: 'ConfigMap',
//     validate(map, errors) { … },
//     columns: [ … ],
//   });
//
// Objects are readonly: every function that changes one returns a copy that shares what did not change, and the
// object itself when nothing did. What was never set is absent, never null: the edge writes nulls where Go does.
import type { FieldError } from '../api/field-error.ts';
import type { KubeObject } from '../api/meta.ts';

/** Any object as the API server stores it. */
export interface StoredObject extends KubeObject {
  readonly spec?: object | undefined;
  readonly status?: object | undefined;
}

/** A cell of a table; what kubectl prints for it is its text, `<none>` for null. */
export type Cell = string | number | boolean | null;

/** One column of `kubectl get`. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'number' | 'date';
  readonly format?: string;
  /** Our words on what it shows. */
  readonly description: string;
  /** The words are those of whoever defined it: nothing else is said in their place. */
  readonly described?: boolean;
  /** Rows have a cell for it, but nothing says what it is. */
  readonly untold?: boolean;
  /** 0: always shown; 1: only with `-o wide`. */
  readonly priority?: 0 | 1;
  /** `nowMs` is for ages. */
  cell(object: T, nowMs: number): Cell;
}

/** The rules of one kind; what is left out is done as for most kinds. */
export interface Kind<T extends StoredObject = StoredObject> extends Checks<T> {
  readonly group: string;
  readonly kind: string;
  /** Fills in what the user left out and upstream's defaulting adds. */
  defaults?(object: T): T;
  /** Before a new object is validated, e.g. to drop its status. `now` tells the time as the API has it. */
  prepareForCreate?(object: T, now: () => string): T;
  /** Before a changed object is validated: puts back what may not change this way. */
  prepareForUpdate?(object: T, old: T, now: () => string): T;
  /** As prepareForUpdate, for the status subresource (the spec is already the old one). */
  prepareForStatusUpdate?(object: T, old: T, now: () => string): T;
  /** What makes the generation count up when it changes; without it the kind has no generation. */
  generationPart?(object: T): unknown;
  /** The generation also counts up when a list becomes empty instead of absent. */
  readonly exactGeneration?: boolean;
  /** The group that refusals name, where it is not the kind's own. */
  readonly refusedAs?: string;
  /** Subresources that write one part of the spec, e.g. a pod's ephemeralcontainers. */
  readonly parts?: Readonly<Record<string, PartRules<T>>>;
  /** Whether a name will do; default: a DNS subdomain. */
  validName?(name: string): readonly string[];
  /** Names may be generated from anything: only what comes of it is checked. */
  readonly anyGenerateName?: boolean;
  /** An update without resourceVersion overwrites whatever there is. Default true. */
  readonly unconditionalUpdate?: boolean;
  /** A PUT to a name that does not exist creates it. Default false. */
  readonly createOnUpdate?: boolean;
  /** What deletion does with dependents when the request does not say. Default background. */
  readonly defaultPropagation?: 'orphan' | 'background';
  /** Told to clients whose deletion does not say what to do with dependents. */
  readonly unsaidPropagation?: string;
  /** Finalizers that deletion begins with: the server itself has something to clean up. */
  readonly deletionFinalizers?: readonly string[];
  /** Seconds that the object gets to end by itself (0: gone at once); `asked` is what the request says. */
  graceSeconds?(object: T, asked: number | undefined): number;
  /** Deletion has begun and more than metadata's finalizers holds the object: what it becomes meanwhile. */
  whileEnding?(object: T): T | undefined;
  /** What else changes when deletion begins, e.g. a namespace's phase. */
  markDeleted?(object: T): T;
  /** A deletion answers with the object instead of a Status. Default false. */
  readonly returnsDeleted?: boolean;
  /** Fields that field selectors may name besides metadata.name and metadata.namespace. */
  readonly fields?: Readonly<Record<string, (object: T) => string>>;
  /** What is said of a field that cannot be selected by; default: `field label not supported: x`. */
  unknownField?(field: string): string;
  /** Columns; default Name and Age. */
  readonly columns?: readonly Column<T>[];
  /** Where a Scale finds its numbers. */
  readonly scale?: ScaleMapping<T>;
}

/** What is wrong with objects of a kind, or worth a warning. Validation sees objects without nulls. */
export interface Checks<T> {
  /** Adds what is wrong with a new object, in upstream's order. Metadata has been looked at already. */
  validate?(object: T, errors: FieldError[]): void;
  /** Adds all that is wrong with a changed object: `validate` is not called as well. */
  validateUpdate?(object: T, old: T, errors: FieldError[]): void;
  validateStatusUpdate?(object: T, old: T, errors: FieldError[]): void;
  /** As validateUpdate, for the subresources that write one part. */
  validatePart?(part: string, object: T, old: T, errors: FieldError[]): void;
  /** Texts of Warning headers. */
  warnings?(object: T, old?: T): readonly string[];
  /** Warnings about a new object as it was sent, told even when it is refused. */
  warningsBefore?(object: T): readonly string[];
  /** As `warnings`, for the status subresource. */
  statusWarnings?(object: T): readonly string[];
}

/** A subresource that writes one part of an object. */
export interface PartRules<T> {
  /** The old object with that part of the wanted one. `now` tells the time as the API has it. */
  prepare(wanted: T, old: T, now: () => string): T;
}

/** How the scale subresource reads and writes a workload. */
export interface ScaleMapping<T> {
  /** Why there is nothing to be read. */
  problem?(object: T): string | undefined;
  /** Wanted replicas. */
  wanted(object: T): number;
  /** Replicas that there are. */
  present(object: T): number;
  /** The label selector as text. */
  selector(object: T): string;
  withReplicas(object: T, replicas: number): T;
}

/** Registers nothing by itself: the list is kinds.ts. */
export function defineKind<T extends StoredObject>(kind: Omit<Kind<T>, keyof Checks<T>>): Kind {
  return kind as unknown as Kind; // edge: the registry calls a kind only with objects of its own group and kind
}
