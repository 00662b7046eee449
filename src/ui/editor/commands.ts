// What the editor's buttons and keys do with the document that shows.
import {
  changeDocument,
  closeDocument,
  type EditedDocument,
  learnerFiles,
  openFile,
  readObject,
  useEditor,
  yamlOf,
} from '../state/editor-store.ts';
import { useSession } from '../state/session-store.ts';
import { focusTerminal } from '../state/terminal-access.ts';
import { useView } from '../state/view-store.ts';
import { applyText, type Outcome, updateObject } from './apply.ts';
import { type Merged, mergeLines } from './merge-lines.ts';

/** The one thing that Ctrl-Enter does: the cluster gets it, or the program that waits for the file. */
export async function finish(id: string, force = false): Promise<void> {
  const document = find(id);
  if (!document) return;
  if (document.origin.kind === 'file' && document.origin.awaited) {
    if (!(await saveFile(document, document.origin.path))) return;
    closeDocument(id);
    if (useEditor.getState().documents.length === 0) useView.getState().closePanes(['editor']);
    focusTerminal();
    return;
  }
  const { session } = useSession.getState();
  if (!session) return;
  if (document.origin.kind === 'file' && !(await saveFile(document, document.origin.path))) return;
  const { origin, text } = document;
  try {
    const outcome =
      origin.kind === 'object'
        ? await updateObject(session.kube, origin.path, text)
        : await applyText(session.kube, text, force);
    if (outcome.kind === 'conflict' && origin.kind === 'object' && (await overtake(document, origin.path))) return;
    await show(document, outcome);
  } catch (error) {
    complain(id, error);
  }
}

/** Ctrl-S: a draft becomes a file in the learner's home. */
export async function saveDocument(id: string): Promise<void> {
  const document = find(id);
  if (!document || document.origin.kind === 'object') return;
  const path = document.origin.kind === 'file' ? document.origin.path : `/home/learner/${document.title}`;
  if (!(await saveFile(document, path)) || document.origin.kind === 'file') return;
  closeDocument(id);
  await openFile(path);
}

/** Puts the learner's text over what the cluster has now. */
export async function overwrite(id: string): Promise<void> {
  const document = find(id);
  if (document?.origin.kind !== 'object') return;
  const current = await readObject(document.origin.path);
  const rv = /resourceVersion: "?(\d+)"?/.exec(current ? yamlOf(current) : '')?.[1];
  if (rv === undefined) return complain(id, new Error('It no longer exists.'));
  const text = document.text.replace(/resourceVersion: "?\d+"?/, `resourceVersion: "${rv}"`);
  changeDocument(id, { text, theirs: undefined });
  await finish(id);
}

/** Takes what either side has changed, to look at it before it is applied. */
export function mergeBoth({ id, saved, text, theirs }: EditedDocument): void {
  if (theirs === undefined) return;
  const merged = mergeLines(saved, text, theirs);
  const note = { kind: 'done', text: mergedWords(merged) } as const;
  changeDocument(id, { text: merged.text, saved: theirs, theirs: undefined, note });
}

function mergedWords({ overlaps }: Merged): string {
  const look = 'Apply when it looks right.';
  if (overlaps === 0) return `Both changes are in. ${look}`;
  if (overlaps === 1) return `One place that both have changed is as you wrote it. ${look}`;
  return `${overlaps} places that both have changed are as you wrote them. ${look}`;
}

/** Gives up the learner's changes. */
export function takeTheirs({ id, theirs }: EditedDocument): void {
  if (theirs !== undefined) changeDocument(id, { text: theirs, saved: theirs, theirs: undefined, note: undefined });
}

/**
 * Controllers write what nobody edits by hand: status and counters. When nothing else has changed, the learner's change
 * goes on top of it, unasked. True: it did.
 */
async function overtake({ id, saved, text }: EditedDocument, path: string): Promise<boolean> {
  const current = await readObject(path);
  const theirs = current ? yamlOf(current) : '';
  if (theirs === '' || withoutBookkeeping(theirs) !== withoutBookkeeping(saved)) return false;
  const merged = mergeLines(saved, text, theirs);
  if (merged.overlaps > 0) return false;
  changeDocument(id, { text: merged.text, saved: theirs });
  await finish(id);
  return true;
}

/** An object's YAML without its status, and without what counts its changes. */
function withoutBookkeeping(yaml: string): string {
  return yaml.replace(/^status:(?:\n .*|\n-.*)*$/m, '').replace(/^ {2}(?:resourceVersion|generation): .*$/gm, '');
}

async function show({ id, origin, text }: EditedDocument, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'done') {
    changeDocument(id, { saved: text, note: { kind: 'done', text: outcome.text } });
    const applied = origin.kind === 'object' && (await readObject(origin.path));
    if (applied && find(id)?.text === text) changeDocument(id, { text: yamlOf(applied), saved: yamlOf(applied) });
    return;
  }
  const current = outcome.kind === 'conflict' && origin.kind === 'object' && (await readObject(origin.path));
  changeDocument(id, {
    note: { kind: 'problem', text: outcome.text },
    theirs: current ? yamlOf(current) : undefined,
  });
}

async function saveFile({ id, text }: EditedDocument, path: string): Promise<boolean> {
  try {
    await learnerFiles()?.write(path, text);
    changeDocument(id, { saved: text, note: { kind: 'done', text: `saved ${path}` } });
    return true;
  } catch (error) {
    complain(id, error);
    return false;
  }
}

function complain(id: string, error: unknown): void {
  changeDocument(id, { note: { kind: 'problem', text: error instanceof Error ? error.message : String(error) } });
}

function find(id: string): EditedDocument | undefined {
  return useEditor.getState().documents.find((one) => one.id === id);
}
