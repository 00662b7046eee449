// Reads the texts that client-node lacks from the npm package kubernetes-models: those of fields that refer to another
// definition, line breaks, and what each value of an enumeration means.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(fileURLToPath(import.meta.url)), '../node_modules');
export const kubernetesModels = join(modules, 'kubernetes-models');
const meta = join(modules, '@kubernetes-models/apimachinery/apis/meta/v1');

/** `apps` → `apps`, `rbac` → `rbac.authorization.k8s.io`. */
const groups = new Map(readdirSync(kubernetesModels).map((folder) => [folder.split('.')[0], folder]));

/** A definition's texts by field, its own under ''; `name` is e.g. `apps.v1.DeploymentSpec`. */
export function textsOf(name) {
  const [group, version, kind] = name.split('.');
  const folder =
    group === 'meta'
      ? meta
      : join(kubernetesModels, ...(group === 'core' ? [] : [groups.get(group) ?? group]), version);
  const file = join(folder, `${kind}.d.ts`);
  const texts = new Map();
  if (!existsSync(file)) return texts;
  const code = readFileSync(file, 'utf8');
  const [, own = '', body = ''] =
    /\/\*\*\n([\s\S]*?)\*\/\nexport interface \w+[^{]*\{\n([\s\S]*?)\n\}/.exec(code) ?? [];
  texts.set('', commentText(own));
  for (const [, comment, field] of body.matchAll(/\/\*\*\n((?:(?!\*\/)[\s\S])*)\*\/\s+"([^"]+)"\??:/g))
    texts.set(field, commentText(comment));
  return texts;
}

const enumsBegin = '\n\nPossible enum values:';

/** One text of both: client-node's words count, the other's layout and enumerations are kept where they fit. */
export function joinedText(text, other = '') {
  const at = other.indexOf(enumsBegin);
  const main = at < 0 ? other : other.slice(0, at);
  const [plain] = text.split(/\s+Possible enum values:/);
  const same = plain === '' || squashed(plain) === squashed(main);
  return (same ? main : plain) + (at < 0 ? '' : other.slice(at));
}

function squashed(text) {
  return text.replace(/\s+/g, '');
}

function commentText(comment) {
  return comment.replace(/^\s*\* ?/gm, '').trim();
}

/** What a parameter is for, by its name; where an operation has other words for it than the first, by NAME/OPERATION. */
export function parameterTexts() {
  const code = readFileSync(join(modules, '@kubernetes/client-node/dist/gen/apis/CoreV1Api.d.ts'), 'utf8');
  const texts = new Map();
  for (const [comment, operation] of code.matchAll(/\/\*\*\n(?:(?!\*\/)[\s\S])*\*\/\s+(?=(\w+)\()/g)) {
    const [, own] = ownWords.find(([pattern]) => pattern.test(operation)) ?? [];
    for (const [, written, text] of comment.matchAll(/@param (\w+) (.+)/g)) {
      const name = written.replace(/^_/, '').replace(/2$/, '');
      if (!texts.has(name)) texts.set(name, unescaped(text));
      else if (own && texts.get(name) !== unescaped(text)) texts.set(`${name}/${own}`, unescaped(text));
    }
  }
  return texts;
}

const ownWords = [
  [/^patch/, 'apply'],
  [/PodAttach$/, 'attach'],
  [/PodExec$/, 'exec'],
  [/PodLog$/, 'log'],
  [/NodeProxy$/, 'node'],
  [/PodProxy$/, 'pod'],
  [/ServiceProxy$/, 'service'],
];

const entities = { quot: '"', amp: '&', lt: '<', gt: '>' };

function unescaped(text) {
  return text
    .replace(/\\?&(?:#(\d+)|#x([\dA-Fa-f]+)|(\w+));/g, (all, decimal, hex, name) =>
      name ? (entities[name] ?? all) : String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .trim();
}
