// Lines of an object before and after a write.
import { expect, test } from 'vitest';
import { objectDiff } from './object-diff.ts';

function shown(before: string | undefined, after: string | undefined): string {
  const marks = { same: ' ', added: '+', removed: '-', gap: '~' };
  return `\n${objectDiff(before, after)
    .map(({ kind, text }) => `${marks[kind]} ${text}`)
    .join('\n')}\n`;
}

const before = `kind: Deployment
metadata:
  name: web
  resourceVersion: "1"
spec:
  a: 1
  b: 1
  c: 1
  replicas: 1
  x: 1
`;

test('lines around a change stay, the rest is left out, revisions are no change', () => {
  const after = before.replace('replicas: 1', 'replicas: 3').replace('"1"', '"2"');
  expect(shown(before, after)).toMatchInlineSnapshot(`
    "
        b: 1
        c: 1
    -   replicas: 1
    +   replicas: 3
        x: 1
    "
  `);
});

test('a new object is shown whole', () => {
  expect(shown(undefined, 'kind: Pod\nmetadata:\n  name: a\n')).toMatchInlineSnapshot(`
    "
    + kind: Pod
    + metadata:
    +   name: a
    "
  `);
});
