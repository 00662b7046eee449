// A round of editing: objects as text, the editor, what the user changed; again when the server finds it invalid.
import { objectAt, textAt } from '../base/fields.ts';
import { equal, type JsonObject } from '../base/json.ts';
import type { Context } from './context.ts';
import { editText } from './editor.ts';
import { asError, CommandError, ExitError, isInvalid, isNotFound, StatusError } from './errors.ts';
import { formatJson } from './print/json.ts';
import { withoutManagedFields } from './print/printer.ts';
import { formatYaml } from './print/yaml.ts';
import { decodeManifests } from './resource/decode.ts';
import { groupResource, isListObject, type LoadedInfo, namesOf } from './resource/info.ts';

export interface EditPlan {
  /** Comment lines above the objects. */
  readonly header: string;
  readonly format: 'yaml' | 'json';
  /** Does what was edited. May throw the server's refusal. */
  save(before: LoadedInfo, after: JsonObject): Promise<void>;
  /** Says that an object was left as it is. */
  skip(before: LoadedInfo): void;
}

export const editHeader = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

const roundsMax = 100;

export async function editObjects(context: Context, infos: readonly LoadedInfo[], plan: EditPlan): Promise<void> {
  const shown = infos.map((info) => withoutManagedFields(info.object));
  const [only] = shown;
  const object = shown.length === 1 && only ? only : { apiVersion: 'v1', items: shown, kind: 'List', metadata: {} };
  const original = format(object, plan.format);
  const header = plan.format === 'yaml' ? plan.header : '';
  let text = original;
  let problems = '';
  for (let round = 0; round < roundsMax; round++) {
    const file = await editText(context, header + problems + text, `.${plan.format}`);
    const edited = withoutComments(file.text);
    if (problems !== '' && edited === withoutComments(text)) {
      throw keep(context, file.path, new CommandError('Edit cancelled, no valid changes were saved.'));
    }
    const invalid = validationProblem(context, edited);
    if (invalid !== undefined) {
      context.process.machine.files.remove(file.path);
      text = edited;
      problems = invalidEdit(context, infos[0], invalid);
      continue;
    }
    if (edited === withoutComments(original)) return cancel(context, file.path, 'no changes made.');
    if (edited.trim() === '') return cancel(context, file.path, 'saved file was empty.');
    text = edited;
    const result = await saveAll(context, { infos, plan, text: edited, path: file.path });
    if (result === '') {
      context.process.machine.files.remove(file.path);
      return;
    }
    context.process.machine.files.remove(file.path);
    problems = result;
  }
}

function cancel(context: Context, path: string, why: string): void {
  context.process.machine.files.remove(path);
  context.err(`Edit cancelled, ${why}\n`);
}

function keep(context: Context, path: string, error: unknown): unknown {
  context.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
  return error;
}

interface Round {
  readonly infos: readonly LoadedInfo[];
  readonly plan: EditPlan;
  readonly text: string;
  readonly path: string;
}

/** Saves every object; what is wrong with them as comment lines for the next round, empty when all is well. */
async function saveAll(context: Context, { infos, plan, text, path }: Round): Promise<string> {
  const parsed = parse(text);
  if ('problem' in parsed) return comment(`The edited file had a syntax error: ${parsed.problem}`, []);
  let reasons = '';
  let retry = false;
  let missing = false;
  for (const after of parsed.objects) {
    const before = originalOf(infos, after);
    if (!before) throw keep(context, path, new CommandError(`no original object found for ${namesOf(after).name}`));
    if (equal(withoutManagedFields(before.object), after)) {
      plan.skip(before);
      continue;
    }
    const ns = namesOf(after).ns;
    if (before.resource.namespaced && ns !== '' && ns !== before.ns)
      throw keep(context, path, otherNamespace(ns, before.ns));
    try {
      await plan.save(before, after);
    } catch (thrown) {
      const error = asError(thrown);
      const title = `${groupResource(before.resource)} ${JSON.stringify(before.name)}`;
      if (!(error instanceof StatusError)) throw keep(context, path, error);
      if (isInvalid(error)) {
        const causes = error.status.details?.causes ?? [];
        reasons += comment(
          `${title} was not valid`,
          causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`),
        );
        context.err(`error: ${title} is invalid\n`);
      } else if (isNotFound(error)) {
        missing = true;
        context.err(`error: ${title} could not be found on the server\n`);
      } else {
        retry = true;
        context.err(`error: ${title} could not be patched: ${error.message}\n`);
      }
    }
  }
  if (retry) context.err(`You can run \`kubectl replace -f ${path}\` to try this update again.\n`);
  else if (missing) context.err(`The edits you made on deleted resources have been saved to ${JSON.stringify(path)}\n`);
  if (retry || missing) throw new ExitError(1);
  return reasons;
}

/** What client-side validation says of an edited text. */
function validationProblem({ flags }: Context, text: string): string | undefined {
  if (flags.has('validate') && ['false', 'ignore'].includes(flags.string('validate'))) return undefined;
  if (text.trim() === '') return 'invalid object to validate';
  for (const decoded of decodeManifests(text, 'edited-file', { validate: true }))
    if ('error' in decoded) {
      const [, why = decoded.error.message] =
        /error validating data: (.*); if you choose/s.exec(decoded.error.message) ?? [];
      return why;
    }
  return undefined;
}

/** Tells it, and what the next round begins with. */
function invalidEdit(context: Context, info: LoadedInfo | undefined, why: string): string {
  const title = info ? `${groupResource(info.resource)} ${JSON.stringify(info.name)}` : '';
  context.err(`error: ${title} is invalid\n`);
  return comment(`${title} was not valid`, [`<nil>: Invalid value: "The edited file failed validation": ${why}`]);
}

function otherNamespace(given: string, own: string): CommandError {
  return new CommandError(
    `the namespace from the provided object "${given}" does not match the namespace "${own}". You must pass '--namespace=${given}' to perform this operation.`,
  );
}

function originalOf(infos: readonly LoadedInfo[], after: JsonObject): LoadedInfo | undefined {
  const uid = textAt(after, 'metadata.uid');
  return infos.find((info) => textAt(info.object, 'metadata.uid') === uid);
}

function parse(text: string): { readonly objects: readonly JsonObject[] } | { readonly problem: string } {
  const objects: JsonObject[] = [];
  for (const decoded of decodeManifests(text, 'edited-file')) {
    if ('error' in decoded) return { problem: decoded.error.message };
    const { object } = decoded;
    if (isListObject(object)) {
      for (const item of Array.isArray(object.items) ? object.items : []) objects.push(item);
    } else objects.push(object);
  }
  return { objects };
}

function comment(head: string, lines: readonly string[]): string {
  const hash = (text: string) => text.replace(/\n(?!#)/g, '\n# ');
  return `# ${hash(head)}${lines.length > 0 ? ':' : ''}\n${lines.map((line) => `# * ${hash(line)}\n`).join('')}#\n`;
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
}

function format(object: JsonObject, kind: 'yaml' | 'json'): string {
  return kind === 'yaml' ? formatYaml(object) : `${formatJson(object, { sorted: true })}\n`;
}

/** Whether an edit changed what names the object. */
export function changesIdentity(before: JsonObject, after: JsonObject): boolean {
  const [old, next] = [namesOf(before), namesOf(after)];
  return (
    old.apiVersion !== next.apiVersion ||
    old.kind !== next.kind ||
    old.name !== next.name ||
    !equal(objectAt(before, 'metadata')?.managedFields, objectAt(after, 'metadata')?.managedFields)
  );
}
