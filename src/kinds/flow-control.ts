// FlowSchemas and PriorityLevelConfigurations: checked, stored and shown.
import type { FlowSchema, PriorityLevelConfiguration } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn, valueColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { change, fill, fillZero } from './share.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'flowcontrol.apiserver.k8s.io';

/** What the server knows about FlowSchemas. */
export const flowSchema = defineKind<FlowSchema>({
  ...specGeneration,
  ...statusOfItsOwn,
  group,
  kind: 'FlowSchema',
  defaults: (schema) => change(schema, 'spec', (spec) => fillZero(spec, { matchingPrecedence: 1000 })),
  columns: [
    nameColumn,
    textColumn('PriorityLevel', 'Where its requests go.', ({ spec }) => spec?.priorityLevelConfiguration.name ?? ''),
    valueColumn(
      'MatchingPrecedence',
      'The lower, the sooner it is tried.',
      ({ spec }) => spec?.matchingPrecedence ?? 0,
    ),
    textColumn('DistinguisherMethod', 'What sets its flows apart.', ({ spec }) => {
      return spec?.distinguisherMethod?.type ?? '<none>';
    }),
    ageColumn,
    textColumn('MissingPL', 'Whether its priority level is missing.', ({ status }) => {
      return status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?';
    }),
  ],
});

/** What a FlowSchema's status says of the priority level that it refers to. `now` is a time as the API has it. */
export function danglingCondition(level: string, { found, now }: { readonly found: boolean; readonly now: string }) {
  const about = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return {
    type: 'Dangling',
    status: found ? 'False' : 'True',
    lastTransitionTime: now,
    reason: found ? 'Found' : 'NotFound',
    message: `${about} ${found ? 'and it exists' : 'but there is no such object'}`,
  };
}

/** What the server knows about PriorityLevelConfigurations. */
export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  ...specGeneration,
  ...statusOfItsOwn,
  group,
  kind: 'PriorityLevelConfiguration',
  defaults: (level) => change(level, 'spec', levelDefaults),
  columns: [
    nameColumn,
    textColumn('Type', 'Limited or Exempt.', ({ spec }) => spec?.type ?? ''),
    valueColumn('NominalConcurrencyShares', 'Its share of the server.', ({ spec }) => {
      return spec?.limited ? (spec.limited.nominalConcurrencyShares ?? 0) : '<none>';
    }),
    valueColumn('Queues', 'Number of queues.', (level) => queuingOf(level)?.queues ?? '<none>'),
    valueColumn('HandSize', 'Queues that one flow may use.', (level) => queuingOf(level)?.handSize ?? '<none>'),
    valueColumn('QueueLengthLimit', 'Most requests in a queue.', (level) => {
      return queuingOf(level)?.queueLengthLimit ?? '<none>';
    }),
    ageColumn,
  ],
});

type LevelSpec = NonNullable<PriorityLevelConfiguration['spec']>;

function levelDefaults(given: LevelSpec): LevelSpec {
  const spec = change(given, 'exempt', (exempt) => fill(exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 }));
  return change(spec, 'limited', (limited) =>
    change(fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 }), 'limitResponse', (response) =>
      change(response, 'queuing', (queuing) => fillZero(queuing, { handSize: 8, queues: 64, queueLengthLimit: 50 })),
    ),
  );
}

function queuingOf({ spec }: PriorityLevelConfiguration) {
  return spec?.limited?.limitResponse?.queuing;
}
