// What a program prints must not reach beyond its screen: no clipboard, no colours of the page, no answers typed back.
import type { Terminal } from '@xterm/xterm';

/** Titles, palette, links to files, clipboard, and what asks for any of them. */
const commands = [0, 1, 2, 4, 10, 11, 12, 52, 104, 110, 111, 112] as const;
/** Requests whose answer would come back as if it had been typed. */
const reports = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
] as const;

export function makeHarmless({ parser }: Terminal): void {
  const swallow = (): boolean => true;
  for (const command of commands) parser.registerOscHandler(command, swallow);
  for (const report of reports) parser.registerCsiHandler(report, swallow);
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
}

/** Opens a link of the web in a tab of its own, which learns nothing of this one; other links do nothing. */
export function followLink(_event: MouseEvent, address: string): void {
  if (/^https?:\/\//i.test(address)) open(address, '_blank', 'noopener,noreferrer');
}
