import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

const rows = [
  ['pods', 'types pods'],
  ['pods,svc', 'types pods svc'],
  ['pods a b', 'types pods names a b'],
  ['pod/a svc/b', 'pairs pod/a svc/b'],
  ['pods,svc a', 'pairs pods/a svc/a'],
  ['a,a', 'types a'],
] as const;

test.each(rows)('%s asks for %s', (line, expected) => {
  const { types, names, pairs } = parseArguments(line.split(' '));
  const parts = [
    ...(types.length > 0 ? ['types', ...types] : []),
    ...(names.length > 0 ? ['names', ...names] : []),
    ...(pairs.length > 0 ? ['pairs', ...pairs.map(({ type, name }) => `${type}/${name}`)] : []),
  ];
  expect(parts.join(' ')).toBe(expected);
});

const refused = [
  ['pods svc/a', 'there is no need to specify a resource type as a separate argument'],
  ['a/b/c', 'arguments in resource/name form may not have more than one slash'],
  ['/a', 'arguments in resource/name form must have a single resource and name'],
] as const;

test.each(refused)('%s is refused', (line, message) => {
  expect(() => parseArguments(line.split(' '))).toThrow(message);
});
