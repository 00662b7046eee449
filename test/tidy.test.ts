// The house style that a machine can check: layers, names, sizes, forbidden words.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceRoot = join(root, 'src');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : filesBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

interface Source {
  /** Relative to src, e.g. `engine/etcd/store.ts`. */
  readonly name: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = filesBelow(sourceRoot).map((path) => {
  const text = readFileSync(path, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports = ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) =>
      fileName.startsWith('.') ? relative(sourceRoot, resolve(dirname(path), fileName)) : fileName,
    );
  return { name: relative(sourceRoot, path), text, tree, imports };
});
const code = sources.filter(({ name }) => !name.endsWith('.test.ts'));

/** What each layer may import besides itself; the first prefix that fits a file is its layer. */
const layers: readonly (readonly [layer: string, may: readonly string[]])[] = [
  ['base/', []],
  ['api/', ['base/']],
  ['kinds/', ['base/', 'api/']],
  ['engine/sim/', ['base/', 'api/']],
  ['engine/etcd/', ['base/', 'api/', 'engine/sim/']],
  ['engine/apiserver/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/etcd/']],
  ['engine/client/', ['base/', 'api/', 'kinds/', 'engine/sim/']],
  ['engine/controllers/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/client/']],
  ['engine/scheduler/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/client/']],
  ['engine/cloud/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/client/']],
  ['engine/node/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/client/']],
  ['engine/network/', ['base/', 'api/', 'kinds/', 'engine/sim/', 'engine/client/']],
  ['engine/', ['base/', 'api/', 'kinds/', 'engine/']],
  ['kubectl/', ['base/', 'api/', 'kinds/']],
  ['shell/', ['base/', 'api/']],
  ['lessons/', ['base/', 'api/', 'kinds/']],
  ['driver/', ['base/', 'api/', 'kinds/', 'engine/', 'shell/', 'kubectl/']],
  ['host.ts', []],
  ['worker/', ['base/', 'api/', 'kinds/', 'engine/', 'driver/', 'shell/', 'kubectl/', 'lessons/', 'host.ts']],
  ['ui/', ['base/', 'api/', 'lessons/', 'host.ts', 'worker/page-side.ts', 'worker/messages.ts', 'embed/messages.ts']],
  ['embed/', ['base/', 'api/', 'engine/profiles.ts', 'driver/', 'host.ts']],
  ['cli/', ['base/', 'api/', 'kinds/', 'engine/', 'driver/', 'shell/', 'kubectl/', 'lessons/', 'host.ts']],
];

