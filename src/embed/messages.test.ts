// What each end of the line between a page and its playground takes, and what it lets pass by.
import { describe, expect, test } from 'vitest';
import { frameMessage, hostMessage, marked } from './messages.ts';

describe('the playground takes', () => {
  test.each([
    { kind: 'run', id: 1, command: 'kubectl get nodes' },
    { kind: 'run', id: 2, command: 'cat <<END\nmilk\nEND' },
    { kind: 'insert', command: 'kubectl get pods' },
    { kind: 'load', text: 'kind: Pod\n' },
    { kind: 'theme', theme: 'auto' },
  ] as const)('$kind', (message) => {
    expect(hostMessage(structuredClone(marked(message)))).toEqual(message);
  });
});

describe('the playground ignores', () => {
  test.each([
    // what is of something else on the page
    [undefined],
    ['kubectl delete nodes --all'],
    [{ kind: 'run', id: 1, command: 'ls' }],
    [{ tabernetes: 2, kind: 'run', id: 1, command: 'ls' }],
    // unknown kinds, and names that every object has
    [{ tabernetes: 1, kind: 'reset' }],
    [{ tabernetes: 1, kind: 'constructor' }],
    // fields that are missing, or of another type
    [{ tabernetes: 1, kind: 'run', command: 'ls' }],
    [{ tabernetes: 1, kind: 'run', id: -1, command: 'ls' }],
    [{ tabernetes: 1, kind: 'run', id: 1, command: ['ls'] }],
    [{ tabernetes: 1, kind: 'run', id: 1, command: '  ' }],
    [{ tabernetes: 1, kind: 'theme', theme: 'red' }],
    // keys in disguise, and Enter where the learner should press it
    [{ tabernetes: 1, kind: 'run', id: 1, command: 'ls\x1b[A' }],
    [{ tabernetes: 1, kind: 'insert', command: 'ls\rls' }],
    [{ tabernetes: 1, kind: 'insert', command: 'ls\nls' }],
    // too much of it
    [{ tabernetes: 1, kind: 'run', id: 1, command: 'x'.repeat(20_001) }],
    [{ tabernetes: 1, kind: 'load', text: 'x'.repeat(1_000_001) }],
  ])('%j', (posted) => {
    expect(hostMessage(posted)).toBeUndefined();
  });
});

describe('the page around takes', () => {
  test.each([
    { kind: 'ready' },
    { kind: 'answered', id: 1, result: { exitCode: 0, output: 'milk\r\n' } },
    { kind: 'refused', id: 1, message: 'too many commands wait already' },
    { kind: 'ran', line: 'ls', exitCode: 130 },
    { kind: 'progress', progress: { lesson: 'run-it', done: 1, steps: 4 } },
  ] as const)('$kind', (message) => {
    expect(frameMessage(structuredClone(marked(message)))).toEqual(message);
  });

  test.each([
    [{ tabernetes: 1, kind: 'answered', id: 1, result: null }],
    [{ tabernetes: 1, kind: 'answered', id: 1, result: { exitCode: '0', output: '' } }],
    [{ tabernetes: 1, kind: 'progress', progress: { lesson: 'run-it', done: 0.5, steps: 4 } }],
    [{ tabernetes: 1, kind: 'run', id: 1, command: 'ls' }],
  ])('but not %j', (posted) => {
    expect(frameMessage(posted)).toBeUndefined();
  });
});
