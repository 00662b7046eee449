// awk, as a program.
import { FileError } from '../../../base/files.ts';
import { AwkError } from '../../awk/ast.ts';
import { parseAwk } from '../../awk/parser.ts';
import { AwkRun } from '../../awk/run.ts';
import { expandEscapes } from '../../text/printf.ts';
import { RegexLimit } from '../../text/regex.ts';
import { RegexError } from '../../text/regex-syntax.ts';
import { type Tool, type ToolDefinition, ToolError } from '../tool.ts';

async function run(tool: Tool): Promise<number> {
  const variables = new Map<string, string>();
  const separator = tool.value('F');
  if (separator !== undefined) variables.set('FS', separator === 't' ? '\t' : expandEscapes(separator).text);
  for (const assignment of tool.values('v')) {
    const at = assignment.indexOf('=');
    if (at < 1) throw new ToolError(`\`${assignment}' argument to \`-v' not in \`var=value' form`, 2);
    variables.set(assignment.slice(0, at), expandEscapes(assignment.slice(at + 1)).text);
  }
  const file = tool.value('f');
  const [first, ...others] = tool.operands;
  if (file === undefined && first === undefined)
    throw new ToolError('usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]', 2);
  const source = file === undefined ? (first ?? '') : tool.files.readText(tool.path(file));
  const names = file === undefined ? others : tool.operands;
  try {
    return await execute(tool, { source, names, variables });
  } catch (error) {
    if (error instanceof AwkError || error instanceof RegexError || error instanceof RegexLimit)
      throw new ToolError(error.message, 2);
    throw error;
  }
}

interface Execution {
  readonly source: string;
  readonly names: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
}

function execute(tool: Tool, { source, names, variables }: Execution): Promise<number> {
  const lines = readLines(tool, names);
  const opened = new Set<string>();
  const program = new AwkRun(
    parseAwk(source),
    {
      async nextLine() {
        const next = await lines.next();
        return next.done ? undefined : next.value;
      },
      async print(text, target) {
        if (!target || target.file === '/dev/stdout') return tool.out(text);
        if (target.file === '/dev/stderr') return tool.process.stderr.write(text);
        tool.files.writeFile(tool.path(target.file), text, {
          append: target.operator === '>>' || opened.has(target.file),
        });
        opened.add(target.file);
      },
      fileName: () => names[0] ?? '',
      step: () => tool.process.step(4),
    },
    variables,
  );
  return program.run();
}

async function* readLines(tool: Tool, names: readonly string[]): AsyncGenerator<string> {
  try {
    for await (const { text } of tool.lines(names)) yield text;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new ToolError(`cannot open "${error.path}" (${error.message})`, 2);
  }
}

const definition = { short: '+F:v:f:', run };
export const awk: ToolDefinition = { name: 'awk', ...definition };
export const gawk: ToolDefinition = { name: 'gawk', ...definition };
