// find, basename, dirname, realpath, readlink, du.
import { FileError, normalizePath, type TreeNode } from '../../../base/files.ts';
import { compilePattern, matchesPattern } from '../../evaluate/pattern.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';
import { humanSize, sizeOf } from './ls.ts';

interface Visit {
  readonly path: string;
  readonly name: string;
  readonly node: TreeNode;
}
type Test = (visit: Visit) => Promise<boolean> | boolean;

export const find: ToolDefinition = {
  name: 'find',
  raw: true,
  async run(tool) {
    const args = tool.process.argv.slice(1);
    const first = args.findIndex((arg) => arg.startsWith('-') || arg === '(' || arg === '!');
    const roots = first === -1 ? args : args.slice(0, first);
    const expression = new Expression(tool, first === -1 ? [] : args.slice(first));
    const test = expression.parse();
    for (const root of roots.length > 0 ? roots : ['.']) {
      try {
        await walk(tool, { root, depth: 0, expression, test });
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await tool.fail(tool.isGnu ? `'${root}': ${error.message}` : `${root}: ${error.message}`);
      }
    }
    await expression.finish();
    return tool.status;
  },
};

async function walk(
  tool: Tool,
  at: { readonly root: string; readonly depth: number; readonly expression: Expression; readonly test: Test },
): Promise<void> {
  const { root, depth, expression, test } = at;
  tool.process.step();
  const node = tool.files.statLink(tool.path(root));
  const name = root === '/' ? '/' : (root.replace(/\/+$/, '').split('/').at(-1) ?? root);
  const names = node.kind === 'directory' && depth < expression.maxDepth ? tool.files.list(tool.path(root)) : [];
  if (depth >= expression.minDepth) await test({ path: root, name, node });
  for (const entry of names) await walk(tool, { ...at, root: `${root.replace(/\/$/, '')}/${entry}`, depth: depth + 1 });
}

class Expression {
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  private at = 0;
  private acts = false;
  /** Commands of `-exec … +`, each with the paths that it will be given at the end. */
  private readonly gathered: { readonly command: readonly string[]; readonly paths: string[] }[] = [];

  constructor(
    private readonly tool: Tool,
    private readonly words: readonly string[],
  ) {}

  parse(): Test {
    const test = this.words.length === 0 ? () => true : this.either();
    if (this.at < this.words.length) throw new ToolError(`paths must precede expression: \`${this.words[this.at]}'`);
    if (this.acts) return test;
    return async (visit) => (await test(visit)) && this.print(visit, '\n');
  }

  private async print({ path }: Visit, end: string): Promise<boolean> {
    await this.tool.out(`${path}${end}`);
    return true;
  }

