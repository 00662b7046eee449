// `kubectl taint`
import { qualifiedName, validLabelValue } from '../../api/names.ts';
import { objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import { dryRunFlag, dryRunOf, fieldManagerFlag, selectorFlag, validateFlag, writeQuery } from '../change-flags.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { taintText } from '../describe/node.ts';
import { CommandError } from '../errors.ts';
import { flag } from '../flags.ts';
import { twoWayPatch } from '../patch/three-way.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { resultPrinter } from '../result-printer.ts';
import { patchInfo } from '../write-object.ts';

export const taint: Command = {
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  completes: { kind: 'resources', types: ['node'] },
  long: 'Update the taints on one or more nodes. A taint is a key, a value and an effect: NoSchedule, PreferNoSchedule or NoExecute. A minus sign behind it removes it.',
  example:
    '# A taint\nkubectl taint nodes foo dedicated=special-user:NoSchedule\n\n# No such taint\nkubectl taint nodes foo dedicated:NoSchedule-',
  flags: [
    ...printFlags(),
    validateFlag,
    dryRunFlag,
    selectorFlag,
    flag.bool('all', 'All nodes in the cluster'),
    flag.bool('overwrite', 'Let existing taints change.'),
    fieldManagerFlag('kubectl-taint'),
  ],
  run: runTaint,
};

interface TaintChanges {
  readonly add: readonly JsonObject[];
  readonly remove: readonly JsonObject[];
}

async function runTaint(context: Context): Promise<void> {
  const { flags } = context;
  const dryRun = dryRunOf(context);
  const { resources, specs } = splitArguments(context.args);
  if (resources.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (specs.length === 0) throw new CommandError('at least one taint update is required');
  const changes = parseOrExplain(context, specs);
  const type = (resources[0] ?? '').split('/')[0] ?? '';
  const resource = await context.mapper().resource(type);
  if (resource.kind !== 'Node') {
    throw new CommandError(`invalid resource type ${type.toLowerCase()}, only node types are supported`);
  }
  const print = resultPrinter(context, dryRun);
  const found = await findResources(context, {
    args: resources,
    labelSelector: flags.string('selector'),
    selectAll: flags.bool('all'),
    latest: true,
    continueOnError: true,
  });
  await found.visit(async (info) => {
    const before = info.object ?? {};
    const { taints, operation } = updated(context, before, changes);
    const spec = { ...objectAt(before, 'spec'), taints };
    const after = { ...before, spec };
    if (dryRun === 'client') return print(after, operation);
    const patch = twoWayPatch(before, after, 'strategic');
    const query = writeQuery({ dryRun, fieldManager: flags.string('field-manager'), fieldValidation: 'Strict' });
    print(await patchInfo(context, info, { type: 'strategic', patch, query }), operation);
  });
}

/** What is wrong with a taint points to the command's help. */
function parseOrExplain(context: Context, specs: readonly string[]): TaintChanges {
  try {
    return parseTaints(specs);
  } catch (error) {
    throw error instanceof CommandError ? context.usageError(error.message) : error;
  }
}

function splitArguments(args: readonly string[]): { resources: readonly string[]; specs: readonly string[] } {
  const resources: string[] = [];
  const specs: string[] = [];
  for (const arg of args) {
    const isTaint = (arg.includes('=') && !arg.startsWith('=')) || arg.includes(':') || arg.endsWith('-');
    if (isTaint) specs.push(arg);
    else if (specs.length === 0) resources.push(arg);
    else throw new CommandError(`all resources must be specified before taint changes: ${arg}`);
  }
  return { resources, specs };
}

function parseTaints(specs: readonly string[]): TaintChanges {
  const add: JsonObject[] = [];
  const remove: JsonObject[] = [];
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const { key, effect } = parseTaint(spec.slice(0, -1));
      remove.push({ key, ...(effect === '' ? {} : { effect }) });
      continue;
    }
    const { key, value, effect } = parseTaint(spec);
    if (effect === '') throw new CommandError(`invalid taint spec: ${spec}`);
    if (add.some((item) => item.key === key && item.effect === effect)) {
      throw new CommandError(`duplicated taints with the same key and effect: {${key} ${value} ${effect} <nil>}`);
    }
    add.push({ effect, key, ...(value === '' ? {} : { value }) });
  }
  const conflicts = add.flatMap((added) =>
    remove.filter((item) => item.key === added.key && (item.effect ?? added.effect) === added.effect),
  );
  if (conflicts.length > 0) {
    const texts = conflicts.map((item) => `${textAt(item, 'key')}=${textAt(item, 'effect')}`);
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: ${texts.join(', ')}`,
    );
  }
  return { add, remove };
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** `key=value:Effect`, `key:Effect`, `key` */
function parseTaint(spec: string): { readonly key: string; readonly value: string; readonly effect: string } {
  const [pair = '', effect = '', ...more] = spec.split(':');
  if (more.length > 0) throw new CommandError(`invalid taint spec: ${spec}`);
  if (spec.includes(':') && !effects.includes(effect)) {
    throw new CommandError(`invalid taint effect: ${effect}, unsupported taint effect`);
  }
  const [key = '', value = '', ...rest] = spec.includes(':') ? pair.split('=') : [pair];
  if (rest.length > 0) throw new CommandError(`invalid taint spec: ${spec}`);
  const problems = validLabelValue(value).length > 0 ? validLabelValue(value) : qualifiedName(key);
  if (problems.length > 0) throw new CommandError(`invalid taint spec: ${spec}, ${problems.join('; ')}`);
  return { key, value, effect };
}

function updated(context: Context, node: JsonObject, { add, remove }: TaintChanges) {
  const old = objectsAt(node, 'spec.taints');
  const overwrite = context.flags.bool('overwrite');
  const same = (a: JsonObject, b: JsonObject) => a.key === b.key && a.effect === b.effect;
  const taken = add.filter((item) => old.some((present) => same(item, present)));
  if (!overwrite && taken.length > 0) {
    const keys = taken.map((item) => textAt(item, 'key')).join(',');
    const name = textAt(node, 'metadata.name');
    throw new CommandError(`node ${name} already has ${keys} taint(s) with same effect(s) and --overwrite is false`);
  }
  let taints: readonly JsonObject[] = [...add, ...old.filter((present) => !add.some((item) => same(item, present)))];
  const added = taints.length !== old.length;
  let deleted = false;
  for (const item of remove) {
    const matches = (present: JsonObject) =>
      item.effect === undefined ? present.key === item.key : same(item, present);
    const kept = taints.filter((present) => !matches(present));
    deleted = kept.length !== taints.length;
    if (!deleted) throw new CommandError(`taint ${JSON.stringify(taintText(item))} not found`);
    taints = kept;
  }
  return { taints, operation: (added && deleted) || overwrite ? 'modified' : added ? 'tainted' : 'untainted' };
}
