// What is wrong with ServiceAccounts.
import type { ObjectMeta, ServiceAccount } from '../../api/generated/types.ts';

import { defineChecks } from '../kind-checks.ts';

export const serviceAccountChecks = defineChecks<ServiceAccount>({
  group: '',
  kind: 'ServiceAccount',
  warnings: ({ metadata }, old) =>
    has(metadata) && !has(old?.metadata) ? [`metadata.annotations[${mountable}]: ${why}`] : [],
});

const mountable = 'kubernetes.io/enforce-mountable-secrets';

const why = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';

function has(metadata: ObjectMeta | undefined): boolean {
  return metadata?.annotations !== undefined && Object.hasOwn(metadata.annotations, mountable);
}
