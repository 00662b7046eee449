// Loads a command's code when it is first run, or all of them at once for a world in which loading must take no time.
import type { Command, CommandEntry } from './command.ts';
import { commandEntries } from './commands.ts';

const loaded = new Map<string, Command>();

export async function loadCommand(entry: CommandEntry): Promise<Command> {
  const known = loaded.get(entry.name);
  if (known) return known;
  const command = await entry.load();
  loaded.set(entry.name, command);
  return command;
}

/** After this no command loads anything any more. */
export async function loadAllCommands(): Promise<void> {
  await Promise.all(commandEntries.map(loadCommand));
}
