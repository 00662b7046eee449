// Help pages in the layout of kubectl's cobra templates.
import type { Terminal } from '../api/program.ts';
import { type Command, type CommandGroup, commandName } from './command.ts';
import type { Flag } from './flags.ts';

const optionsTip = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n';

/** `kubectl` and `kubectl help`. */
export function rootHelp(groups: readonly CommandGroup[], plugins: readonly string[] = []): string {
  const names = groups.flatMap((group) => group.commands.map((command) => command.name));
  const padding = Math.max(11, ...names.map((name) => name.length)) + 3;
  const sections = groups.map((group) => {
    const shown = group.commands.filter((command) => !command.hidden);
    return [group.title, ...shown.map(({ name, short }) => `  ${name.padEnd(padding)}${short}`)].join('\n');
  });
  if (plugins.length > 0) sections.splice(-1, 0, ['Subcommands provided by plugins:', ...plugins].join('\n'));
  return `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

${sections.join('\n\n')}

Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
${optionsTip}`;
}

/** One command's help. `path` is e.g. `kubectl rollout undo`. */
export function commandHelp(command: Command, path: string, terminal?: Terminal): string {
  const parts = [`${(command.long ?? command.short ?? '').trim()}\n\n`];
  if (command.aliases?.length) parts.push(`Aliases:\n${[commandName(command), ...command.aliases].join(', ')}\n\n`);
  if (command.example) parts.push(`Examples:\n${indent(command.example)}\n\n`);
  const children = (command.subcommands ?? []).filter((child) => !child.hidden);
  if (children.length > 0) parts.push(`Available Commands:\n${childLines(children)}\n\n`);
  const flags = (command.flags ?? []).filter((flag) => !flag.hidden && !flag.deprecated);
  if (flags.length > 0) parts.push(`Options:\n${flagUsages(flags, terminal).trimEnd()}\n\n`);
  parts.push(`Usage:\n  ${usageLine(command, path)}\n\n`);
  if (children.length > 0) parts.push(`Use "${path} <command> --help" for more information about a given command.\n`);
  return parts.join('') + optionsTip;
}

/** `kubectl options`. */
export function optionsHelp(flags: readonly Flag[], terminal?: Terminal): string {
  return `The following options can be passed to any command:\n\n${flagUsages(flags, terminal)}`;
}

function usageLine(command: Command, path: string): string {
  const parent = path.split(' ').slice(0, -1).join(' ');
  const line = `${parent} ${command.use}`;
  return line.includes('[options]') ? line : `${line} [options]`;
}

function childLines(children: readonly Command[]): string {
  const padding = Math.max(11, ...children.map((child) => commandName(child).length)) + 3;
  return [...children]
    .sort((a, b) => (commandName(a) < commandName(b) ? -1 : 1))
    .map((child) => `  ${commandName(child).padEnd(padding)}${child.short ?? ''}`)
    .join('\n');
}

function flagUsages(flags: readonly Flag[], terminal: Terminal | undefined): string {
  return [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const shown = flag.type === 'string' ? `'${flag.default}'` : flag.default;
      const letter = flag.shorthand ? `-${flag.shorthand}, ` : '';
      const usage = flag.usage.replaceAll('\n', ' ');
      const lines = terminal ? wrap(usage, Math.max(20, terminal.columns - 10)) : [usage];
      return `    ${letter}--${flag.name}=${shown}:\n${lines.map((line) => `\t${line}\n`).join('')}\n`;
    })
    .join('');
}

function indent(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
