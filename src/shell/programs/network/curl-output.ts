// What curl does with an answer: file or standard output, -w, and whether it counts as a failure.
import { decompressSync } from 'fflate';
import { concatBytes, encodeUtf8 } from '../../../base/bytes.ts';
import { type HttpResponse, headerOf, parseUrl } from '../../http/http-client.ts';
import { type Tool, ToolError } from '../tool.ts';

/** How a transfer ended: what failed it, and the answer's status when there was one. */
export interface Outcome {
  readonly problem?: ToolError | undefined;
  readonly code?: number;
}

export function headText({ statusLine, headers }: HttpResponse): string {
  return `${[statusLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

/** Writes the answer where it is wanted. */
export async function deliver(
  tool: Tool,
  response: HttpResponse,
  { url, began }: { readonly url: string; readonly began: number },
): Promise<Outcome> {
  const failed = response.status >= 400 && tool.has('f', 'fail-with-body');
  const file =
    tool.value('o') ?? (tool.has('O') ? (parseUrl(url)?.path.split(/[?#]/)[0]?.split('/').at(-1) ?? '') : undefined);
  if (file === '') throw new ToolError('(23) Failed to extract a filename from the URL to use for storage!', 23);
  if (file !== undefined && file !== '-') tool.files.writeFile(tool.path(file), '');
  const write = (data: Uint8Array) => {
    if (file === undefined || file === '-') return tool.bytes(data);
    tool.files.writeFile(tool.path(file), data, { append: true });
    return Promise.resolve();
  };
  let bytes = 0;
  const silent = failed && !tool.has('fail-with-body');
  if (tool.has('i', 'I') && !silent) await write(encodeUtf8(headText(response)));
  if (!silent)
    for await (const piece of tool.has('compressed') ? decompressed(response) : response.body) {
      bytes += piece.length;
      await write(piece);
    }
  const isShown = file === undefined && tool.process.terminal !== undefined;
  if (tool.has('#') && !tool.has('s') && !isShown) await tool.process.stderr.write(`\r${'#'.repeat(72)} 100.0%\n`);
  const out = tool.value('w');
  const ms = tool.process.clock.now() - began;
  if (out !== undefined)
    await tool.out(
      writeOut(out, { url, code: String(response.status), bytes, ms, type: headerOf(response, 'content-type') ?? '' }),
    );
  const code = response.status;
  return failed ? { code, problem: new ToolError(`(22) The requested URL returned error: ${code}`, 22) } : { code };
}

/** The body as it was before the server packed it. */
async function* decompressed(response: HttpResponse): AsyncGenerator<Uint8Array> {
  const encoding = headerOf(response, 'content-encoding');
  if (encoding === undefined || encoding === 'identity') {
    yield* response.body;
    return;
  }
  if (encoding !== 'gzip' && encoding !== 'deflate')
    throw new ToolError(
      '(61) Unrecognized content encoding type. libcurl understands deflate, gzip content encodings.',
      61,
    );
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  const packed = concatBytes(pieces);
  try {
    if (packed.length > 0) yield decompressSync(packed);
  } catch {
    throw new ToolError('(61) Error while processing content unencoding: incorrect header check', 61);
  }
}

export interface Summary {
  readonly url: string;
  readonly code: string;
  readonly bytes: number;
  readonly ms: number;
  readonly type: string;
}

/** The text of -w. */
export function writeOut(format: string, summary: Summary): string {
  const seconds = (summary.ms / 1000).toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: summary.code,
    response_code: summary.code,
    size_download: String(summary.bytes),
    time_total: seconds,
    time_connect: '0.000500',
    time_starttransfer: seconds,
    url_effective: summary.url,
    content_type: summary.type,
  };
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''))
    .replace(/\\([nrt\\])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? '\\');
}
