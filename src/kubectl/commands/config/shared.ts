// What config's subcommands have in common: the files of this call, and help before an error about arguments.
import { encodeBase64 } from '../../../base/bytes.ts';
import { normalizePath } from '../../../base/files.ts';
import type { JsonObject } from '../../../base/json.ts';
import { type Command, commandName } from '../../command.ts';
import { ConfigStore } from '../../config/store.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { commandHelp } from '../../help.ts';

export function storeOf(context: Context): ConfigStore {
  return new ConfigStore(context.process, context.flags.string('kubeconfig'));
}

/** Shows the command's help and then fails, as config's commands do on wrong arguments. */
export function failWithHelp(context: Context, command: Command, message: string): never {
  context.out(commandHelp(command, `kubectl config ${commandName(command)}`, context.process.terminal));
  throw new CommandError(message);
}

/** `Unexpected args: [a b]` unless there are as many as wanted. */
export function checkCount(context: Context, command: Command, wanted: number): void {
  if (context.args.length !== wanted) failWithHelp(context, command, `Unexpected args: [${context.args.join(' ')}]`);
}

/**
 * What a flag's certificate file means for an entry: its path, or with --embed-certs its content. Undefined where the
 * flag is absent.
 */
export function certificateFile({ flags, process }: Context, key: string): JsonObject | undefined {
  const written = flags.string(key);
  if (written === '') return undefined;
  const path = normalizePath(written, process.cwd);
  if (!flags.bool('embed-certs')) return { [key]: path };
  const { files } = process.machine;
  if (!files.exists(path))
    throw new CommandError(`could not stat ${key} file ${written}: stat ${written}: no such file or directory`);
  return { [`${key}-data`]: encodeBase64(files.readFile(path)) };
}

/** `NAME` and one name a line. */
export function nameList(names: Iterable<string>): string {
  return ['NAME', ...[...names].sort()].map((name) => `${name}\n`).join('');
}
