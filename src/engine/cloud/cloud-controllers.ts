// The controllers of the cloud controller manager: one line each.
import type { ControllerDefinition } from '../client/controller.ts';
import { serviceController } from './service-controller.ts';

export const cloudControllers: readonly ControllerDefinition[] = [serviceController];
