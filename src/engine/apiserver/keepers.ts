// What an API server keeps right by itself, beside answering requests.
import type { Scope } from '../sim/scope.ts';
import type { ApiCore } from './api-core.ts';
import { ApiServices } from './api-services.ts';
import { keepDefaultServiceCidr } from './default-service-cidr.ts';
import { keepFlowSchemaStatus } from './fairness/flow-schema-status.ts';
import type { ResourceStorage } from './resource-storage.ts';

interface Parts {
  readonly scope: Scope;
  readonly api: ApiCore;
  storage(place: string): ResourceStorage;
  /** The range of Services' addresses that the server's flags say. */
  range(): string;
}

export function startKeepers(parts: Parts): void {
  new ApiServices(parts);
  keepFlowSchemaStatus(parts);
  keepDefaultServiceCidr(parts);
}