  private either(): Test {
    let left = this.both();
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at++;
      const [a, b] = [left, this.both()];
      left = async (visit) => (await a(visit)) || b(visit);
    }
    return left;
  }

  private both(): Test {
    let left = this.primary();
    while (this.at < this.words.length && !['-o', '-or', ')'].includes(this.words[this.at] ?? '')) {
      if (this.words[this.at] === '-a' || this.words[this.at] === '-and') this.at++;
      const [a, b] = [left, this.primary()];
      left = async (visit) => (await a(visit)) && b(visit);
    }
    return left;
  }

  private argument(option: string): string {
    const value = this.words[this.at++];
    if (value === undefined) throw new ToolError(`missing argument to \`${option}'`);
    return value;
  }

  private primary(): Test {
    const word = this.words[this.at++] ?? '';
    if (word === '!' || word === '-not') {
      const inner = this.primary();
      return async (visit) => !(await inner(visit));
    }
    if (word === '(') {
      const inner = this.either();
      if (this.words[this.at++] !== ')')
        throw new ToolError("invalid expression; I was expecting to find a ')' somewhere but did not see one.");
      return inner;
    }
    if (word === '-maxdepth' || word === '-mindepth') {
      const depth = Number(this.argument(word));
      if (word === '-maxdepth') this.maxDepth = depth;
      else this.minDepth = depth;
      return () => true;
    }
    return this.test(word) ?? this.action(word);
  }

  private test(word: string): Test | undefined {
    if (word === '-name' || word === '-iname' || word === '-path') {
      const fold = (text: string) => (word === '-iname' ? text.toLowerCase() : text);
      const pattern = compilePattern(fold(this.argument(word)));
      return ({ name, path }) => matchesPattern(pattern, fold(word === '-path' ? path : name));
    }
    if (word === '-type') {
      const types = this.argument(word);
      return ({ node }) => types.includes(node.kind === 'directory' ? 'd' : node.kind === 'link' ? 'l' : 'f');
    }
    if (word === '-empty')
      return ({ node }) => (node.kind === 'directory' ? node.entries.size === 0 : sizeOf(node) === 0);
    if (word === '-size') {
      const [, sign = '', count = '0', unit = 'b'] = /^([+-]?)(\d+)([ckMGb]?)$/.exec(this.argument(word)) ?? [];
      const bytes = { c: 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 512;
      return ({ node }) => {
        const units = Math.ceil(sizeOf(node) / bytes);
        return sign === '+' ? units > Number(count) : sign === '-' ? units < Number(count) : units === Number(count);
      };
    }
    if (word === '-newer') {
      const than = this.tool.files.stat(this.tool.path(this.argument(word))).modifiedAt;
      return ({ node }) => node.modifiedAt > than;
    }
    return undefined;
  }

  private action(word: string): Test {
    this.acts = true;
    if (word === '-print') return (visit) => this.print(visit, '\n');
    if (word === '-print0') return (visit) => this.print(visit, '\0');
    if (word === '-delete')
      return ({ path }) => {
        this.tool.files.remove(this.tool.path(path), { recursive: true });
        return true;
      };
    if (word === '-exec') return this.execute();
    throw new ToolError(`unknown predicate \`${word}'`);
  }

  private execute(): Test {
    const end = this.words.findIndex((word, i) => i >= this.at && (word === ';' || word === '+'));
    if (end === -1) throw new ToolError("missing argument to `-exec'");
    const command = this.words.slice(this.at, end);
    const gathers = this.words[end] === '+';
    this.at = end + 1;
    if (!gathers)
      return async ({ path }) => (await this.runCommand(command.map((word) => word.replaceAll('{}', path)))) === 0;
    if (command.at(-1) !== '{}') throw new ToolError("missing argument to `-exec'");
    const paths: string[] = [];
    this.gathered.push({ command: command.slice(0, -1), paths });
    return ({ path }) => {
      paths.push(path);
      return true;
    };
  }

  /** Runs what waits for all paths. */
  async finish(): Promise<void> {
    for (const { command, paths } of this.gathered)
      if (paths.length > 0 && (await this.runCommand([...command, ...paths])) !== 0) this.tool.status = 1;
  }

  private async runCommand(argv: readonly string[]): Promise<number> {
    const { process } = this.tool;
    const { env, cwd, stdin, stdout, stderr } = process;
    const child = await process.spawn({ argv, env, cwd, stdin, stdout, stderr });
    return child.wait();
  }
}

