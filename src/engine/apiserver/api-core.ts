// What the HTTP edge and the bootstrap need of the API server.
import type { ApiRequest, WatchSink } from '../../api/request.ts';
import type { JsonObject } from '../../base/json.ts';
import type { StoredObject } from '../../kinds/kind.ts';
import type { Stop } from '../sim/scope.ts';
import type { AdmissionChain } from './admission.ts';
import type { Auditor } from './audit/auditor.ts';
import type { Authenticator } from './authentication.ts';
import type { Authorizer } from './authorizer.ts';
import type { Fairness } from './fairness/fairness.ts';
import type { Operation, Outcome } from './operation.ts';
import type { RequestMemory } from './request-memory.ts';
import type { RequestTally } from './request-tally.ts';
import type { ResourceRegistry } from './served-resource.ts';
import type { Storages } from './storages.ts';

export interface PerformOptions {
  readonly decode?: Operation['decode'];
  readonly memory?: RequestMemory;
}

export interface ConnectionAdmission {
  readonly memory: RequestMemory;
  warn(text: string): void;
}

export interface ApiCore {
  readonly registry: ResourceRegistry;
  readonly authorizer: Authorizer;
  readonly authenticator: Authenticator;
  /** Undefined: nothing is audited. */
  readonly auditor: Auditor | undefined;
  readonly fairness: Fairness;
  /** What its command line says, as far as it is known. */
  readonly flags: ReadonlyMap<string, string>;
  /** Where it is reached, e.g. `172.18.0.2:6443`. */
  readonly address: string;
  /** How its storage is; undefined: it is its own and always well. */
  readonly etcdHealth: 'ok' | 'failed' | undefined;
  /** What it counts. */
  readonly tally: RequestTally;
  readonly storages: Pick<Storages, 'at'>;
  readonly admission: Pick<AdmissionChain, 'names'>;
  /** Answers one request. Throws ApiError; AnswersNeeded where it has to wait for what `memory` lacks. */
  perform(request: ApiRequest, warn: (text: string) => void, how?: PerformOptions): Outcome;
  /** Opens a watch at once. `opened` is called before the first event. Throws ApiError. */
  openWatch(request: ApiRequest, sink: WatchSink & { opened?(): void }): Stop;
  /** What admission makes of what a connection asks for. Throws ApiError; AnswersNeeded as perform does. */
  admitConnection(request: ApiRequest, options: JsonObject, how: ConnectionAdmission): JsonObject;
  /** An object by its name. Throws the NotFound that a request would get. */
  lookup(resource: string, namespace: string | undefined, name: string): StoredObject;
}
