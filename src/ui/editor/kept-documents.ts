// Keeps what is written and not yet applied: it comes back with its world when the page is opened again.
import { type EditedDocument, useEditor } from '../state/editor-store.ts';
import { type KeptDocument, keep, kept } from '../state/kept-with-world.ts';
import { useSession } from '../state/session-store.ts';

const keepAfterMs = 300;
const textMax = 400_000;

/** Brings back what an earlier visit left, and keeps what this one writes. Returns how to stop. */
export function keepDocuments(): () => void {
  const { worldKey, restored, fresh } = useSession.getState();
  if (worldKey === undefined) return () => {};
  let timer = 0;
  let stopped = false;
  let unsubscribe = (): void => {};
  const keepNow = (): void => {
    timer = 0;
    void keep('documents', worldKey, useEditor.getState().documents.filter(isWorthKeeping).map(kernel));
  };
  const begin = async (): Promise<void> => {
    const before = restored ? await kept('documents', worldKey) : undefined;
    if (stopped) return;
    if (before) bringBack(before);
    unsubscribe = useEditor.subscribe(() => {
      timer ||= window.setTimeout(keepNow, keepAfterMs);
    });
    if (fresh) keepNow(); // nothing of the world before it
  };
  void begin();
  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
  };
}

function bringBack(documents: readonly KeptDocument[]): void {
  const open = useEditor.getState().documents;
  const back = documents
    .filter(({ id }) => !open.some((one) => one.id === id))
    .map((one): EditedDocument => ({ ...one, note: undefined, theirs: undefined }));
  const all = [...back, ...open];
  useEditor.setState({ documents: all, shown: useEditor.getState().shown ?? all.at(-1)?.id });
}

function isWorthKeeping({ origin, text, saved }: EditedDocument): boolean {
  return text.length <= textMax && (origin.kind === 'draft' || text !== saved);
}

/** No program waits for a file any more once the page is opened again. */
function kernel({ id, title, origin, text, saved }: EditedDocument): KeptDocument {
  return { id, title, origin: origin.kind === 'file' ? { ...origin, awaited: false } : origin, text, saved };
}
