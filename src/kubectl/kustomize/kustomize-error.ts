// What kustomize says of a build that fails; each level of it puts its own words in front.
import { CommandError } from '../errors.ts';

export class KustomizeError extends CommandError {
  override name = 'KustomizeError';
  /** The file is no YAML: what else it could have been is not worth mentioning. */
  malformed = false;
}

/** Runs a step; its failure says first what was being done. */
export function during<T>(what: string | ((message: string) => string), run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new KustomizeError(typeof what === 'string' ? `${what}: ${error.message}` : what(error.message));
  }
}
