// The list of small programs, each loaded when it is first run. To add one: write its file, add its name.
import type { Program } from '../../api/program.ts';
import type { Flavor, ToolDefinition } from './tool.ts';

export interface ToolEntry {
  readonly name: string;
  load(): Promise<ToolDefinition>;
}

const truth = async () => {
  const { bracket, noFalse, test, yesTrue } = await import('./system/run.ts');
  return { '[': bracket, false: noFalse, test, true: yesTrue };
};
const change = ['mkdir', 'mktemp', 'rm', 'rmdir', 'touch'] as const;
const find = ['basename', 'dirname', 'du', 'find', 'readlink', 'realpath'] as const;
const machine = ['clear', 'date', 'df', 'free', 'hostname', 'id', 'nano', 'nproc', 'pwd', 'uname'] as const;
const run = ['env', 'kill', 'printenv', 'sleep', 'timeout', 'watch', 'which', 'xargs'] as const;
const cat = ['cat', 'echo', 'less', 'more', 'nl', 'printf', 'rev', 'seq', 'tac', 'tee', 'yes'] as const;
const digest = ['base64', 'cmp', 'diff', 'expr', 'md5sum', 'sha1sum', 'sha256sum', 'sha512sum'] as const;

export const tools: readonly ToolEntry[] = [
  ...entries(change, () => import('./files/change.ts')),
  ...entries(['cp', 'ln', 'mv'], () => import('./files/copy.ts')),
  ...entries(['chmod', 'chown'], () => import('./files/mode.ts')),
  ...entries(['dd'], () => import('./files/dd.ts')),
  ...entries(['tar'], () => import('./files/tar.ts')),
  ...entries(find, () => import('./files/find.ts')),
  ...entries(['ls', 'stat'], () => import('./files/ls.ts')),
  ...entries([...machine, 'uptime', 'vi', 'vim', 'whoami'], () => import('./system/machine.ts')),
  ...entries(['ps'], () => import('./system/ps.ts')),
  ...entries(['[', 'false', 'test', 'true'], truth),
  ...entries(run, () => import('./system/run.ts')),
  ...entries(cat, () => import('./text/cat.ts')),
  ...entries(['column', 'cut', 'fold', 'paste', 'tr'], () => import('./text/cut.ts')),
  ...entries(digest, () => import('./text/digest.ts')),
  ...entries(['curl'], () => import('./network/curl.ts')),
  ...entries(['getent', 'nc', 'nslookup', 'ping'], () => import('./network/lookup.ts')),
  ...entries(['wget'], () => import('./network/wget.ts')),
  ...entries(['jq'], () => import('./text/jq.ts')),
  ...entries(['awk', 'gawk'], () => import('./text/awk.ts')),
  ...entries(['egrep', 'fgrep', 'grep'], () => import('./text/grep.ts')),
  ...entries(['head', 'tail'], () => import('./text/head.ts')),
  ...entries(['sed'], () => import('./text/sed.ts')),
  ...entries(['sort', 'uniq', 'wc'], () => import('./text/sort.ts')),
];

export async function loadTool(tool: ToolEntry, flavor: Flavor): Promise<Program> {
  const [{ toolProgram }, definition] = await Promise.all([import('./tool.ts'), tool.load()]);
  return toolProgram(definition, flavor);
}

function entries<Name extends string>(
  names: readonly Name[],
  load: () => Promise<Readonly<Record<Name, ToolDefinition>>>,
): readonly ToolEntry[] {
  return names.map((name) => ({ name, load: async () => (await load())[name] }));
}
