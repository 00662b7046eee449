// Looking back: what the cluster was at a moment.
import { expect, test } from 'vitest';
import { History } from './history.ts';

function pod(name: string, phase: string): object {
  return { metadata: { uid: name, name }, status: { phase } };
}

function phases(history: History, moment: number): string {
  return [...history.at(moment).pods.values()]
    .map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`)
    .join(', ');
}

test('every moment has its own versions', () => {
  const history = new History();
  const note = (at: number, uid: string, object: object | undefined): void =>
    history.note({ at, kind: 'pods', uid, object });
  note(1, 'a', pod('a', 'Pending'));
  note(2, 'b', pod('b', 'Pending'));
  note(3, 'a', pod('a', 'Running'));
  note(4, 'b', undefined);
  expect([0, 1, 2, 3, 4].map((moment) => phases(history, moment))).toEqual([
    '',
    'a Pending',
    'a Pending, b Pending',
    'a Running, b Pending',
    'a Running',
  ]);
});

test('what is too old to look at still counts', () => {
  const history = new History();
  for (let at = 0; at < 21_000; at++)
    history.note({ at, kind: 'pods', uid: `${at % 3}`, object: pod(`${at % 3}`, String(at)) });
  expect(history.since).toBe(2000);
  expect(phases(history, 2000)).toBe('0 1998, 1 1999, 2 2000');
});
