// Reads a web server's script without running it: its port, what it answers, which modules it needs.
//
//   const port = process.env.PORT || 8181;  app.get('/', (req, res) => res.send('hi'));  app.listen(port)
//   → { port: 8181, routes: [{ path: '/', status: 200, type: 'text/html; charset=utf-8', body: 'hi' }] }

export interface ServerRoute {
  /** Undefined: any. */
  readonly path: string | undefined;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface ServerScript {
  readonly port: number;
  readonly routes: readonly ServerRoute[];
  /** What it says once it listens. */
  readonly greeting: string;
  /** Modules that are not node's own. */
  readonly modules: readonly string[];
  /** What could not be read. */
  readonly problem: string | undefined;
}

/** What expressions of the script may ask for. */
interface Surroundings {
  readonly env: ReadonlyMap<string, string>;
  readonly hostname: string;
}

const ownModules = new Set(['http', 'https', 'os', 'fs', 'path', 'url', 'util', 'crypto', 'events', 'process']);
const literal = '`(?:[^`\\\\]|\\\\[\\s\\S])*`|\'(?:[^\'\\\\\\n]|\\\\.)*\'|"(?:[^"\\\\\\n]|\\\\.)*"';
const answering = new RegExp(`\\.(send|end|write|json)\\(\\s*(${literal}|\\{[^{}]*\\}|[A-Za-z_$][\\w$]*)?`, 'g');

export function readServerScript(source: string, around: Surroundings): ServerScript {
  const text = withoutComments(source);
  const constants = constantsOf(text, around);
  const port = portOf(text, constants, around);
  const routes = routesOf(text, constants, around);
  const problem =
    port === undefined ? 'no listen(PORT) found' : routes.length === 0 ? 'no literal answer found' : undefined;
  return { port: port ?? 0, routes, greeting: greetingOf(text, constants, around), modules: modulesOf(text), problem };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(])\/\/[^\n]*/g, '$1');
}

function modulesOf(text: string): readonly string[] {
  const names = [...text.matchAll(/(?:require\(\s*|\bfrom\s+|\bimport\s+)['"]([^'"]+)['"]/g)].map(
    ([, name = '']) => name,
  );
  return names.filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !ownModules.has(name));
}

function constantsOf(text: string, around: Surroundings): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const declared = new RegExp(`\\b(?:const|let|var)\\s+([A-Za-z_$][\\w$]*)\\s*=\\s*(${literal}|[^;\\n]+)`, 'g');
  for (const [, name = '', expression = ''] of text.matchAll(declared)) {
    const value = evaluate(expression.trim(), found, around);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** A literal, a known name, `process.env.X`, `os.hostname()`, and `a || b` of these. */
function evaluate(
  expression: string,
  constants: ReadonlyMap<string, string>,
  around: Surroundings,
): string | undefined {
  const text = expression.trim();
  if (/^\d+$/.test(text)) return text;
  if (new RegExp(`^(?:${literal})$`).test(text)) return unquote(text, constants, around);
  const either = /^(.+?)\s*(?:\|\||\?\?)\s*(.+)$/s.exec(text);
  if (either) return evaluate(either[1] ?? '', constants, around) ?? evaluate(either[2] ?? '', constants, around);
  const variable = /^process\.env\.(\w+)$/.exec(text)?.[1];
  if (variable !== undefined) return around.env.get(variable);
  if (/^os\.hostname\(\)$/.test(text)) return around.hostname;
  return constants.get(text);
}

function unquote(text: string, constants: ReadonlyMap<string, string>, around: Surroundings): string {
  const inside = text.slice(1, -1);
  const filled = text.startsWith('`')
    ? inside.replace(/\$\{([^}]*)\}/g, (whole, expression: string) => evaluate(expression, constants, around) ?? whole)
    : inside;
  return filled.replace(/\\([\s\S])/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter);
}

function portOf(text: string, constants: ReadonlyMap<string, string>, around: Surroundings): number | undefined {
  const expression = /\.listen\(\s*(?:\{\s*port:\s*)?([^,){}]+)/.exec(text)?.[1];
  const port = Number(expression === undefined ? Number.NaN : evaluate(expression, constants, around));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

function greetingOf(text: string, constants: ReadonlyMap<string, string>, around: Surroundings): string {
  const from = text.search(/\.listen\(/);
  const said = from < 0 ? null : new RegExp(`console\\.log\\(\\s*(${literal})\\s*\\)`).exec(text.slice(from));
  return said?.[1] === undefined ? '' : `${unquote(said[1], constants, around)}\n`;
}

function routesOf(text: string, constants: ReadonlyMap<string, string>, around: Surroundings): readonly ServerRoute[] {
  const end = text.search(/\.listen\(/);
  const code = end < 0 ? text : text.slice(0, end);
  const starts = [...code.matchAll(/\.(?:get|post|put|delete|all|use)\(\s*(['"`])([^'"`]*)\1\s*,/g)];
  if (starts.length === 0) return routeIn(code, undefined, { constants, around });
  return starts.flatMap((start, i) =>
    routeIn(code.slice(start.index, starts[i + 1]?.index), start[2], { constants, around }),
  );
}

/** What a handler answers: all that it writes, together. */
function routeIn(
  code: string,
  path: string | undefined,
  known: { readonly constants: ReadonlyMap<string, string>; readonly around: Surroundings },
): readonly ServerRoute[] {
  const pieces: string[] = [];
  let json = false;
  let express = false;
  for (const [, method, argument = ''] of code.matchAll(answering)) {
    if (argument === '') continue;
    const value = argument.startsWith('{') ? asJson(argument) : evaluate(argument, known.constants, known.around);
    if (value === undefined) continue;
    pieces.push(value);
    if (method === 'json' || argument.startsWith('{')) json = true;
    if (method === 'send') express = true;
  }
  if (pieces.length === 0) return [];
  const declared = /['"]content-type['"]\s*[:,]\s*['"]([^'"]+)['"]/i.exec(code)?.[1];
  const type =
    declared ?? (json ? 'application/json; charset=utf-8' : express ? 'text/html; charset=utf-8' : 'text/plain');
  const status = Number(
    /(?:writeHead|status)\(\s*(\d{3})|statusCode\s*=\s*(\d{3})/.exec(code)?.slice(1).find(Boolean) ?? 200,
  );
  return [{ path, status, type, body: pieces.join('') }];
}

/** An object literal of plain values as JSON. */
function asJson(text: string): string {
  return text
    .replace(/([{,]\s*)([A-Za-z_$][\w$]*)\s*:/g, '$1"$2":')
    .replace(/'([^']*)'/g, '"$1"')
    .replace(/\s+/g, ' ');
}
