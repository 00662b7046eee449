// The editor: documents in tabs, the text of one, and what becomes of it. Phones get a plain text field.
import { useEffect, useState } from 'react';
import { IconButton } from '../frame/icon-button.tsx';
import { loaded } from '../frame/loaded.tsx';
import { useMedia } from '../frame/use-media.ts';
import {
  changeDocument,
  closeDocument,
  type EditedDocument,
  learnerFiles,
  openDraft,
  openFile,
  showDocument,
  useEditor,
} from '../state/editor-store.ts';
import { useSession } from '../state/session-store.ts';
import { finish, mergeBoth, overwrite, saveDocument, takeTheirs } from './commands.ts';
import './editor.css';
import { PlainEditor } from './plain-editor.tsx';

const CodeEditor = loaded(() => import('./code-editor.tsx'));

export default function EditorPane() {
  const { documents, shown } = useEditor();
  const phone = useMedia('(max-width: 767px), (pointer: coarse) and (max-width: 1024px)');
  const document = documents.find(({ id }) => id === shown);
  return (
    <div className="editor">
      <Bar documents={documents} shown={document} />
      {document ? (
        <>
          <div className="editor-text">
            {phone ? <PlainEditor key={document.id} document={document} /> : <CodeEditor document={document} />}
          </div>
          <Actions document={document} phone={phone} />
        </>
      ) : (
        <Empty />
      )}
    </div>
  );
}

function Bar({
  documents,
  shown,
}: {
  readonly documents: readonly EditedDocument[];
  readonly shown: EditedDocument | undefined;
}) {
  if (documents.length === 0) return null;
  return (
    <header className="editor-bar">
      <select
        className="choice"
        aria-label="Document"
        value={shown?.id}
        onChange={({ target }) => showDocument(target.value)}
      >
        {documents.map(({ id, title, text, saved }) => (
          <option key={id} value={id}>
            {title}
            {text === saved ? '' : ' •'}
          </option>
        ))}
      </select>
      <FilePicker />
      <IconButton icon="plus" label="New YAML" onClick={() => openDraft()} />
      {shown && (
        <IconButton
          icon="close"
          label={`Close ${shown.title}`}
          title="Close this document"
          onClick={() => closeDocument(shown.id)}
        />
      )}
    </header>
  );
}

/** The learner's files; looked at again each time it gets the focus. */
function FilePicker() {
  const session = useSession(({ session: found }) => found);
  const [paths, setPaths] = useState<readonly string[]>([]);
  const look = (): void => {
    learnerFiles()
      ?.list()
      .then(setPaths, () => {});
  };
  useEffect(look, [session]);
  return (
    <select
      className="choice"
      aria-label="Open a file"
      value=""
      onFocus={look}
      onChange={({ target }) => openFile(target.value).catch(() => look())}
    >
      <option value="" disabled>
        Open a file…
      </option>
      {paths.map((path) => (
        <option key={path} value={path}>
          {path.replace('/home/learner/', '~/')}
        </option>
      ))}
    </select>
  );
}

function Actions({ document, phone }: { readonly document: EditedDocument; readonly phone: boolean }) {
  const { id, origin, note, text, saved, theirs } = document;
  const awaited = origin.kind === 'file' && origin.awaited;
  if (theirs !== undefined)
    return (
      <footer className="editor-actions" role="alert">
        <p>
          <span className="problem">{note?.text}</span>
          {phone
            ? 'Above is what the cluster has, below is yours.'
            : 'Lines with − are the cluster’s, those with + yours.'}
        </p>
        <button type="button" className="button primary" onClick={() => mergeBoth(document)}>
          Merge both
        </button>
        <button type="button" className="button" onClick={() => overwrite(id)}>
          Keep mine
        </button>
        <button type="button" className="button" onClick={() => takeTheirs(document)}>
          Take theirs
        </button>
      </footer>
    );
  return (
    <footer className="editor-actions">
      <button type="button" className="button primary" title="Ctrl Enter" onClick={() => finish(id)}>
        {awaited ? 'Save and close' : 'Apply'}
      </button>
      {origin.kind !== 'object' && !awaited && (
        <button
          type="button"
          className="button"
          title="Ctrl S"
          disabled={origin.kind === 'file' && text === saved}
          onClick={() => saveDocument(id)}
        >
          Save
        </button>
      )}
      {note?.kind === 'problem' && /conflict/i.test(note.text) && origin.kind !== 'object' && (
        <button type="button" className="button" onClick={() => finish(id, true)}>
          Apply anyway
        </button>
      )}
      <p className={note?.kind} role="status">
        {note?.text}
      </p>
      {text !== saved && origin.kind === 'object' && (
        <button type="button" className="button" onClick={() => changeDocument(id, { text: saved, note: undefined })}>
          Undo all
        </button>
      )}
    </footer>
  );
}

function Empty() {
  return (
    <div className="empty">
      <p>
        Write an object in YAML and apply it with Ctrl Enter. A file opens from here or with <code>code FILE</code> in
        the terminal; an object with <code>kubectl edit</code>, or from the inspector.
      </p>
      <p className="editor-start">
        <button type="button" className="button primary" onClick={() => openDraft()}>
          New YAML
        </button>
        <FilePicker />
      </p>
    </div>
  );
}
