// What Go says of flags' values that are none, and of commands that are none.
import { expect, test } from 'vitest';
import { findCommand } from './commands.ts';
import { count, duration, number, toggle, valueProblem } from './flags.ts';

test.each([
  [number('n', ''), '-5', undefined],
  [number('n', ''), '', 'strconv.ParseInt: parsing "": invalid syntax'],
  [number('n', ''), '9223372036854775808', 'strconv.ParseInt: parsing "9223372036854775808": value out of range'],
  [number('n', ''), '-9223372036854775808', undefined],
  [count('n', ''), '18446744073709551615', undefined],
  [count('n', ''), '-1', 'strconv.ParseUint: parsing "-1": invalid syntax'],
  [duration('d', '', '1s'), '1m30s', undefined],
  [duration('d', '', '1s'), '1ns', undefined],
  [duration('d', '', '1s'), '5', 'time: missing unit in duration "5"'],
  [duration('d', '', '1s'), '1x', 'time: unknown unit "x" in duration "1x"'],
  [duration('d', '', '1s'), 'x', 'time: invalid duration "x"'],
  [toggle('t', ''), 'T', undefined],
  [toggle('t', ''), 'maybe', 'strconv.ParseBool: parsing "maybe": invalid syntax'],
])('%o %s: %s', (flag, given, problem) => {
  expect(valueProblem(flag, given)).toBe(problem);
});

test('commands may be shortened; of those that are none, what was perhaps meant is told', () => {
  const commands = ['get', 'put', 'member add', 'member list', 'move-leader'].map((name) => ({ name, about: '' }));
  const found = (line: string) => {
    try {
      const { name, command, rest } = findCommand(commands, line.split(' '), 'etcdctl');
      return [command ? name : `${name} …`, ...rest].join(' ');
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  expect(found('g key')).toBe('get key');
  expect(found('mem l x')).toBe('member list x');
  expect(found('member nope')).toBe('member …');
  expect(found('gat')).toBe('unknown command "gat" for "etcdctl"\n\nDid you mean this?\n\tget\n\tput\n');
  expect(found('elsewhere')).toBe('unknown command "elsewhere" for "etcdctl"');
});
