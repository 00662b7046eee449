// Keys out of what a terminal sends for them: control characters, escape sequences, pasted text.

export type Key = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'named'; readonly name: string };

const escapes: ReadonlyMap<string, string> = new Map([
  ['[A', 'up'],
  ['[B', 'down'],
  ['[C', 'right'],
  ['[D', 'left'],
  ['OA', 'up'],
  ['OB', 'down'],
  ['OC', 'right'],
  ['OD', 'left'],
  ['[H', 'home'],
  ['[F', 'end'],
  ['OH', 'home'],
  ['OF', 'end'],
  ['[1~', 'home'],
  ['[4~', 'end'],
  ['[3~', 'delete'],
  ['[1;5D', 'word-left'],
  ['[1;5C', 'word-right'],
  ['[1;3D', 'word-left'],
  ['[1;3C', 'word-right'],
  ['b', 'word-left'],
  ['f', 'word-right'],
  ['d', 'alt-d'],
  ['\x7f', 'alt-backspace'],
]);

const pasteBegin = '\x1b[200~';
const pasteEnd = '\x1b[201~';
/** An escape sequence's rest: CSI, SS3, or Alt and a character. */
const sequence = /^(\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|[\s\S])/;

/** Everything that came at once, in order. Unknown sequences are left out. */
export function parseKeys(data: string): readonly Key[] {
  const keys: Key[] = [];
  for (let rest = data; rest !== ''; ) {
    const [key, length] = firstKey(rest);
    if (key) keys.push(key);
    rest = rest.slice(length);
  }
  return keys;
}

/** What a terminal sends for a key. */
export function keyText(key: Key): string {
  if (key.kind === 'text') return key.text;
  if (key.name.startsWith('ctrl-')) return String.fromCharCode(key.name.charCodeAt(5) - 0x60);
  const sent = [...escapes].find(([, name]) => name === key.name)?.[0];
  return plainKeys.get(key.name) ?? (sent === undefined ? '' : `\x1b${sent}`);
}

const plainKeys: ReadonlyMap<string, string> = new Map([
  ['enter', '\r'],
  ['tab', '\t'],
  ['backspace', '\x7f'],
  ['escape', '\x1b'],
]);

function firstKey(data: string): readonly [Key | undefined, number] {
  if (data.startsWith(pasteBegin)) {
    const end = data.indexOf(pasteEnd);
    const pasted = data.slice(pasteBegin.length, end === -1 ? undefined : end).replace(/\r\n?/g, '\n');
    return [{ kind: 'text', text: printable(pasted) }, end === -1 ? data.length : end + pasteEnd.length];
  }
  const code = data.charCodeAt(0);
  if (code === 0x1b) {
    const [match] = sequence.exec(data.slice(1)) ?? [''];
    if (match === '') return [{ kind: 'named', name: 'escape' }, 1];
    const name = escapes.get(match);
    return [name === undefined ? undefined : { kind: 'named', name }, 1 + match.length];
  }
  if (code === 0x0d || code === 0x0a) return [{ kind: 'named', name: 'enter' }, 1];
  if (code === 0x09) return [{ kind: 'named', name: 'tab' }, 1];
  if (code === 0x7f || code === 0x08) return [{ kind: 'named', name: 'backspace' }, 1];
  if (code < 0x20) return [{ kind: 'named', name: `ctrl-${String.fromCharCode(code + 0x60)}` }, 1];
  const text = runOfText(data);
  return [{ kind: 'text', text }, text.length];
}

function runOfText(data: string): string {
  let end = 0;
  while (end < data.length && data.charCodeAt(end) >= 0x20 && data.charCodeAt(end) !== 0x7f) end++;
  return data.slice(0, end);
}

/** Pasted text without control characters: they must not steer the terminal. Tabs become blanks. */
function printable(text: string): string {
  return [...text.replaceAll('\t', '  ')].filter((one) => one === '\n' || (one >= ' ' && one !== '\x7f')).join('');
}
