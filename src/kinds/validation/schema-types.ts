// The types that a schema of a custom resource may name.

/** Sorted, as messages list them. */
export const schemaTypes: readonly string[] = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
