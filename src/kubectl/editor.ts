// The user's editor: $KUBE_EDITOR, $EDITOR or vi, run on a temporary file.
import type { Context } from './context.ts';
import { CommandError } from './errors.ts';
import { runExternal } from './external-program.ts';
import { temporaryFile } from './temporary-files.ts';

export interface EditedFile {
  readonly path: string;
  readonly text: string;
}

/** Lets the user edit a text. Throws what kubectl says when the editor does not start or fails. */
export async function editText(context: Context, text: string, suffix: string): Promise<EditedFile> {
  const { env, machine } = context.process;
  const content = context.flags.bool('windows-line-endings') ? text.replaceAll('\n', '\r\n') : text;
  const path = temporaryFile(context, { prefix: 'kubectl-edit-', suffix, content });
  const editor = env.get('KUBE_EDITOR') || env.get('EDITOR') || 'vi';
  const argv = argumentsOf(editor, path, env.get('SHELL') || '/bin/bash');
  const name = /["'\\]/.test(editor) ? argv.slice(0, 2).concat(editor).join(' ') : editor;
  const ended = await runExternal(context, argv);
  if ('problem' in ended) throw new CommandError(`unable to launch the editor ${JSON.stringify(name)}`);
  if (ended.exitCode !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(name)}`);
  return { path, text: machine.files.readText(path).replaceAll('\r\n', '\n') };
}

/** Words at blanks; what has quotes is left to the shell. */
function argumentsOf(editor: string, path: string, shell: string): readonly string[] {
  if (editor.includes(' ') && /["'\\]/.test(editor)) return [shell, '-c', `${editor} ${JSON.stringify(path)}`];
  return [...editor.split(' '), path];
}
