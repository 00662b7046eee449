// Sessions for tests: headless, in virtual time, with everything that is printed kept.
import { decodeUtf8 } from '../../src/base/bytes.ts';
import { type Session, type SessionOptions, type SessionSnapshot, startSession } from '../../src/driver/session.ts';
import * as host from '../../src/host.ts';

export interface RecordedSession {
  readonly session: Session;
  /** All that its shell has printed so far, both streams. */
  output(): string;
  /** Runs a line to its end; what it printed. */
  line(text: string): Promise<string>;
}

export const startsAt = Date.UTC(2026, 0, 1, 9, 0, 0);

export async function recordedSession(
  options: { readonly seed?: number; readonly snapshot?: SessionSnapshot } & Partial<SessionOptions> = {},
): Promise<RecordedSession> {
  const session = await startSession({ profile: '3-node', seed: 1, startsAt, host, interactive: true, ...options });
  let output = '';
  const shell = await session.driver.runUntil(session.shell());
  shell.onOutput((_stream, bytes) => {
    output += decodeUtf8(bytes);
  });
  return {
    session,
    output: () => output,
    async line(text) {
      const before = output.length;
      await session.driver.runUntil(session.input({ kind: 'line', text }));
      return output.slice(before);
    },
  };
}
