// Trees of files that are put away as JSON and come back.
import { describe, expect, test } from 'vitest';
import { restoreFiles, snapshotFiles } from './file-snapshot.ts';
import { type FileNode, FileTree, programNode } from './files.ts';

function machine(now = 0): FileTree {
  const files = new FileTree(() => now);
  files.place('/bin/sh', programNode('sh'));
  const zero: FileNode = {
    kind: 'file',
    mode: 0o666,
    modifiedAt: 0,
    owner: 'root',
    content: new Uint8Array(),
    discard: true,
  };
  files.place('/dev/null', zero);
  files.writeFile('/etc/motd', 'welcome\n', { parents: true });
  return files;
}

function saved(files: FileTree): ReturnType<typeof snapshotFiles> {
  return JSON.parse(JSON.stringify(snapshotFiles(files)));
}

describe('files come back', () => {
  test('with content, modes, times, links and programs', () => {
    const files = machine(1000);
    files.writeFile('/home/amy/notes', 'milk\n', { parents: true, mode: 0o600 });
    files.writeFile('/home/amy/image', new Uint8Array([0xff, 0x00, 0x80]));
    files.makeLink('/home/amy/link', 'notes');
    files.makeLink('/home/amy/dangling', '/nowhere');
    files.place('/home/amy/tool', programNode('sh'));
    files.makeDirectory('/tmp', { mode: 0o1777 });

    const back = machine(5000);
    restoreFiles(back, saved(files));
    expect(back.readText('/home/amy/link')).toBe('milk\n');
    expect(back.readFile('/home/amy/image')).toEqual(new Uint8Array([0xff, 0x00, 0x80]));
    expect(back.stat('/home/amy/tool')).toMatchObject({ program: 'sh', mode: 0o755 });
    expect(back.stat('/home/amy/notes')).toMatchObject({ mode: 0o600, modifiedAt: 1000 });
    expect(back.stat('/tmp').mode).toBe(0o1777);
    expect(saved(back)).toEqual(saved(files));
  });

  test('and what had been removed or replaced stays so', () => {
    const files = machine();
    files.remove('/etc/motd');
    files.makeDirectory('/etc/motd');
    files.remove('/bin/sh');
    const back = machine();
    restoreFiles(back, saved(files));
    expect(back.stat('/etc/motd').kind).toBe('directory');
    expect(back.exists('/bin/sh')).toBe(false);
    expect(back.stat('/dev/null')).toMatchObject({ discard: true });
  });

  test('under any name, __proto__ included', () => {
    const files = machine();
    files.writeFile('/__proto__', 'x');
    const back = machine();
    restoreFiles(back, saved(files));
    expect(back.readText('/__proto__')).toBe('x');
  });
});
