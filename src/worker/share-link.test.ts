// What a link carries comes back; anything else is refused.
import { strToU8, zlibSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { decodeShare, encodeShare, type SharedWorld } from './share-link.ts';

const startsAt = 1_753_000_000_000;
const world: SharedWorld = {
  profile: '3-node',
  seed: 7,
  startsAt,
  log: [
    { at: startsAt + 1000, sequence: 0, input: { kind: 'line', text: 'kubectl get nodes' } },
    { at: startsAt + 1500.5, sequence: 1, input: { kind: 'keys', text: '\x03', terminal: 1 } },
    {
      at: startsAt + 2000,
      sequence: 2,
      input: { kind: 'component', node: 'control-plane', component: 'kube-scheduler', running: false },
    },
    { at: startsAt + 3000, sequence: 3, input: { kind: 'slow', node: 'control-plane', delayMs: 500 } },
  ],
  until: startsAt + 60_000,
};

test('a world goes into a link and comes out the same', () => {
  const text = encodeShare(world);
  expect(text).toMatch(/^[\w-]+$/);
  expect(decodeShare(text)).toEqual(world);
});

describe('hostile links', () => {
  const packed = (value: unknown): string =>
    Buffer.from(zlibSync(strToU8(JSON.stringify(value)))).toString('base64url');
  const rows: readonly (readonly [name: string, text: string, problem: string])[] = [
    ['no compressed text', 'abc', 'This link is damaged.'],
    ['foreign characters', '<script>', 'This link is damaged.'],
    ['too long', 'a'.repeat(40_000), 'This link is damaged.'],
    ['another version', packed([2]), 'This link is of another version.'],
    ['a bomb', packed('x'.repeat(2_000_000)), 'This link holds too much.'],
    ['too much time', packed([1, '3-node', 1, startsAt, 1e12, []]), 'This link is damaged.'],
    ['too many inputs', packed([1, '3-node', 1, startsAt, 0, Array(6000).fill([0, {}])]), 'This link holds too much.'],
    ['an unknown input', packed([1, '3-node', 1, startsAt, 9, [[1, { kind: 'eval' }]]]), 'This link is damaged.'],
    [
      'time that goes back',
      packed([
        1,
        '3-node',
        1,
        startsAt,
        9,
        [
          [2, { kind: 'interrupt' }],
          [1, { kind: 'interrupt' }],
        ],
      ]),
      'This link is damaged.',
    ],
    ['no text in a line', packed([1, '3-node', 1, startsAt, 9, [[1, { kind: 'line' }]]]), 'This link is damaged.'],
  ];
  test.each(rows)('%s', (_name, text, problem) => {
    expect(() => decodeShare(text)).toThrow(problem);
  });
});
