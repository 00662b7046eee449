// APIServices: who serves which group and version.
import type { APIService } from '../api/generated/types.ts';
import { pathSegmentName } from '../api/names.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { change, fill } from './share.ts';

/** What the server knows about APIServices. */
export const apiService = defineKind<APIService>({
  group: 'apiregistration.k8s.io',
  kind: 'APIService',
  unconditionalUpdate: false,
  validName: pathSegmentName,
  defaults: (service) =>
    change(service, 'spec', (spec) => change(spec, 'service', (target) => fill(target, { port: 443 }))),
  columns: [
    nameColumn,
    textColumn('Service', 'The service that serves it.', ({ spec }) => {
      return spec?.service ? `${spec.service.namespace ?? ''}/${spec.service.name ?? ''}` : 'Local';
    }),
    textColumn('Available', 'Whether it can be reached.', ({ status }) => {
      const condition = status?.conditions?.find(({ type }) => type === 'Available');
      if (!condition) return 'Unknown';
      const { status: holds, reason } = condition;
      return holds === 'True' || !reason ? holds : `${holds} (${reason})`;
    }),
    ageColumn,
  ],
});
