// IngressClasses: which controller serves which Ingresses.
import type { IngressClass } from '../api/generated/types.ts';
import { ageColumn, namedColumn, textColumn } from './columns.ts';
import { specGeneration } from './generation.ts';
import { defineKind } from './kind.ts';
import { change, fill } from './share.ts';

/** What the server knows about IngressClasses. */
export const ingressClass = defineKind<IngressClass>({
  ...specGeneration,
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  defaults: (one) =>
    change(one, 'spec', (spec) => change(spec, 'parameters', (parameters) => fill(parameters, { scope: 'Cluster' }))),
  columns: [
    namedColumn(({ metadata }) => {
      const isDefault = metadata?.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
      return `${metadata?.name ?? ''}${isDefault ? ' (default)' : ''}`;
    }),
    textColumn('Controller', 'The controller that serves it.', ({ spec }) => spec?.controller ?? ''),
    textColumn('Parameters', 'The object that has more to say.', ({ spec }) => {
      if (!spec?.parameters) return '<none>';
      const { kind, apiGroup, name } = spec.parameters;
      return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
    }),
    ageColumn,
  ],
});
