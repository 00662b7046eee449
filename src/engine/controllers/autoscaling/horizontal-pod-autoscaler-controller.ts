// The horizontal pod autoscaler: looks at every autoscaler each 15 seconds.
import { horizontalPodAutoscalers, pods } from '../../../api/generated/resources.ts';
import type { HorizontalPodAutoscaler } from '../../../api/generated/types.ts';
import { late } from '../../../base/late.ts';
import { defineController } from '../../client/controller.ts';
import { keyOf } from '../../client/store.ts';
import { lateReconcile } from '../shared/late-reconcile.ts';
import { periodMs } from './period.ts';

const code = late('autoscaling', () => import('./autoscaling.ts'));

export const horizontalPodAutoscalerController = defineController({
  name: 'horizontal-pod-autoscaler',
  setup(context) {
    const { informers, queue } = context;
    const wait = (autoscaler: HorizontalPodAutoscaler): void => queue.addAfter(keyOf(autoscaler), periodMs);
    informers.informer(pods);
    informers.informer(horizontalPodAutoscalers).on({ added: wait, updated: wait });
    return lateReconcile(() => new (code().Autoscaling)(context));
  },
});
