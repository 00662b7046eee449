// Monaco with the parts that YAML needs, its workers, and the language service over the cluster's schema.
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/suggest/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/languages/definitions/yaml/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { configureMonacoYaml, type JSONSchema, type MonacoYaml } from 'monaco-yaml';
import type { KubePort } from '../../api/ports.ts';
import type { Theme } from '../state/view-store.ts';
import { clusterSchema } from './schemas.ts';
import YamlWorker from './yaml-worker.ts?worker';

export { monaco };

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

let yaml: MonacoYaml | undefined;
let known: KubePort | undefined;

/** Checks and completes by the kinds that a cluster has now. */
export async function followSchemas(kube: KubePort): Promise<void> {
  yaml ??= configureMonacoYaml(withYamlWorker(), settings(undefined));
  if (known === kube) return;
  known = kube;
  const schema = await clusterSchema(kube);
  await yaml.update(settings(schema as JSONSchema)); // edge: OpenAPI's schemas are JSON Schema
}

function settings(schema: JSONSchema | undefined) {
  const schemas = schema ? [{ uri: 'https://kubernetes.io/v1.36/all.json', fileMatch: ['*'], schema }] : [];
  return {
    schemas,
    validate: true,
    hover: true,
    completion: true,
    disableAdditionalProperties: true,
    isKubernetes: true,
  };
}

/**
 * monaco-yaml speaks to Monaco as it was before 0.55, whose `createWebWorker` took a module's name; now it takes the
 * worker itself, which must have had its first message and what it is created with.
 */
function withYamlWorker(): typeof monaco {
  const createWebWorker = <T extends object>({ createData, host, keepIdleModels }: WorkerOptions) => {
    const worker = new YamlWorker();
    worker.postMessage('ignore');
    worker.postMessage(createData);
    return monaco.editor.createWebWorker<T>({ worker, ...(host && { host }), keepIdleModels: keepIdleModels ?? false });
  };
  return { ...monaco, editor: { ...monaco.editor, createWebWorker } };
}

type WorkerOptions = Omit<Parameters<typeof monaco.editor.createWebWorker>[0], 'worker'> & {
  readonly createData?: unknown;
};

/** Monaco's colours from the page's tokens. */
export function useTheme(theme: Theme): void {
  const style = getComputedStyle(document.documentElement);
  // Monaco wants six digits, and the build shortens some colours to three.
  const token = (name: string): string =>
    style
      .getPropertyValue(`--${name}`)
      .trim()
      .replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3');
  const bare = (name: string): string => token(name).replace('#', '');
  monaco.editor.defineTheme('page', {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: 'type', foreground: bare('accent') },
      { token: 'string', foreground: bare('text') },
      { token: 'number', foreground: bare('ansi-yellow') },
      { token: 'keyword', foreground: bare('ansi-magenta') },
      { token: 'comment', foreground: bare('text-soft') },
    ],
    colors: {
      'editor.background': token('surface'),
      'editor.foreground': token('text'),
      'editorLineNumber.foreground': token('text-soft'),
      'editorLineNumber.activeForeground': token('text'),
      'editorCursor.foreground': token('accent'),
      'editor.selectionBackground': token('selection'),
      'editor.lineHighlightBackground': token('raised'),
      'editorWidget.background': token('raised'),
      'editorWidget.border': token('line-strong'),
      'editorHoverWidget.background': token('raised'),
      'editorSuggestWidget.background': token('raised'),
      'editorSuggestWidget.selectedBackground': token('accent-soft'),
      focusBorder: token('accent'),
    },
  });
  monaco.editor.setTheme('page');
}
