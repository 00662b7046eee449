// The controllers of the controller manager: one line each, in the order in which they start.
import type { ControllerDefinition } from '../client/controller.ts';
import { deploymentController } from './deployment/deployment-controller.ts';
import { replicaSetController } from './replicaset/replicaset-controller.ts';
import { replicationControllerController } from './replicaset/replicationcontroller-controller.ts';

export const controllers: readonly ControllerDefinition[] = [
  replicationControllerController,
  replicaSetController,
  deploymentController,
];
