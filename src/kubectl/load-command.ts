// Loads a command's code when it is first run, or all of them for when they can no longer be had.
import type { LoadCode } from '../api/program.ts';
import type { Command, CommandEntry } from './command.ts';
import { commandEntries } from './commands.ts';

const loaded = new Map<string, Command>();

export async function loadCommand(entry: CommandEntry, loadCode: LoadCode): Promise<Command> {
  const known = loaded.get(entry.name);
  if (known) return known;
  const command = await loadCode(entry.load);
  loaded.set(entry.name, command);
  return command;
}

/** After this no command loads anything any more. */
export async function loadAllCommands(): Promise<void> {
  for (const entry of commandEntries) await loadCommand(entry, (load) => load());
}
