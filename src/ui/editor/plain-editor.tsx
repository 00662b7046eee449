// A text field for YAML, for phones: Tab indents, Enter keeps the indentation.
import { type KeyboardEvent, useRef } from 'react';
import { changeDocument, type EditedDocument } from '../state/editor-store.ts';
import { finish, saveDocument } from './commands.ts';

export function PlainEditor({ document: { id, title, text, theirs } }: { readonly document: EditedDocument }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { key, ctrlKey, metaKey, shiftKey } = event;
    const { selectionStart, value } = event.currentTarget;
    if ((ctrlKey || metaKey) && key === 'Enter') void finish(id);
    else if ((ctrlKey || metaKey) && key === 's') void saveDocument(id);
    else if (key === 'Tab' && !shiftKey) put(event.currentTarget, '  ');
    else if (key === 'Enter') put(event.currentTarget, `\n${indentAt(value, selectionStart)}`);
    else return;
    event.preventDefault();
  };
  /** Typed, not set: the browser's undo knows of it. */
  const put = (target: HTMLTextAreaElement, typed: string): void => {
    const { selectionStart, selectionEnd } = target;
    target.setRangeText(typed, selectionStart, selectionEnd, 'end');
    changeDocument(id, { text: target.value });
  };
  return (
    <>
      {theirs !== undefined && (
        <textarea className="plain-editor" aria-label="What the cluster has" readOnly value={theirs} />
      )}
      <textarea
        ref={field}
        className="plain-editor"
        aria-label={`YAML of ${title}`}
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        onChange={({ target }) => changeDocument(id, { text: target.value, note: undefined })}
        onKeyDown={pressed}
      />
    </>
  );
}

/** The blanks that the next line begins with: two more behind a colon. */
export function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const [blanks = ''] = /^\s*/.exec(line) ?? [];
  return line.trimEnd().endsWith(':') ? `${blanks}  ` : blanks;
}
