// A line editor as readline has it: a value in, a value out; what must happen outside is told as an action.
//
//   kubectl get po|ds      press('ctrl-w')  ──▶  kubectl get |ds
import type { Key } from './keys.ts';

export interface LineState {
  readonly text: string;
  /** Index into `text`. */
  readonly cursor: number;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Which entry is shown; `history.length` is the line being written, kept in `draft`. */
  readonly at: number;
  readonly draft: string;
  /** What was cut last, for Ctrl-Y. */
  readonly cut: string;
  /** Set during Ctrl-R: what is searched for. */
  readonly search: string | undefined;
}

/** What the terminal has to do after a key. */
export type LineAction = 'none' | 'submit' | 'interrupt' | 'clear' | 'complete' | 'end';

export interface Pressed {
  readonly state: LineState;
  readonly action: LineAction;
}

export const historyMax = 1000;

export const emptyLine: LineState = {
  text: '',
  cursor: 0,
  history: [],
  at: 0,
  draft: '',
  cut: '',
  search: undefined,
};

export function press(state: LineState, key: Key): Pressed {
  if (state.search !== undefined) {
    const searching = pressInSearch(state, state.search, key);
    if (searching) return searching;
    return press({ ...state, search: undefined }, key);
  }
  if (key.kind === 'text') return edited(insert(state, key.text));
  const edit = edits[key.name];
  if (edit) return edited(edit(state));
  return { state, action: actionOf(state, key.name) };
}

/** A new line after one that was entered; a line goes into the history unless it repeats the last. */
export function entered(state: LineState, line: string): LineState {
  const repeats = line.trim() === '' || state.history.at(-1) === line;
  const history = repeats ? state.history : [...state.history, line].slice(-historyMax);
  return { ...emptyLine, history, at: history.length, cut: state.cut };
}

/** Puts text at the cursor. */
export function insert(state: LineState, text: string): LineState {
  const { cursor } = state;
  return {
    ...state,
    text: state.text.slice(0, cursor) + text + state.text.slice(cursor),
    cursor: cursor + text.length,
  };
}

const edits: Readonly<Record<string, (state: LineState) => LineState>> = {
  left: (state) => ({ ...state, cursor: before(state) }),
  right: (state) => ({ ...state, cursor: after(state) }),
  'ctrl-b': (state) => ({ ...state, cursor: before(state) }),
  'ctrl-f': (state) => ({ ...state, cursor: after(state) }),
  home: (state) => ({ ...state, cursor: 0 }),
  'ctrl-a': (state) => ({ ...state, cursor: 0 }),
  end: (state) => ({ ...state, cursor: state.text.length }),
  'ctrl-e': (state) => ({ ...state, cursor: state.text.length }),
  'word-left': (state) => ({ ...state, cursor: wordStart(state) }),
  'word-right': (state) => ({ ...state, cursor: wordEnd(state) }),
  backspace: (state) => remove(state, before(state), state.cursor),
  delete: (state) => remove(state, state.cursor, after(state)),
  'ctrl-k': (state) => cut(state, state.cursor, state.text.length),
  'ctrl-u': (state) => cut(state, 0, state.cursor),
  'ctrl-w': (state) => cut(state, blankWordStart(state), state.cursor),
  'alt-backspace': (state) => cut(state, wordStart(state), state.cursor),
  'alt-d': (state) => cut(state, state.cursor, wordEnd(state)),
  'ctrl-y': (state) => insert(state, state.cut),
  up: (state) => show(state, state.at - 1),
  down: (state) => show(state, state.at + 1),
  'ctrl-p': (state) => show(state, state.at - 1),
  'ctrl-n': (state) => show(state, state.at + 1),
  'ctrl-r': (state) => ({ ...state, search: '' }),
};

function edited(state: LineState): Pressed {
  return { state, action: 'none' };
}

function actionOf(state: LineState, name: string): LineAction {
  switch (name) {
    case 'enter':
      return 'submit';
    case 'tab':
      return 'complete';
    case 'ctrl-c':
      return 'interrupt';
    case 'ctrl-l':
      return 'clear';
    case 'ctrl-d':
      return state.text === '' ? 'end' : 'none';
    default:
      return 'none';
  }
}

/** A key during Ctrl-R; undefined ends the search and lets the key do what it does otherwise. */
function pressInSearch(state: LineState, search: string, key: Key): Pressed | undefined {
  if (key.kind === 'text') return edited(find({ ...state, search: search + key.text }, state.history.length - 1));
  switch (key.name) {
    case 'ctrl-r':
      return edited(find(state, state.at - 1));
    case 'backspace':
      return edited(find({ ...state, search: search.slice(0, -1) }, state.history.length - 1));
    case 'escape':
      return edited({ ...state, search: undefined });
    case 'ctrl-g':
    case 'ctrl-c':
      return edited({ ...state, search: undefined, text: '', cursor: 0, at: state.history.length });
    default:
      return undefined;
  }
}

/** Shows the newest entry at or before `from` that contains what is searched for. */
function find(state: LineState, from: number): LineState {
  const { search = '', history } = state;
  for (let at = Math.min(from, history.length - 1); at >= 0 && search !== ''; at--) {
    const text = history[at] ?? '';
    if (text.includes(search)) return { ...state, at, text, cursor: text.lastIndexOf(search) };
  }
  return state;
}

function show(state: LineState, at: number): LineState {
  const { history } = state;
  if (at < 0 || at > history.length) return state;
  const draft = state.at === history.length ? state.text : state.draft;
  const text = at === history.length ? draft : (history[at] ?? '');
  return { ...state, at, draft, text, cursor: text.length };
}

function remove(state: LineState, from: number, to: number): LineState {
  return { ...state, text: state.text.slice(0, from) + state.text.slice(to), cursor: from };
}

function cut(state: LineState, from: number, to: number): LineState {
  if (from === to) return state;
  return { ...remove(state, from, to), cut: state.text.slice(from, to) };
}

/** One character back; two units for one beyond the basic plane. */
function before({ text, cursor }: LineState): number {
  const pair = /[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(0, cursor));
  return Math.max(0, cursor - (pair ? 2 : 1));
}

function after({ text, cursor }: LineState): number {
  return Math.min(text.length, cursor + ((text.codePointAt(cursor) ?? 0) > 0xffff ? 2 : 1));
}

function wordStart({ text, cursor }: LineState): number {
  return cursor - (/[\p{L}\p{N}]*[^\p{L}\p{N}]*$/u.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

function wordEnd({ text, cursor }: LineState): number {
  return cursor + (/^[^\p{L}\p{N}]*[\p{L}\p{N}]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

function blankWordStart({ text, cursor }: LineState): number {
  return cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}
