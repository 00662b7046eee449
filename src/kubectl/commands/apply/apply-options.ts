// What all ways of applying need to know.
import type { DryRun } from '../../change-flags.ts';

export interface ApplyOptions {
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly fieldValidation?: string;
  /** Delete and create anew what cannot be patched. */
  readonly force: boolean;
}
