// What all ways of applying need to know.
import type { DryRun } from '../../change-flags.ts';

export interface ApplyOptions {
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly fieldValidation?: string;
  /** Delete and create anew what cannot be patched. */
  readonly force: boolean;
  /** Whether what others have changed since may be overwritten. Default: yes. */
  readonly overwrite?: boolean;
  /** The server's schemas that patches are tried to be made from before the built-in one; here all of them agree. */
  readonly serverSchemas?: readonly string[];
}
