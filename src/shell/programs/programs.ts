// The programs of a machine: the table that the process host runs, and the files that name them.
import type { LoadCode, ProgramTable } from '../../api/program.ts';
import { type FileTree, programNode } from '../../base/files.ts';
import { busybox } from './busybox.ts';
import { lateProgram } from './late-program.ts';
import { lateShell, loadShells } from './late-shell.ts';
import type { Flavor } from './tool.ts';
import { loadTool, tools } from './tools.ts';

/** Program names (what a file's `program` says) to code. */
export function shellPrograms(loadCode: LoadCode): ProgramTable {
  return new Map([
    ...tools.map((tool) => [tool.name, lateProgram(loadCode, () => loadTool(tool, 'gnu'))] as const),
    ['bash', lateShell(loadCode, 'bash')],
    ['sh', lateShell(loadCode, 'bash')],
    ['dash', lateShell(loadCode, 'dash')],
    ['ash', lateShell(loadCode, 'ash')],
    ['busybox', busybox(loadCode)],
  ]);
}

/** Loads the code of all of them, for when it can no longer be had. */
export async function loadAllTools(): Promise<void> {
  await loadShells();
  for (const tool of tools) await tool.load();
}

const inBin = new Set(['sh', 'bash', 'dash', 'ash', 'busybox']);

/** Every path that a machine of this flavor gets, with the program that it runs. */
export function programFiles(flavor: Flavor): readonly { readonly path: string; readonly program: string }[] {
  if (flavor === 'busybox') {
    const names = ['busybox', 'sh', 'ash', ...tools.map(({ name }) => name).filter((name) => !notInBusybox.has(name))];
    return names.map((name) => ({ path: `/bin/${name}`, program: 'busybox' }));
  }
  const names = ['sh', 'bash', ...tools.map(({ name }) => name)];
  return names.flatMap((name) => {
    const paths = inBin.has(name) ? [`/bin/${name}`, `/usr/bin/${name}`] : [`/usr/bin/${name}`];
    return paths.map((path) => ({ path, program: name }));
  });
}

const notInBusybox = new Set(['curl', 'jq']);

/** Puts the programs' files on a machine. */
export function installPrograms(files: FileTree, flavor: Flavor): void {
  for (const { path, program } of programFiles(flavor)) files.place(path, programNode(program));
  if (flavor === 'gnu' && !files.exists('/bin/ls'))
    for (const { name } of tools) files.makeLink(`/bin/${name}`, `/usr/bin/${name}`);
  for (const folder of ['/dev', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'])
    files.makeDirectory(folder, { parents: true });
  for (const name of ['null', 'zero', 'urandom', 'random', 'tty', 'stdin', 'stdout', 'stderr']) {
    if (files.exists(`/dev/${name}`)) continue;
    const device = { kind: 'file', mode: 0o666, modifiedAt: 0, owner: 'root', content: new Uint8Array() } as const;
    files.place(`/dev/${name}`, { ...device, discard: true, generate: () => '' });
  }
}

/** Milliseconds that a program takes to start on the learner's machine. */
export function startupMs(program: string): number {
  if (program === 'kubectl' || program === 'helm' || program === 'docker' || program === 'minikube') return 80;
  if (program === 'curl' || program === 'jq') return 4;
  return program === 'bash' || program === 'sh' ? 2 : 1;
}
