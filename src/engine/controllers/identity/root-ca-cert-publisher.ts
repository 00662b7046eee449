// The root CA certificate publisher: every namespace has the config map by which pods trust the API server.
import { configMaps, namespaces } from '../../../api/generated/resources.ts';
import type { ConfigMap, Namespace } from '../../../api/generated/types.ts';
import { ApiError, isAlreadyExists } from '../../../api/status.ts';
import { equal } from '../../../base/json.ts';
import { type Controller, type ControllerContext, defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import type { Work } from '../../sim/work.ts';
import { isNamespaceTerminating } from '../shared/pod-control.ts';

const name = 'kube-root-ca.crt';
const descriptionAnnotation = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the ' +
  'internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export const rootCaCertPublisher = defineController({ name: 'root-ca-cert-publisher', setup });

function setup({ informers, queue, client, cluster }: ControllerContext): Controller {
  const all = informers.informer(namespaces);
  const maps = informers.informer(configMaps);
  const enqueue = (namespace: Namespace): void => queue.add(keyOf(namespace));
  const enqueueMap = (map: ConfigMap): void => {
    if (map.metadata?.name === name) queue.add(map.metadata.namespace ?? '');
  };
  all.on({ added: enqueue, updated: enqueue });
  maps.on({ updated: enqueueMap, deleted: enqueueMap });

  function* reconcile(namespace: string): Work<void> {
    if (all.lister.get(namespace)?.status?.phase !== 'Active') return;
    const data = { 'ca.crt': cluster.rootCa };
    const annotations = { [descriptionAnnotation]: description };
    const current = maps.lister.get(`${namespace}/${name}`);
    try {
      if (!current) {
        const metadata = { name, namespace, annotations };
        yield* client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
      } else if (!equal(current.data, data) || !current.metadata?.annotations?.[descriptionAnnotation]) {
        const metadata = { ...current.metadata, annotations: { ...current.metadata?.annotations, ...annotations } };
        yield* client.update(configMaps, { ...current, metadata, data });
      }
    } catch (error) {
      if (!(error instanceof ApiError) || !(isAlreadyExists(error) || isNamespaceTerminating(error))) throw error;
    }
  }
  return { reconcile };
}
