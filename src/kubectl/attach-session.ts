// Attaches to a running container: what `kubectl attach`, `run -i` and `debug -i` say before and after, and the terminal.
import { flagAt, objectsAt, textAt } from '../base/fields.ts';
import type { JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { DetachableInput, parseDetachKeys } from './detach-keys.ts';
import { CommandError } from './errors.ts';
import { flag } from './flags.ts';
import { runRemote } from './remote-streams.ts';

const defaultDetachKeys = 'ctrl-p,ctrl-q';

export const detachKeysFlag = flag.string('detach-keys', 'The keys that leave the container without ending it.', {
  default: defaultDetachKeys,
});

const recordedNotice = `All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.
If you don't see a command prompt, try pressing enter.
`;

/** Reads the flags stdin, tty, quiet and, where the command has it, detach-keys. */
export async function attachSession(context: Context, pod: JsonObject, container: string): Promise<void> {
  const { flags } = context;
  const stdin = flags.bool('stdin');
  const tty = terminalWanted(context, containerHasTty(context, pod, container));
  const keys = (flags.has('detach-keys') && flags.string('detach-keys')) || defaultDetachKeys;
  if (!flags.bool('quiet')) context.err(recordedNotice);
  const input = tty ? new DetachableInput(context.process.stdin, detachKeys(keys)) : context.process.stdin;
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  await runRemote(context, { subresource: 'attach', ns, pod: name, container, stdin, tty, input });
  if (tty && !flags.bool('quiet')) context.out(sessionEnded(pod, container));
}

/** Whether a terminal joins the session. Says so where the user wants one and there is none. */
export function terminalWanted(context: Context, asked: boolean): boolean {
  const { flags, process } = context;
  if (!asked || !flags.bool('stdin')) return false;
  if (process.terminal) return true;
  if (!flags.bool('quiet')) context.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
  return false;
}

function containerHasTty(context: Context, pod: JsonObject, container: string): boolean {
  const declared = containersOf(pod).find((item) => textAt(item, 'name') === container);
  if (flagAt(declared, 'tty')) return true;
  if (context.flags.bool('tty') && !context.flags.bool('quiet')) {
    context.err(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  }
  return false;
}

function containersOf(pod: JsonObject): readonly JsonObject[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => objectsAt(pod, `spec.${list}`));
}

function detachKeys(text: string): readonly number[] {
  const keys = parseDetachKeys(text);
  if (!keys) throw new CommandError(`could not bind detach keys: Unknown character: '${text}'`);
  return keys;
}

function sessionEnded(pod: JsonObject, container: string): string {
  const [ns, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
  const command = `'kubectl attach ${name} -c ${container} -n ${ns} -i -t'`;
  const ephemeral = objectsAt(pod, 'spec.ephemeralContainers').some((item) => textAt(item, 'name') === container);
  if (!ephemeral) return `Session ended, resume using ${command} command\n`;
  return `Session ended, the ephemeral container will not be restarted but may be reattached using ${command} if it is still running\n`;
}
