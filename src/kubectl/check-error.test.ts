import { expect, test } from 'vitest';
import { checkError } from './check-error.ts';
import { CommandError, ExitError, ManyErrors, NoResourceMatch, StatusError, UnreachableError } from './errors.ts';

const invalid = new StatusError({
  reason: 'Invalid',
  message: 'm',
  details: { kind: 'Pod', name: 'x', causes: [{ field: 'spec.a', message: 'Required value' }] },
});
const rows = [
  [new CommandError('oops'), 'error: oops\n'],
  [new CommandError('error: oops'), 'error: oops\n'],
  [
    new StatusError({ reason: 'NotFound', message: 'pods "x" not found' }),
    'Error from server (NotFound): pods "x" not found\n',
  ],
  [new StatusError({ message: 'odd' }), 'Error from server: odd\n'],
  [
    new StatusError({ reason: 'Unauthorized', message: 'Unauthorized' }),
    'error: You must be logged in to the server (Unauthorized)\n',
  ],
  [invalid, 'The Pod "x" is invalid: spec.a: Required value\n'],
  [
    new UnreachableError('GET', 'http://h:1/api', 'dial tcp 1.2.3.4:1: connect: connection refused'),
    'The connection to the server h:1 was refused - did you specify the right host or port?\n',
  ],
  [new UnreachableError('GET', 'http://h:1/api', 'no route'), 'Unable to connect to the server: no route\n'],
  [new NoResourceMatch('foo'), 'the server doesn\'t have a resource type "foo"\n'],
  [
    new ManyErrors([new CommandError('a'), new StatusError({ reason: 'NotFound', message: 'b' })]),
    'a\nError from server (NotFound): b\n',
  ],
  [new ManyErrors([new CommandError('a')]), 'error: a\n'],
] as const;

test.each(rows)('%s is printed as kubectl prints it', (error, text) => {
  expect(checkError(error)).toEqual({ text, exitCode: 1 });
});

test('an exit code alone prints nothing', () => {
  expect(checkError(new ExitError(3))).toEqual({ text: '', exitCode: 3 });
});
