// `kubectl auth reconcile`: roles and bindings get what a file says and they lack; with flags they lose the rest.
import { entriesAt, objectAt, objectsAt, textAt, textsAt } from '../../../base/fields.ts';
import { equal, type JsonObject } from '../../../base/json.ts';
import { dryRunFlag, dryRunOf } from '../../change-flags.ts';
import { resourcePath } from '../../client/url.ts';
import type { Command } from '../../command.ts';
import type { Context } from '../../context.ts';
import { CommandError, isAlreadyExists, isForbidden, isNotFound } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { printFlags } from '../../print/printer.ts';
import { findResources } from '../../resource/builder.ts';
import { fileChoice, fileFlags, requireFiles } from '../../resource/files.ts';
import { type Info, loadInfo } from '../../resource/info.ts';
import { resultPrinter } from '../../result-printer.ts';
import { createInfo, deleteInfo, replaceInfo } from '../../write-object.ts';
import { uncoveredRules } from './rule-cover.ts';

export const reconcile: Command = {
  use: 'reconcile -f FILENAME',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  long: 'Create the roles and bindings of a file where they are missing, and add the rules and subjects that they lack.',
  example: '# Rules and subjects of a file\nkubectl auth reconcile -f my-rbac-rules.yaml',
  flags: [
    ...printFlags(),
    ...fileFlags('identifying the resource to reconcile.'),
    dryRunFlag,
    flag.bool('remove-extra-permissions', 'Take away rules that the file does not have.'),
    flag.bool('remove-extra-subjects', 'Take away subjects that the file does not have.'),
  ],
  run: runReconcile,
};

const kinds = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

/** What is to be done, and which items (rules or subjects) are too few and too many. */
interface Verdict {
  readonly operation: 'none' | 'create' | 'update' | 'recreate';
  readonly object: JsonObject;
  readonly missing: readonly JsonObject[];
  readonly extra: readonly JsonObject[];
  readonly isProtected: boolean;
}

async function runReconcile(context: Context): Promise<void> {
  const { args, flags } = context;
  if (args.length > 0) throw new CommandError('no arguments are allowed');
  const files = fileChoice(flags);
  requireFiles(files);
  const dryRun = dryRunOf(context);
  if (dryRun === 'server') throw new CommandError('--dry-run=server for command reconcile is not supported yet');
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, { files, continueOnError: true });
  await found.visit(async (info) => {
    if (!kinds.includes(info.resource.kind) || info.resource.group !== 'rbac.authorization.k8s.io') return;
    if (info.resource.version !== 'v1') {
      throw new CommandError(`only rbac.authorization.k8s.io/v1 is supported: not ${info.resource.version}`);
    }
    const verdict = await judge(context, info);
    if (dryRun === 'none' && !verdict.isProtected) await carryOut(context, info, verdict);
    print(verdict.object, 'reconciled');
    await context.output.flush();
    report(context, info, verdict);
  });
}

async function judge(context: Context, info: Info): Promise<Verdict> {
  const wanted = info.object ?? {};
  const isRole = !info.resource.kind.endsWith('Binding');
  const list = isRole ? 'rules' : 'subjects';
  const live = await loadInfo(context.client(), info).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });
  const items = objectsAt(wanted, list);
  if (!live) return { operation: 'create', object: wanted, missing: items, extra: [], isProtected: false };
  const before = live.object;
  const isProtected =
    objectAt(before, 'metadata.annotations')?.['rbac.authorization.kubernetes.io/autoupdate'] === 'false';
  if (!isRole && !equal(roleRef(wanted), roleRef(before)))
    return { operation: 'recreate', object: wanted, missing: [], extra: [], isProtected };
  const present = objectsAt(before, list);
  const missing = isRole ? uncoveredRules(present, items) : absent(items, present);
  const extra = isRole ? uncoveredRules(items, present) : absent(present, items);
  const removes = context.flags.bool(isRole ? 'remove-extra-permissions' : 'remove-extra-subjects');
  const changed = missing.length > 0 || (removes && extra.length > 0);
  const metadata = mergedMetadata(before, wanted);
  const object = { ...before, metadata, ...(changed ? { [list]: removes ? items : [...present, ...missing] } : {}) };
  const operation = changed || !equal(metadata, objectAt(before, 'metadata')) ? 'update' : 'none';
  return { operation, object, missing, extra: removes ? extra : [], isProtected };
}

