// Completes the last word of a command line: programs, files, and what kubectl itself says of its own lines.
import type { FileTree } from '../base/files.ts';
import type { TerminalShell } from '../driver/terminal-shell.ts';
import { builtinNames } from '../shell/builtins/builtin-names.ts';
import { type KubectlPlace, kubectlCandidates } from './kubectl-candidates.ts';
import type { Candidates } from './messages.ts';

type SuggestShell = NonNullable<TerminalShell['words']>;

export interface SuggestSources extends Omit<KubectlPlace, 'env'> {
  /** Knows aliases, variables and what `complete` said. */
  readonly shell: SuggestShell | undefined;
}

const programFolders = ['/usr/local/bin', '/usr/bin', '/bin'];
export async function suggest(text: string, sources: SuggestSources): Promise<Candidates> {
  const segment = text.slice(Math.max(...['|', ';', '&', '(', '\n'].map((mark) => text.lastIndexOf(mark))) + 1);
  const words = segment.split(/\s+/).filter((word, i, all) => word !== '' || i === all.length - 1);
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1).filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  const found = await candidatesFor(before, last, sources);
  return { from: text.length - last.length, words: [...new Set(found)].filter((word) => word.startsWith(last)).sort() };
}

async function candidatesFor(
  before: readonly string[],
  last: string,
  sources: SuggestSources,
): Promise<readonly string[]> {
  if (/[<>]$/.test(before.at(-1) ?? '')) return fileNames(last, sources);
  const [program] = before;
  if (program === undefined) return last.includes('/') ? fileNames(last, sources) : programNames(sources);
  const rule = sources.shell?.completionOf(program);
  if (rule?.words !== undefined) return ended(rule.words.split(/\s+/).filter(Boolean));
  const first = kubectlWords(program, rule, sources);
  return first ? kubectlNames([...first, ...before.slice(1)], last, sources) : fileNames(last, sources);
}

/** What stands behind kubectl before the line goes on: none, or an alias's own words. Undefined: it is not kubectl. */
function kubectlWords(
  program: string,
  rule: ReturnType<SuggestShell['completionOf']>,
  { shell }: SuggestSources,
): readonly string[] | undefined {
  const [meant, ...more] = (shell?.aliasOf(program) ?? program).split(/\s+/);
  return meant === 'kubectl' ? more : rule?.function === '__start_kubectl' ? [] : undefined;
}

async function kubectlNames(
  before: readonly string[],
  last: string,
  sources: SuggestSources,
): Promise<readonly string[]> {
  const env = sources.shell?.environment() ?? new Map<string, string>();
  const { words, files, endings, blank } = await kubectlCandidates({ ...sources, env }, [...before, last]);
  const flag = /^-[^=]*=/.exec(last)?.[0] ?? '';
  if (words.length === 0 && files) {
    const typed = last.slice(flag.length);
    const fits = (name: string) =>
      name.endsWith('/') || endings.some((ending) => name.trimEnd().endsWith(`.${ending}`));
    const found = fileNames(typed, sources).filter((name) => endings.length === 0 || fits(name));
    return found.map((name) => flag + name);
  }
  return words.map((word) => `${flag}${word}${blank && !/[/:]$/.test(word) ? ' ' : ''}`);
}

/** A blank after a word says that it is whole. */
function ended(words: readonly string[]): readonly string[] {
  return words.map((word) => `${word} `);
}

function programNames({ machine: { files } }: SuggestSources): readonly string[] {
  const found = programFolders.flatMap((folder) => (files.exists(folder) ? files.list(folder) : []));
  return ended([...found, ...builtinNames]);
}

function fileNames(typed: string, { machine: { files }, cwd }: SuggestSources): readonly string[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const place = folder.startsWith('/')
    ? folder
    : folder.startsWith('~/')
      ? `/home/learner/${folder.slice(2)}`
      : `${cwd}/${folder}`;
  if (!files.exists(place) || files.stat(place).kind !== 'directory') return [];
  const hidden = typed.slice(folder.length).startsWith('.');
  return files
    .list(place)
    .filter((name) => hidden || !name.startsWith('.'))
    .map((name) => `${folder}${name}${isFolder(files, `${place}/${name}`) ? '/' : ' '}`);
}

function isFolder(files: FileTree, path: string): boolean {
  return files.exists(path) && files.stat(path).kind === 'directory';
}
