// Monaco in its pane: one editor, a model a document, and a diff while the cluster has something else.
import { useEffect, useRef } from 'react';
import { changeDocument, type EditedDocument, useEditor } from '../state/editor-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { finish, saveDocument } from './commands.ts';
import { followSchemas, monaco, useTheme } from './monaco.ts';

const look = {
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSize: 12,
  lineHeight: 18,
  minimap: { enabled: false },
  automaticLayout: true,
  scrollBeyondLastLine: false,
  tabSize: 2,
  insertSpaces: true,
  renderLineHighlight: 'line',
  lineNumbersMinChars: 3,
  folding: true,
  fixedOverflowWidgets: true,
  quickSuggestions: { other: true, comments: false, strings: true },
} as const;

export default function CodeEditor({ document }: { readonly document: EditedDocument }) {
  const theme = useView((view) => view.theme);
  const session = useSession(({ session: found }) => found);
  useEffect(() => useTheme(theme), [theme]);
  useEffect(() => {
    if (session) followSchemas(session.kube).catch(() => {}); // without an answer the editor is plain
  }, [session]);
  return document.theirs === undefined ? (
    <Single document={document} />
  ) : (
    <Difference document={document} theirs={document.theirs} />
  );
}

function Single({ document: { id, title, text } }: { readonly document: EditedDocument }) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<ReturnType<typeof monaco.editor.create>>(undefined);
  useEffect(() => {
    if (!place.current) return;
    const made = monaco.editor.create(place.current, { ...look, model: null });
    editor.current = made;
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => run(finish));
    made.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, () => run(saveDocument));
    return () => made.dispose();
  }, []);
  useEffect(() => {
    const made = editor.current;
    if (!made) return;
    const model = modelOf(id);
    made.setModel(model);
    made.updateOptions({ ariaLabel: `YAML of ${title}. Ctrl M lets Tab leave the editor.` });
    made.focus();
    const listening = model.onDidChangeContent(() => edited(id, model.getValue()));
    return () => listening.dispose();
  }, [id, title]);
  useEffect(() => {
    const model = modelOf(id);
    if (model.getValue() !== text) model.setValue(text);
  }, [id, text]);
  return <div className="code-editor" ref={place} />;
}

function Difference({ document: { id }, theirs }: { readonly document: EditedDocument; readonly theirs: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const original = monaco.editor.createModel(theirs, 'yaml');
    const made = monaco.editor.createDiffEditor(place.current, {
      ...look,
      useInlineViewWhenSpaceIsLimited: true,
      renderOverviewRuler: false,
    });
    const modified = modelOf(id);
    made.setModel({ original, modified });
    const listening = modified.onDidChangeContent(() => changeDocument(id, { text: modified.getValue() }));
    return () => {
      listening.dispose();
      made.dispose();
      original.dispose();
    };
  }, [id, theirs]);
  return <div className="code-editor" ref={place} />;
}

/** What the page itself has put into the editor is no edit. */
function edited(id: string, text: string): void {
  const document = useEditor.getState().documents.find((one) => one.id === id);
  if (document && document.text !== text) changeDocument(id, { text, note: undefined });
}

function run(command: (id: string) => Promise<void>): void {
  const { shown } = useEditor.getState();
  if (shown !== undefined) void command(shown);
}

/** The model of a document; those of closed documents go. */
function modelOf(id: string) {
  const { documents } = useEditor.getState();
  const address = (one: EditedDocument) => monaco.Uri.from({ scheme: 'file', path: `/${one.id}/${languageFile(one)}` });
  const kept = new Set(documents.map((one) => String(address(one))));
  for (const model of monaco.editor.getModels())
    if (model.uri.scheme === 'file' && !kept.has(String(model.uri))) model.dispose();
  const document = documents.find((one) => one.id === id);
  const uri = document ? address(document) : monaco.Uri.parse('file:///none');
  const language = document && languageFile(document).endsWith('.yaml') ? 'yaml' : 'plaintext';
  return monaco.editor.getModel(uri) ?? monaco.editor.createModel(document?.text ?? '', language, uri);
}

/** A name that says the language: Dockerfiles and sources are plain text. */
function languageFile({ title, origin }: EditedDocument): string {
  const plain = origin.kind === 'file' && !/\.(ya?ml|json)$/.test(title) && !/kubectl-edit/.test(title);
  return plain ? 'text.txt' : 'text.yaml';
}
