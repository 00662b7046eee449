// Tells the user of a mistake of ours; the simulated world goes on.
import process from 'node:process';

export function reportFault(error: unknown): void {
  process.stderr.write(
    `tabernetes: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}