function roleRef(binding: JsonObject): JsonObject {
  return { kind: textAt(binding, 'roleRef.kind'), name: textAt(binding, 'roleRef.name') };
}

/** What the file's labels and annotations add. */
function mergedMetadata(before: JsonObject, wanted: JsonObject): JsonObject {
  const merged = (field: string) => {
    const added = Object.fromEntries(entriesAt(wanted, `metadata.${field}`));
    if (Object.keys(added).length === 0) return {};
    return { [field]: { ...objectAt(before, `metadata.${field}`), ...added } };
  };
  return { ...objectAt(before, 'metadata'), ...merged('annotations'), ...merged('labels') };
}

const subjectFields = ['kind', 'apiGroup', 'name', 'namespace'];

function absent(items: readonly JsonObject[], among: readonly JsonObject[]): readonly JsonObject[] {
  const key = (subject: JsonObject) => JSON.stringify(subjectFields.map((field) => textAt(subject, field)));
  const known = new Set(among.map(key));
  return items.filter((item) => !known.has(key(item)) && known.add(key(item)));
}

async function carryOut(context: Context, info: Info, { operation, object }: Verdict): Promise<void> {
  if (operation === 'create' && info.resource.namespaced) await ensureNamespace(context, info.ns);
  if (operation === 'recreate') await deleteInfo(context, info, {});
  if (operation === 'create' || operation === 'recreate') await createInfo(context, info, {});
  else if (operation === 'update') await replaceInfo(context, { ...info, object }, {});
}

async function ensureNamespace(context: Context, ns: string): Promise<void> {
  const path = resourcePath({ group: '', version: 'v1', resource: 'namespaces' }, { name: ns });
  const client = context.client();
  await client.object({ path, about: { resource: 'namespaces', name: ns } }).catch(async (error: unknown) => {
    if (!isNotFound(error)) return;
    const body = { kind: 'Namespace', apiVersion: 'v1', metadata: { name: ns } };
    await client.object({ method: 'POST', path: '/api/v1/namespaces', body }).catch((refusal: unknown) => {
      if (!isAlreadyExists(refusal) && !isForbidden(refusal)) throw refusal;
    });
  });
}

function report(context: Context, info: Info, { operation, missing, extra, isProtected }: Verdict): void {
  if (operation === 'none') return;
  const caveat = isProtected ? ', but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)' : '';
  context.err(`\treconciliation required ${operation}${caveat}\n`);
  const isRole = !info.resource.kind.endsWith('Binding');
  const what = isRole ? 'rules' : 'subjects';
  const text = isRole ? ruleText : subjectText;
  if (missing.length > 0) context.err(`\tmissing ${what} added:\n${missing.map(text).join('')}`);
  if (extra.length > 0) context.err(`\textra ${what} removed:\n${extra.map(text).join('')}`);
}

function ruleText(rule: JsonObject): string {
  const list = (name: string, field: string) => `${name}:[${textsAt(rule, field).join(' ')}]`;
  const parts = [list('Verbs', 'verbs'), list('APIGroups', 'apiGroups'), list('Resources', 'resources')];
  return `\t\t{${[...parts, list('ResourceNames', 'resourceNames'), list('NonResourceURLs', 'nonResourceURLs')].join(' ')}}\n`;
}

function subjectText(subject: JsonObject): string {
  const part = (name: string, field: string) => `${name}:${textAt(subject, field)}`;
  const parts = [part('Kind', 'kind'), part('APIGroup', 'apiGroup'), part('Name', 'name')];
  return `\t\t{${[...parts, part('Namespace', 'namespace')].join(' ')}}\n`;
}
