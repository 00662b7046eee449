// FlowSchemas and PriorityLevelConfigurations: stored and shown; requests are never queued here.
import type { FlowSchema, PriorityLevelConfiguration } from '../api/generated/types.ts';
import { ageColumn, nameColumn, textColumn, valueColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { statusOfItsOwn } from './status-of-its-own.ts';

const group = 'flowcontrol.apiserver.k8s.io';

/** What the server knows about FlowSchemas. */
export const flowSchema = defineKind<FlowSchema>({
  ...specGeneration,
  ...statusOfItsOwn,
  group,
  kind: 'FlowSchema',
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

/** What the server knows about PriorityLevelConfigurations. */
export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  ...specGeneration,
  ...statusOfItsOwn,
  group,
  kind: 'PriorityLevelConfiguration',
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

function queuingOf({ spec }: PriorityLevelConfiguration) {
  return spec?.limited?.limitResponse?.queuing;
}
