// What a call of a webhook comes to.
import type { JsonObject } from '../../../../base/json.ts';

/** What was answered, or why nothing was, in Go's words. */
export type CallResult = { readonly review: JsonObject } | { readonly problem: string };
