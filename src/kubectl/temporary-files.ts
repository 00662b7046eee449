// Files and folders in /tmp with names that nobody else has, as Go's os.MkdirTemp and os.CreateTemp make them.
import { fnv1a } from '../base/hash.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';

const triesMax = 10_000;

/** Makes `/tmp/PREFIX1234567890`; returns its path. */
export function temporaryFolder(context: Context, prefix: string): string {
  const path = freePath(context, prefix, '');
  context.process.machine.files.makeDirectory(path, { mode: 0o700 });
  return path;
}

/** Makes `/tmp/PREFIX1234567890SUFFIX` with this content; returns its path. */
export function temporaryFile(
  context: Context,
  { prefix, suffix, content }: { readonly prefix: string; readonly suffix: string; readonly content: string },
): string {
  const path = freePath(context, prefix, suffix);
  context.process.machine.files.writeFile(path, content, { mode: 0o600 });
  return path;
}

/** Numbers from time and process: the same run makes the same names. */
function freePath({ process }: Context, prefix: string, suffix: string): string {
  const folder = process.env.get('TMPDIR') || '/tmp';
  for (let tries = 0; tries < triesMax; tries++) {
    const path = `${folder}/${prefix}${fnv1a(`${process.pid} ${process.clock.now()} ${prefix} ${tries}`)}${suffix}`;
    if (!process.machine.files.exists(path)) return path;
  }
  throw new CommandError(`mkdtemp ${folder}/${prefix}*${suffix}: file exists`);
}
