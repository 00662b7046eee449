// Where node finds what scripts ask for.
import { expect, test } from 'vitest';
import { FileTree } from '../../base/files.ts';
import { resolveModule } from './resolve-module.ts';
import { ScriptError } from './script-engine.ts';

const files = new FileTree();
for (const path of ['/app/server.js', '/app/lib/index.js', '/app/data.json', '/app/node_modules/own/main.js'])
  files.writeFile(path, '', { parents: true });
files.writeFile('/app/node_modules/own/package.json', '{"main":"main.js"}');
files.writeFile('/app/node_modules/express/package.json', '{}', { parents: true });
files.writeFile('/app/node_modules/lodash/package.json', '{}', { parents: true });

test.each([
  ['./lib', '/app/lib/index.js'],
  ['./data', '/app/data.json'],
  ['/app/server', '/app/server.js'],
  ['own', '/app/node_modules/own/main.js'],
  ['express', 'node:express'],
])('%s is %s', (name, place) => {
  expect(resolveModule(files, '/app/server.js', name)).toBe(place);
});

test.each([
  ['./missing', /Cannot find module '\.\/missing'/],
  ['left-pad', /Cannot find module 'left-pad'/],
  // what the simulator does not have is named
  ['lodash', /in name only, and has no code of 'lodash'/],
  ['node:net', /has no module 'net'/],
])('%s is refused', (name, words) => {
  const find = (): string => resolveModule(files, '/app/server.js', name);
  expect(find).toThrow(ScriptError);
  expect(find).toThrow(words);
});
