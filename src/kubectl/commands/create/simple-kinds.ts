// Commands that make small objects: namespaces, service accounts, quotas, disruption budgets, priority classes.
import { parseQuantity, QuantityError } from '../../../api/quantity.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { Context } from '../../context.ts';
import { CommandError } from '../../errors.ts';
import { flag } from '../../flags.ts';
import { parseLabelSelector } from '../../label-pairs.ts';
import { generatorCommand } from './generator.ts';

export const createNamespace = generatorCommand({
  use: 'namespace NAME [--dry-run=server|client|none]',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name',
  example: '# A namespace named my-namespace\nkubectl create namespace my-namespace',
  flags: [],
  resource: { group: '', version: 'v1', resource: 'namespaces' },
  clusterScoped: true,
  failure: '',
  build: (_, name) => ({ kind: 'Namespace', apiVersion: 'v1', metadata: { name }, spec: {}, status: {} }),
});

export const createServiceAccount = generatorCommand({
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  example: '# A service account named my-service-account\nkubectl create serviceaccount my-service-account',
  flags: [],
  resource: { group: '', version: 'v1', resource: 'serviceaccounts' },
  failure: 'failed to create serviceaccount: ',
  build: (_, name) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name } }),
});

export const createQuota = generatorCommand({
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  aliases: ['resourcequota'],
  short: 'Create a quota with the specified name',
  example: '# Limits for the pods of a namespace\nkubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2',
  flags: [
    flag.string('hard', 'Comma-separated resource=quantity pairs: the hard limits.'),
    flag.string('scopes', 'Comma-separated scopes that each counted object must match.'),
  ],
  resource: { group: '', version: 'v1', resource: 'resourcequotas' },
  failure: 'failed to create quota: ',
  build: buildQuota,
});

export const createPodDisruptionBudget = generatorCommand({
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  aliases: ['pdb'],
  short: 'Create a pod disruption budget with the specified name',
  example:
    '# At least one pod of app=rails stays up\nkubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1',
  flags: [
    flag.string('max-unavailable', 'The most pods, or the largest share, that may be unavailable.'),
    flag.string('min-available', 'The fewest pods, or the smallest share, that must be available.'),
    flag.string('selector', 'Label selector of the budget, of equalities only.'),
  ],
  resource: { group: 'policy', version: 'v1', resource: 'poddisruptionbudgets' },
  failure: 'failed to create poddisruptionbudgets: ',
  build: buildBudget,
});

export const createPriorityClass = generatorCommand({
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  aliases: ['pc'],
  short: 'Create a priority class with the specified name',
  example: '# A priority class\nkubectl create priorityclass high-priority --value=1000 --description="high priority"',
  flags: [
    flag.string('description', 'When this priority class should be used.'),
    flag.bool('global-default', 'Whether it is the priority of pods that name none.'),
    flag.string('preemption-policy', 'Whether pods of lower priority make room.', { default: 'PreemptLowerPriority' }),
    flag.int32('value', 'The value of this priority class.'),
  ],
  resource: { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' },
  clusterScoped: true,
  failure: 'failed to create priorityclass: ',
  build: ({ flags }, name) => ({
    kind: 'PriorityClass',
    apiVersion: 'scheduling.k8s.io/v1',
    metadata: { name },
    value: flags.number('value'),
    ...(flags.bool('global-default') ? { globalDefault: true } : {}),
    ...(flags.string('description') === '' ? {} : { description: flags.string('description') }),
    preemptionPolicy: flags.string('preemption-policy'),
  }),
});

function buildQuota({ flags }: Context, name: string): JsonObject {
  const hard = flags.string('hard') === '' ? [] : flags.string('hard').split(',').map(hardLimit);
  const scopes = flags.string('scopes') === '' ? [] : flags.string('scopes').split(',');
  if (scopes.includes('')) throw new CommandError('invalid resource quota scope ""');
  const spec = {
    ...(hard.length > 0 ? { hard: Object.fromEntries(hard) } : {}),
    ...(scopes.length > 0 ? { scopes } : {}),
  };
  return { kind: 'ResourceQuota', apiVersion: 'v1', metadata: { name }, spec, status: {} };
}

function hardLimit(statement: string): readonly [string, string] {
  const [resource = '', quantity, ...more] = statement.split('=');
  if (quantity === undefined || more.length > 0) {
    throw new CommandError(`Invalid argument syntax ${statement}, expected <resource>=<value>`);
  }
  try {
    return [resource, parseQuantity(quantity).toString()];
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new CommandError(error.message);
  }
}

function buildBudget({ flags }: Context, name: string): JsonObject {
  const [selector, min, max] = [
    flags.string('selector'),
    flags.string('min-available'),
    flags.string('max-unavailable'),
  ];
  if (selector === '') throw new CommandError('a selector must be specified');
  if (min === '' && max === '') throw new CommandError('one of min-available or max-unavailable must be specified');
  if (min !== '' && max !== '') throw new CommandError('min-available and max-unavailable cannot be both specified');
  const written = min || max;
  if (!/^[0-9]+%?$/.test(written)) {
    throw new CommandError(`invalid format specified for ${min === '' ? 'max-unavailable' : 'min-available'}`);
  }
  const amount = written.endsWith('%') ? written : Number(written);
  const limit = min === '' ? { maxUnavailable: amount } : { minAvailable: amount };
  return {
    kind: 'PodDisruptionBudget',
    apiVersion: 'policy/v1',
    metadata: { name },
    spec: {
      ...(min === '' ? {} : limit),
      selector: parseLabelSelector(selector),
      ...(min === '' ? limit : {}),
    },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  };
}
