// `kubectl auth can-i` and `kubectl auth whoami`
import { flagAt, objectAt, objectsAt, textAt, textsAt } from '../../base/fields.ts';
import { isList, type JsonObject } from '../../base/json.ts';
import { alignTabs } from '../../base/tab-writer.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { ruleRows } from '../describe/role.ts';
import { CommandError, ExitError } from '../errors.ts';
import { flag } from '../flags.ts';
import { objectPrinter, printFlags } from '../print/printer.ts';
import { reconcile } from './auth/reconcile.ts';

const canI: Command = {
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  short: 'Check whether an action is allowed',
  example:
    '# May I create pods in any namespace?\nkubectl auth can-i create pods --all-namespaces\n\n# All that I may do here\nkubectl auth can-i --list --namespace=foo',
  flags: [
    flag.bool('all-namespaces', 'Act in all namespaces.', { shorthand: 'A' }),
    flag.bool('list', 'Print all that is allowed.'),
    flag.bool('no-headers', 'Print the list without its heading.'),
    flag.bool('quiet', 'Print nothing; the exit code tells.', { shorthand: 'q' }),
    flag.string('subresource', 'A subresource such as pod/log or deployment/scale'),
  ],
  run: runCanI,
};

const whoami: Command = {
  use: 'whoami',
  short: 'Experimental: Check self subject attributes',
  example: `# Who am I?
kubectl auth whoami

# With all that the server tells
kubectl auth whoami -o json`,
  flags: [...printFlags()],
  run: runWhoami,
};

export const auth: Command = {
  use: 'auth [flags]',
  long: 'Inspect authorization.',
  subcommands: [canI, reconcile, whoami],
};

const authorization = '/apis/authorization.k8s.io/v1';

async function runCanI(context: Context): Promise<void> {
  const { flags, args } = context;
  if (flags.bool('list')) {
    if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
    await listAccess(context);
    return;
  }
  const [verb = '', what = ''] = args;
  if (args.length !== 2) {
    throw new CommandError(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  }
  const spec = what.startsWith('/') ? urlSpec(context, verb, what) : await resourceSpec(context, verb, what);
  if (flags.bool('no-headers')) throw new CommandError('--no-headers cannot be set without --list specified');
  const review = await context.client().object({
    method: 'POST',
    path: `${authorization}/selfsubjectaccessreviews`,
    body: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec,
      status: { allowed: false },
    },
    about: { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
  });
  const allowed = flagAt(review, 'status.allowed');
  const reasons = [textAt(review, 'status.reason'), textAt(review, 'status.evaluationError')].filter(Boolean);
  if (!flags.bool('quiet')) context.out(allowed ? 'yes\n' : `${['no', ...reasons].join(' - ')}\n`);
  if (!allowed) throw new ExitError(1);
}

const urlVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];
const resourceVerbs =
  'get list watch create update patch delete deletecollection use bind impersonate * approve sign escalate attest'.split(
    ' ',
  );
const unlistedResources = ['users', 'groups'];

function urlSpec(context: Context, verb: string, path: string): JsonObject {
  if (context.flags.string('subresource') !== '') {
    throw new CommandError('--subresource can not be used with NonResourceURL');
  }
  if (!urlVerbs.includes(verb)) context.err(`Warning: verb '${verb}' is not a known verb\n\n`);
  return { nonResourceAttributes: { path, verb } };
}

async function resourceSpec(context: Context, verb: string, what: string): Promise<JsonObject> {
  const slash = what.indexOf('/');
  const [type, name] = slash < 0 ? [what, ''] : [what.slice(0, slash), what.slice(slash + 1)];
  const all = context.flags.bool('all-namespaces');
  const found = type === '*' ? undefined : await context.mapper().find(type.toLowerCase());
  if (!found && type !== '*' && !unlistedResources.includes(type)) {
    const dot = type.indexOf('.');
    const group = dot < 0 ? '' : ` in group '${type.slice(dot + 1)}'`;
    context.err(
      `Warning: the server doesn't have a resource type '${dot < 0 ? type : type.slice(0, dot)}'${group}\n\n`,
    );
  }
  if (found && !all && !found.namespaced) {
    const group = found.group === '' ? '' : ` in group '${found.group}'`;
    context.err(`Warning: resource '${found.resource}' is not namespace scoped${group}\n\n`);
  }
  if (!all && !resourceVerbs.includes(verb)) context.err(`Warning: verb '${verb}' is not a known verb\n\n`);
  const attributes = {
    namespace: all ? '' : context.namespace().ns,
    verb,
    group: found?.group ?? '',
    resource: found?.resource ?? type,
    subresource: context.flags.string('subresource'),
    name,
  };
  return { resourceAttributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')) };
}

async function listAccess(context: Context): Promise<void> {
  const { flags } = context;
  if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource') !== '') {
    throw new CommandError("list option can't be specified with neither quiet, all-namespaces nor subresource options");
  }
  const review = await context.client().object({
    method: 'POST',
    path: `${authorization}/selfsubjectrulesreviews`,
    body: {
      kind: 'SelfSubjectRulesReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: { namespace: context.namespace().ns },
      status: { resourceRules: null, nonResourceRules: null, incomplete: false },
    },
    about: { group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews' },
  });
  if (flagAt(review, 'status.incomplete')) {
    context.err(`Warning: the list may be incomplete: ${textAt(review, 'status.evaluationError')}\n`);
  }
  const rules = [...objectsAt(review, 'status.resourceRules'), ...objectsAt(review, 'status.nonResourceRules')];
  const heading = flags.bool('no-headers') ? [] : ['Resources\tNon-Resource URLs\tResource Names\tVerbs'];
  context.out(alignTabs([...heading, ...ruleRows(rules), ''].join('\n'), { minWidth: 6, padding: 3 }));
}

async function runWhoami(context: Context): Promise<void> {
  if (context.args.length > 0)
    throw new CommandError(`unknown command ${JSON.stringify(context.args[0])} for "kubectl auth whoami"`);
  const review = await context.client().object({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: {}, status: { userInfo: {} } },
    about: { group: 'authentication.k8s.io', resource: 'selfsubjectreviews' },
  });
  if (context.flags.string('output') !== '') {
    context.out(objectPrinter(context, { typed: true }).print(review));
    return;
  }
  const user = objectAt(review, 'status.userInfo');
  const lines = ['ATTRIBUTE\tVALUE', `Username\t${textAt(user, 'username')}`];
  if (textAt(user, 'uid') !== '') lines.push(`UID\t${textAt(user, 'uid')}`);
  const groups = textsAt(user, 'groups');
  if (groups.length > 0) lines.push(`Groups\t[${groups.join(' ')}]`);
  const extra = objectAt(user, 'extra') ?? {};
  for (const key of Object.keys(extra).sort()) {
    const values = extra[key];
    lines.push(`Extra: ${key}\t[${isList(values) ? values.join(' ') : ''}]`);
  }
  context.out(alignTabs([...lines, ''].join('\n'), { minWidth: 6, padding: 3 }));
}
