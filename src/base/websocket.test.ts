import { expect, test } from 'vitest';
import { acceptKey, encodeFrame, FrameReader } from './websocket.ts';

function read(...pieces: readonly Uint8Array[]): readonly string[] {
  const seen: string[] = [];
  const reader = new FrameReader({
    message: (payload) => seen.push(`message ${payload.length} ${payload[0]}`),
    ping: (payload) => seen.push(`ping ${payload.length}`),
    close: () => seen.push('close'),
  });
  for (const piece of pieces) reader.push(piece);
  return seen;
}

test('the key of the standard has the answer of the standard', () => {
  expect(acceptKey('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test.each([0, 1, 125, 126, 65_535, 65_536])(
  'a message of %i bytes comes back, masked and not, in any pieces',
  (size) => {
    const payload = new Uint8Array(size).fill(7);
    for (const masked of [false, true]) {
      const frame = encodeFrame('binary', payload, { masked });
      const cuts = [frame.subarray(0, 1), frame.subarray(1, 3), frame.subarray(3)];
      expect(read(...cuts)).toEqual([`message ${size} ${size > 0 ? 7 : undefined}`]);
    }
  },
);

test('masks are taken off, pieces of one message joined, nothing read after a close', () => {
  const masked = new Uint8Array([0x82, 0x81, 1, 2, 3, 4, 9 ^ 1]);
  const first = new Uint8Array([0x02, 1, 5]);
  const last = new Uint8Array([0x80, 1, 6]);
  const ping = new Uint8Array([0x89, 0]);
  const close = encodeFrame('close', new Uint8Array());
  expect(read(masked, first, ping, last, close, masked)).toEqual(['message 1 9', 'ping 0', 'message 2 5', 'close']);
});
