// The flow schemas and priority levels that every cluster has, and that stay as they are.
import type { FlowSchemaSpec, PriorityLevelConfigurationSpec } from '../api/generated/types.ts';

export const mandatorySchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  'catch-all': {
    distinguisherMethod: { type: 'ByUser' },
    matchingPrecedence: 10000,
    priorityLevelConfiguration: { name: 'catch-all' },
    rules: [
      {
        nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }],
        resourceRules: [{ apiGroups: ['*'], clusterScope: true, namespaces: ['*'], resources: ['*'], verbs: ['*'] }],
        subjects: [
          { group: { name: 'system:unauthenticated' }, kind: 'Group' },
          { group: { name: 'system:authenticated' }, kind: 'Group' },
        ],
      },
    ],
  },
  exempt: {
    matchingPrecedence: 1,
    priorityLevelConfiguration: { name: 'exempt' },
    rules: [
      {
        nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }],
        resourceRules: [{ apiGroups: ['*'], clusterScope: true, namespaces: ['*'], resources: ['*'], verbs: ['*'] }],
        subjects: [{ group: { name: 'system:masters' }, kind: 'Group' }],
      },
    ],
  },
};

export const mandatoryLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  'catch-all': {
    limited: { lendablePercent: 0, limitResponse: { type: 'Reject' }, nominalConcurrencyShares: 5 },
    type: 'Limited',
  },
  exempt: { exempt: { lendablePercent: 0, nominalConcurrencyShares: 0 }, type: 'Exempt' },
  'global-default': {
    limited: {
      lendablePercent: 50,
      limitResponse: { queuing: { handSize: 6, queueLengthLimit: 50, queues: 128 }, type: 'Queue' },
      nominalConcurrencyShares: 20,
    },
    type: 'Limited',
  },
};
