// How etcdctl asks for passwords: without echo where there is a terminal.
import type { Process } from '../../api/program.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { takeUntil } from '../text/line-reader.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** A line of standard input, which may end before it. */
export async function askSecret(process: Process, prompt: string): Promise<string> {
  const { stdin, stdout, terminal } = process;
  await stdout.write(prompt);
  const back = terminal?.raw?.();
  try {
    const { bytes } = await takeUntil(stdin, { delimiter: back ? carriageReturn : lineFeed });
    return decodeUtf8(bytes);
  } finally {
    back?.();
    await stdout.write('\n');
  }
}