export const basename: ToolDefinition = {
  name: 'basename',
  short: 'as:',
  async run(tool) {
    tool.needOperand();
    const suffix = tool.value('s') ?? (tool.has('a') ? '' : (tool.operands[1] ?? ''));
    for (const path of tool.has('a', 's') ? tool.operands : tool.operands.slice(0, 1)) {
      const name = path.replace(/(?<=.)\/+$/, '').replace(/.*\/(?=.)/, '');
      await tool.out(
        `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
      );
    }
    return 0;
  },
};

export const dirname: ToolDefinition = {
  name: 'dirname',
  async run(tool) {
    tool.needOperand();
    for (const path of tool.operands) {
      const trimmed = path.replace(/(?<=.)\/+$/, '');
      const at = trimmed.lastIndexOf('/');
      await tool.out(`${at === -1 ? '.' : at === 0 ? '/' : trimmed.slice(0, at)}\n`);
    }
    return 0;
  },
};

/** How much of a path must be there: its parent (the usual case), all of it (`-e`), nothing (`-m`). */
type Existing = 'parent' | 'all' | 'nothing';

const linksMax = 40;

/** A path without symbolic links. Throws a FileError where something that must be there is not. */
function canonical(tool: Tool, name: string, existing: Existing): string {
  let parts = tool.path(name).split('/').filter(Boolean);
  let links = 0;
  for (let i = 0; i < parts.length; i++) {
    const at = `/${parts.slice(0, i + 1).join('/')}`;
    const mayMiss = existing === 'nothing' || (existing === 'parent' && i === parts.length - 1);
    try {
      const node = tool.files.statLink(at);
      if (node.kind !== 'link') continue;
      if (++links > linksMax) throw new FileError('ELOOP', name);
      const target = node.target.startsWith('/') ? node.target : `${parts.slice(0, i).join('/')}/${node.target}`;
      parts = [...normalizePath(target).split('/').filter(Boolean), ...parts.slice(i + 1)];
      i = -1;
    } catch (error) {
      if (!(error instanceof FileError) || error.code === 'ELOOP' || !mayMiss) throw error;
    }
  }
  return `/${parts.join('/')}`;
}

function existingOf(tool: Tool): Existing {
  return tool.has('e') ? 'all' : tool.has('m') ? 'nothing' : 'parent';
}

export const realpath: ToolDefinition = {
  name: 'realpath',
  short: 'em',
  long: { 'canonicalize-existing': 'e', 'canonicalize-missing': 'm' },
  async run(tool) {
    tool.needOperand();
    for (const name of tool.operands) {
      try {
        await tool.out(`${canonical(tool, name, existingOf(tool))}\n`);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await tool.fail(`${name}: ${error.message}`);
      }
    }
    return tool.status;
  },
};

export const readlink: ToolDefinition = {
  name: 'readlink',
  short: 'femn',
  long: { canonicalize: 'f', 'canonicalize-existing': 'e', 'canonicalize-missing': 'm', 'no-newline': 'n' },
  async run(tool) {
    tool.needOperand();
    const end = tool.has('n') && tool.operands.length === 1 ? '' : '\n';
    for (const name of tool.operands) {
      try {
        if (tool.has('f', 'e', 'm')) {
          await tool.out(canonical(tool, name, existingOf(tool)) + end);
          continue;
        }
        const node = tool.files.statLink(tool.path(name));
        if (node.kind === 'link') await tool.out(node.target + end);
        else tool.status = 1;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        tool.status = 1; // without a word: only -v has any
      }
    }
    return tool.status;
  },
};

export const du: ToolDefinition = {
  name: 'du',
  short: 'shackd:',
  long: { summarize: 's', 'human-readable': 'h', all: 'a', 'max-depth': 'd:', total: 'c' },
  async run(tool) {
    const shown = (bytes: number) => (tool.lastOf('h', 'k') === 'h' ? humanSize(bytes) : String(bytes / 1024));
    let total = 0;
    const depthMax = tool.has('s') ? 0 : tool.number('d', Number.POSITIVE_INFINITY);
    const measure = async (path: string, depth: number): Promise<number> => {
      tool.process.step();
      const node = tool.files.statLink(tool.path(path));
      let bytes = node.kind === 'directory' ? 4096 : Math.ceil(sizeOf(node) / 4096) * 4096;
      if (node.kind === 'directory')
        for (const name of tool.files.list(tool.path(path)))
          bytes += await measure(`${path.replace(/\/$/, '')}/${name}`, depth + 1);
      if (depth === 0 || (depth <= depthMax && (node.kind === 'directory' || tool.has('a'))))
        await tool.out(`${shown(bytes)}\t${path}\n`);
      return bytes;
    };
    for (const name of tool.operands.length > 0 ? tool.operands : ['.']) {
      if (tool.files.exists(tool.path(name))) total += await measure(name, 0);
      else
        await tool.fail(
          tool.isGnu ? `cannot access '${name}': No such file or directory` : `${name}: No such file or directory`,
        );
    }
    if (tool.has('c')) await tool.out(`${shown(total)}\ttotal\n`);
    return tool.status;
  },
};
