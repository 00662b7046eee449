// The service account controller: every namespace has the account `default`.
import { namespaces, serviceAccounts } from '../../../api/generated/resources.ts';
import type { Namespace } from '../../../api/generated/types.ts';
import { ApiError, isAlreadyExists } from '../../../api/status.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';

const name = 'default';

export const serviceAccountController = defineController({ name: 'service-account-controller', setup });

function setup({ informers, queue, client }: ControllerContext): Controller {
  const all = informers.informer(namespaces);
  const accounts = informers.informer(serviceAccounts);
  const enqueue = (namespace: Namespace): void => queue.add(keyOf(namespace));
  all.on({ added: enqueue, updated: enqueue });
  accounts.on({ deleted: (account) => queue.add(account.metadata?.namespace ?? '') });

  function* reconcile(namespace: string): Work<void> {
    if (all.lister.get(namespace)?.status?.phase !== 'Active' || accounts.lister.get(`${namespace}/${name}`)) return;
    try {
      yield* client.create(serviceAccounts, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace },
      });
    } catch (error) {
      if (!(error instanceof ApiError) || !(isAlreadyExists(error) || isNamespaceTerminating(error))) throw error;
    }
  }
  return { reconcile };
}
