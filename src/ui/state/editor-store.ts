// What is open in the editor: files of the learner, objects of the cluster, and drafts that are neither yet.
import { create } from 'zustand';
import type { KubeRequest } from '../../api/ports.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { emitYaml } from '../../base/yaml-emit.ts';
import type { RemoteFiles } from '../../worker/page-side.ts';
import { useSession } from './session-store.ts';
import { useView } from './view-store.ts';

export type Origin =
  | { readonly kind: 'draft' }
  /** `awaited`: a program goes on once it is closed. */
  | { readonly kind: 'file'; readonly path: string; readonly awaited: boolean }
  /** `path`: of the API, e.g. `/api/v1/namespaces/default/pods/web`. */
  | { readonly kind: 'object'; readonly path: string };

export interface EditedDocument {
  readonly id: string;
  readonly title: string;
  readonly origin: Origin;
  readonly text: string;
  /** As it was last read, saved or applied. */
  readonly saved: string;
  /** What has become of the last command. */
  readonly note: Note | undefined;
  /** Somebody else has changed the object meanwhile: what the cluster has. */
  readonly theirs: string | undefined;
}

export interface Note {
  readonly kind: 'done' | 'problem';
  readonly text: string;
}

export interface Editor {
  readonly documents: readonly EditedDocument[];
  readonly shown: string | undefined;
}

export const useEditor = create<Editor>(() => ({ documents: [], shown: undefined }));

const documentsMax = 20;
const draftText = 'apiVersion: v1\nkind: \n';

export function openDraft(text = draftText): void {
  const { documents } = useEditor.getState();
  let number = 1;
  while (documents.some(({ id }) => id === `draft-${number}`)) number++;
  add({
    id: `draft-${number}`,
    title: number === 1 ? 'new.yaml' : `new-${number}.yaml`,
    origin: { kind: 'draft' },
    text,
  });
}

export async function openFile(path: string, awaited = false): Promise<void> {
  const files = learnerFiles();
  if (!files) return;
  const title = path.slice(path.lastIndexOf('/') + 1);
  add({ id: `file:${path}`, title, origin: { kind: 'file', path, awaited }, text: await files.read(path) });
}

export async function openObject(path: string): Promise<void> {
  const object = await readObject(path);
  if (object)
    add({ id: `object:${path}`, title: titleOf(object), origin: { kind: 'object', path }, text: yamlOf(object) });
}

export function showDocument(id: string): void {
  useEditor.setState({ shown: id });
}

export function changeDocument(id: string, change: Partial<EditedDocument>): void {
  const documents = useEditor.getState().documents.map((one) => (one.id === id ? { ...one, ...change } : one));
  useEditor.setState({ documents });
}

export function closeDocument(id: string): void {
  const { documents, shown } = useEditor.getState();
  const closed = documents.find((one) => one.id === id);
  const left = documents.filter((one) => one.id !== id);
  useEditor.setState({ documents: left, shown: shown === id ? left.at(-1)?.id : shown });
  if (closed?.origin.kind === 'file') learnerFiles()?.close(closed.origin.path);
}

/** An object of the cluster as it is now; undefined when there is none. */
export async function readObject(path: string): Promise<JsonObject | undefined> {
  const request: KubeRequest = { method: 'GET', path, headers: { 'user-agent': 'page', accept: 'application/json' } };
  const reply = await useSession.getState().session?.kube.request(request);
  return reply?.status === 200 && reply.body.kind === 'json' && isObject(reply.body.value)
    ? reply.body.value
    : undefined;
}

/** Without the notes of who manages which field: nobody edits them by hand. */
export function yamlOf(object: JsonObject): string {
  const { managedFields: _, ...metadata } = isObject(object.metadata) ? object.metadata : {};
  return emitYaml({ ...object, metadata });
}

let opened: { readonly session: unknown; readonly files: RemoteFiles } | undefined;

/** The learner's files, once there is a session. */
export function learnerFiles(): RemoteFiles | undefined {
  const { session } = useSession.getState();
  if (session && opened?.session !== session)
    opened = { session, files: session.openFiles((path) => void openFile(path, true)) };
  return opened?.files;
}

function titleOf(object: JsonObject): string {
  const name = isObject(object.metadata) ? object.metadata.name : undefined;
  return `${String(object.kind).toLowerCase()}/${String(name)}`;
}

function add(fresh: Pick<EditedDocument, 'id' | 'title' | 'origin' | 'text'>): void {
  const { documents } = useEditor.getState();
  const known = documents.find(({ id }) => id === fresh.id);
  // What the learner has changed and not yet applied stays, unless a program asks for the file.
  const dirty = known && known.text !== known.saved && !(fresh.origin.kind === 'file' && fresh.origin.awaited);
  const opened_ = dirty ? known : { ...fresh, saved: fresh.text, note: undefined, theirs: undefined };
  const others = documents.filter(({ id }) => id !== fresh.id);
  useEditor.setState({ documents: [...others.slice(-documentsMax), opened_], shown: fresh.id });
  useView.getState().openPane('editor');
}