describe('layers', () => {
  test('every file imports only from the layers that its own may see', () => {
    const wrong = code.flatMap(({ name, imports }) => {
      const layer = layers.find(([prefix]) => name.startsWith(prefix));
      if (!layer) return [`${name} is in no layer`];
      const [own, may] = layer;
      return imports
        .filter(
          (target) =>
            /\.tsx?$/.test(target) && !target.startsWith(own) && !may.some((prefix) => target.startsWith(prefix)),
        )
        .map((target) => `${name} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  test('no import cycles, type-only imports included', () => {
    const imports = new Map(code.map(({ name, imports: targets }) => [name, targets]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (name: string, path: readonly string[]): void => {
      if (state.get(name) === 'done') return;
      if (state.get(name) === 'open') {
        cycles.push([...path.slice(path.indexOf(name)), name].join(' -> '));
        return;
      }
      state.set(name, 'open');
      for (const target of imports.get(name) ?? []) if (imports.has(target)) visit(target, [...path, name]);
      state.set(name, 'done');
    };
    for (const { name } of code) visit(name, []);
    expect(cycles).toEqual([]);
  });
});

/** Lines outside of comments that match, as `file:line: text`. */
function linesMatching(
  files: readonly Source[],
  pattern: RegExp,
  except: (line: string) => boolean = () => false,
): string[] {
  return files.flatMap(({ name, text }) =>
    text.split('\n').flatMap((line, i) => {
      const bare = line.replace(/^\s*(\/\/|\*|\/\*).*$/, '').replace(/'(?:[^'\\]|\\.)*'|`[^`]*`/g, "''");
      return pattern.test(bare) && !except(line) ? [`${name}:${i + 1}: ${line.trim()}`] : [];
    }),
  );
}

describe('time and chance', () => {
  const pure = code.filter(({ name }) => /^(base|api|kinds|engine)\//.test(name));
  // The texts of what runs inside of the script engine have its clock and its dice.
  const programs = code.filter(
    ({ name }) => /^(kubectl|shell|lessons|driver)\//.test(name) && !/^shell\/node\/\w+-source\.ts$/.test(name),
  );

  test('the engine and what it depends on know no clock, timer, promise or chance of the host', () => {
    const words =
      /\b(Date\.now|new Date\(\)|setTimeout|setInterval|setImmediate|queueMicrotask|performance|Math\.random|Intl|Math\.(pow|exp|log|sin|cos)|console|crypto)\b/;
    expect(linesMatching(pure, words)).toEqual([]);
    const engine = code.filter(({ name }) => name.startsWith('engine/'));
    expect(linesMatching(engine, /\b(Promise|async|await)\b/)).toEqual([]);
  });

  test('programs wait on ports alone', () => {
    expect(
      linesMatching(
        programs,
        /\b(Date\.now|new Date\(\)|setTimeout|setInterval|setImmediate|performance|Math\.random|crypto)\b/,
      ),
    ).toEqual([]);
  });
});

describe('names and sizes', () => {
  test('file names are kebab-case and say what is inside', () => {
    const wrong = sources
      .map(({ name }) => name)
      .filter(
        (name) =>
          !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.test)?\.tsx?$/.test(name) ||
          /(^|\/)(utils|helpers|common|index)\.tsx?$/.test(name),
      );
    expect(wrong).toEqual([]);
  });

  test('a file begins by saying what it is', () => {
    expect(code.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  test('a file has at most 400 lines, a function at most 60', () => {
    const long: string[] = [];
    for (const { name, text, tree } of code) {
      const lines = text.split('\n').length - 1;
      if (lines > 400) long.push(`${name}: ${lines} lines`);
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && 'body' in node && node.body) {
          const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
          const count = tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
          if (count > 60 && !holdsOnlyFunctions(node)) long.push(`${name}:${first + 1}: a function of ${count} lines`);
        }
        ts.forEachChild(node, visit);
      };
      visit(tree);
    }
    expect(long).toEqual([]);
  });
});

/** A function whose lines are mostly functions of its own (a controller's setup) is measured by those. */
function holdsOnlyFunctions(node: ts.Node): boolean {
  let own = node.getText().split('\n').length;
  const visit = (child: ts.Node): void => {
    if (child !== node && ts.isFunctionLike(child)) own -= child.getText().split('\n').length;
    else ts.forEachChild(child, visit);
  };
  visit(node);
  return own <= 60;
}

describe('types', () => {
  test('no any, no non-null assertion, no silenced checker', () => {
    const wrong: string[] = [];
    for (const { name, tree } of sources) {
      const visit = (node: ts.Node): void => {
        if (node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node))
          wrong.push(`${name}: ${node.parent.getText(tree).slice(0, 80)}`);
        ts.forEachChild(node, visit);
      };
      visit(tree);
    }
    expect(wrong).toEqual([]);
    expect(
      sources.filter(({ text }) => /@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(text)).map(({ name }) => name),
    ).toEqual([]);
  });

  test('a cast stands only where bytes or untyped data become types, and says so', () => {
    const wrong: string[] = [];
    for (const { name, text, tree } of code) {
      const lines = text.split('\n');
      const visit = (node: ts.Node): void => {
        if (ts.isAsExpression(node) && node.type.getText(tree) !== 'const') {
          const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
          const last = tree.getLineAndCharacterOfPosition(node.end).line;
          if (!/\/\/ edge: /.test(lines.slice(Math.max(0, first - 1), last + 2).join('\n')))
            wrong.push(`${name}:${first + 1}: ${node.getText(tree).slice(0, 80)}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(tree);
    }
    expect(wrong).toEqual([]);
  });

  test('every export of api, kinds and embed is documented', () => {
    const wrong = code
      .filter(({ name }) => /^(api|kinds|embed)\//.test(name))
      .flatMap(({ name, text }) => {
        const lines = text.split('\n');
        return lines.flatMap((line, i) =>
          /^export (function|class|interface|abstract class)/.test(line) &&
          !/^(\s*\*\/|\/\*\*.*|export function.*)/.test(lines[i - 1] ?? '')
            ? [`${name}:${i + 1}: ${line}`]
            : [],
        );
      });
    expect(wrong).toEqual([]);
  });
});
