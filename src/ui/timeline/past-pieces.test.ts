// Pieces of the past: which are written again, and what is left when there are too many.
import { expect, test } from 'vitest';
import { History, type Version } from './history.ts';
import { type PastPiece, PastPieces } from './past-pieces.ts';

function version(at: number, uid: string): Version {
  return { at, kind: 'pods', uid, object: { metadata: { uid, name: `${uid}-${at}` } } };
}

test('only what has changed is written again', () => {
  const past = new PastPieces();
  for (let at = 0; at < 250; at++) past.note(version(at, 'a'));
  expect(past.take()?.pieces.map(({ number, versions }) => `${number}: ${versions.length}`)).toEqual([
    '1: 200',
    '2: 50',
  ]);
  past.tick({ at: 300, kind: 'command', text: '$ ls' });
  expect(past.take()?.pieces.map(({ number }) => number)).toEqual([2]);
  expect(past.take()).toBeUndefined();
});

test('what falls away leaves what stood then, and numbers go on in the next visit', () => {
  const kept = new Map<number, PastPiece>();
  const write = (past: PastPieces): void => {
    const { pieces = [], first = 0 } = past.take() ?? {};
    for (const piece of pieces) kept.set(piece.number, piece);
    for (const number of [...kept.keys()]) if (number < first) kept.delete(number);
  };
  let past = new PastPieces();
  past.note(version(0, 'old'));
  for (let at = 1; at < 12_000; at++) {
    if (at === 6000) past = new PastPieces([...kept.values()]);
    past.note(version(at, 'busy'));
    if (at % 100 === 0) write(past);
  }
  write(past);
  const history = new History();
  for (const piece of kept.values()) for (const one of piece.versions) history.note(one);
  expect(kept.size).toBeLessThanOrEqual(20);
  expect([...history.at(11_500).pods.values()].map(({ metadata }) => metadata?.name)).toEqual(['old-0', 'busy-11500']);
});

test('of a cluster that is too large nothing is kept', () => {
  const past = new PastPieces();
  for (let i = 0; i < 10_000; i++) past.note(version(0, `pod-${i}`));
  expect(past.take()).toEqual({ pieces: [], first: Number.MAX_SAFE_INTEGER });
  past.note(version(1, 'a'));
  expect(past.take()).toBeUndefined();
});
