// Every kind that has rules of its own, one line each. A kind that is not here is stored as its schema says.
import { deployment } from './deployment.ts';
import type { Kind } from './kind.ts';
import { pod } from './pod.ts';
import { replicaSet } from './replica-set.ts';

/** In alphabetical order of their files. */
export const kinds: readonly Kind[] = [deployment, pod, replicaSet];
