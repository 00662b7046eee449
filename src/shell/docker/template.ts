// Go templates as far as `docker inspect --format` uses them: fields, range, if, index, json, join and len.
//
//   {{range $name, $net := .NetworkSettings.Networks}}{{$name}}={{$net.IPAddress}} {{end}}
import { isObject } from '../../base/json.ts';
import { DockerCommandError } from './command.ts';

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly expression: string }
  | {
      readonly kind: 'range' | 'if' | 'with';
      readonly expression: string;
      readonly body: readonly Piece[];
      readonly otherwise: readonly Piece[];
    };

interface Scope {
  readonly dot: unknown;
  readonly variables: ReadonlyMap<string, unknown>;
}

export function fillGoTemplate(template: string, object: unknown): string {
  const tokens = tokensOf(template);
  const { pieces, rest } = parse(tokens, 0);
  if (rest < tokens.length) fail(`unexpected {{${tokens[rest]?.text ?? ''}}}`);
  return render(pieces, { dot: object, variables: new Map([['$', object]]) });
}

interface Token {
  readonly kind: 'text' | 'action';
  readonly text: string;
}

function tokensOf(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of template.matchAll(/\{\{(-?)\s*(.*?)\s*(-?)\}\}/gs)) {
    const before = template.slice(at, match.index);
    tokens.push({ kind: 'text', text: match[1] ? before.trimEnd() : before });
    tokens.push({ kind: 'action', text: match[2] ?? '' });
    at = match.index + match[0].length;
    if (match[3]) while (/\s/.test(template.charAt(at))) at++;
  }
  tokens.push({ kind: 'text', text: template.slice(at) });
  return tokens.map((token) =>
    token.kind === 'text' ? { ...token, text: token.text.replace(/\\n/g, '\n').replace(/\\t/g, '\t') } : token,
  );
}

function parse(tokens: readonly Token[], from: number): { readonly pieces: readonly Piece[]; readonly rest: number } {
  const pieces: Piece[] = [];
  let at = from;
  for (let token = tokens[at]; token; token = tokens[at]) {
    if (token.kind === 'text') pieces.push({ kind: 'text', text: token.text });
    else if (token.text === 'end' || token.text === 'else') break;
    else {
      const [, word, expression = ''] = /^(range|if|with)\s+([\s\S]+)$/.exec(token.text) ?? [];
      if (word === 'range' || word === 'if' || word === 'with') {
        const body = parse(tokens, at + 1);
        const hasElse = tokens[body.rest]?.text === 'else';
        const otherwise = hasElse ? parse(tokens, body.rest + 1) : { pieces: [], rest: body.rest };
        if (tokens[otherwise.rest]?.text !== 'end') fail('unexpected EOF');
        pieces.push({ kind: word, expression, body: body.pieces, otherwise: otherwise.pieces });
        at = otherwise.rest;
      } else pieces.push({ kind: 'value', expression: token.text });
    }
    at++;
  }
  return { pieces, rest: at };
}

function render(pieces: readonly Piece[], scope: Scope): string {
  return pieces.map((piece) => renderOne(piece, scope)).join('');
}

function renderOne(piece: Piece, scope: Scope): string {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'value') return shown(evaluate(piece.expression, scope));
  const [, names = '', expression = ''] = /^(?:(\$[\w, $]*?)\s*:=\s*)?([\s\S]+)$/.exec(piece.expression) ?? [];
  const value = evaluate(expression, scope);
  if (isEmpty(value)) return render(piece.otherwise, scope);
  if (piece.kind === 'if') return render(piece.body, scope);
  if (piece.kind === 'with') return render(piece.body, { ...scope, dot: value });
  const variables = names.split(',').map((name) => name.trim());
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isObject(value) ? value : {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries
    .map(([key, each]) => {
      const known = new Map(scope.variables);
      if (variables.length > 1) known.set(variables[0] ?? '', key);
      if (variables[0]) known.set(variables.at(-1) ?? '', each);
      return render(piece.body, { dot: each, variables: known });
    })
    .join('');
}

/** `.A.B`, `$x.A`, `json .A`, `index .A "b"`, `len .A`, `join .A ", "`, and the first of these piped into the next. */
function evaluate(expression: string, scope: Scope): unknown {
  const [first = '', ...pipes] = expression.split(/\s*\|\s*/);
  let value = call(wordsOf(first), scope);
  for (const pipe of pipes) value = call([...wordsOf(pipe), { value }], scope);
  return value;
}

type Word = string | { readonly value: unknown };

function wordsOf(text: string): readonly Word[] {
  return text.match(/"(?:[^"\\]|\\.)*"|\(.*\)|\S+/g) ?? [];
}

function call([first = '', ...rest]: readonly Word[], scope: Scope): unknown {
  const values = rest.map((word) => operand(word, scope));
  switch (first) {
    case 'json':
      return JSON.stringify(values[0] ?? null);
    case 'len':
      return sizeOf(values[0]);
    case 'index':
      return values.slice(1).reduce((held, key) => field(held, String(key)), values[0]);
    case 'join':
      return Array.isArray(values[0]) ? values[0].join(String(values[1] ?? '')) : '';
    case 'println':
      return `${values.map(shown).join(' ')}\n`;
    default:
      if (values.length > 0) fail(`function "${typeof first === 'string' ? first : ''}" not defined`);
      return operand(first, scope);
  }
}

function operand(word: Word, scope: Scope): unknown {
  if (typeof word !== 'string') return word.value;
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), scope);
  if (/^-?\d+$/.test(word)) return Number(word);
  const [, variable, path = ''] = /^(\$\w*)?((?:\.\w+)*|\.)$/.exec(word) ?? [undefined, undefined, undefined];
  if (path === undefined || (!variable && !word.startsWith('.'))) return fail(`function "${word}" not defined`);
  const start = variable === undefined ? scope.dot : scope.variables.get(variable);
  return path
    .split('.')
    .filter(Boolean)
    .reduce<unknown>((held, name) => {
      if (isObject(held) && !Object.hasOwn(held, name)) fail(`map has no entry for key "${name}"`);
      return field(held, name);
    }, start);
}

function field(held: unknown, name: string): unknown {
  if (Array.isArray(held)) return held[Number(name)];
  return isObject(held) && Object.hasOwn(held, name) ? held[name] : undefined;
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    (typeof value === 'object' && sizeOf(value) === 0)
  );
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, each]) => `${key}:${shown(each)}`).join(' ')}]`;
  }
  return String(value);
}

function fail(problem: string): never {
  throw new DockerCommandError(`template parsing error: template: :1: ${problem}`, 64);
}
