// DefaultBinder: tells the API server where the pod goes.
import { pods } from '../../../api/generated/resources.ts';
import { ApiError } from '../../../api/status.ts';
import { TransportError } from '../../client/transport.ts';
import type { PluginFactory } from '../framework.ts';
import { failed } from '../rejection.ts';

const name = 'DefaultBinder';

export const defaultBinder: PluginFactory = ({ client }) => ({
  name,
  *bind(pod, node) {
    try {
      yield* client.createSub(
        pods,
        { namespace: pod.namespace, name: pod.name, subresource: 'binding' },
        {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { namespace: pod.namespace, name: pod.name, uid: pod.uid },
          ...{ target: { kind: 'Node', name: node } },
        },
      );
      return undefined;
    } catch (error) {
      if (error instanceof ApiError || error instanceof TransportError) return failed(name, error.message);
      throw error;
    }
  },
});
