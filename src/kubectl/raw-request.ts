// `--raw` of get, create, replace and delete: one request with a file's bytes as its body; the answer as it is.

import type { KubeBody } from '../api/ports.ts';
import { normalizePath } from '../base/files.ts';
import { quote } from '../base/go/quote.ts';
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { readAll } from './output.ts';
import type { FileChoice } from './resource/files.ts';

export async function rawRequest(
  context: Context,
  { method, files }: { readonly method: 'POST' | 'PUT' | 'DELETE'; readonly files: FileChoice },
): Promise<void> {
  const { process } = context;
  const [path, ...more] = files.paths;
  if (more.length > 0 || (path === undefined && method !== 'DELETE')) {
    throw new CommandError('--raw can only use a single local file or stdin');
  }
  const raw = rawPath(context);
  let body: KubeBody | undefined;
  if (path !== undefined) {
    if (/^https?:/.test(path)) throw new CommandError('--raw cannot read from a url');
    const text =
      path === '-' ? await readAll(process.stdin) : process.machine.files.readText(normalizePath(path, process.cwd));
    body = { kind: 'text', text };
  }
  context.out(await context.client().text({ method, path: raw, ...(body ? { rawBody: body } : {}) }));
}

/** The path that `--raw` names. Throws what Go's url.ParseRequestURI says of others. */
export function rawPath({ flags }: Context): string {
  const raw = flags.string('raw');
  if (raw.startsWith('/')) return raw;
  const reason = raw.startsWith(':') ? 'missing protocol scheme' : 'invalid URI for request';
  throw new CommandError(`--raw must be a valid URL path: parse ${quote(raw)}: ${reason}`);
}
