// Says of every FlowSchema whether the priority level that it refers to is there: the condition Dangling.
import type { FlowSchema } from '../../../api/generated/types.ts';
import type { UserInfo } from '../../../api/request.ts';
import { ApiError } from '../../../api/status.ts';
import { formatTime } from '../../../base/time.ts';
import { danglingCondition } from '../../../kinds/flow-control.ts';
import type { Scope } from '../../sim/scope.ts';
import type { ApiCore } from '../api-core.ts';
import { asJson } from '../json-edge.ts';
import type { ResourceStorage } from '../resource-storage.ts';
import { soonAfter } from '../soon-after.ts';

interface Parts {
  readonly scope: Scope;
  readonly api: Pick<ApiCore, 'perform'>;
  storage(place: string): ResourceStorage;
}

const group = 'flowcontrol.apiserver.k8s.io';
const schemasPlace = `${group}/flowschemas`;
const levelsPlace = `${group}/prioritylevelconfigurations`;
const user: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };
/** An informer's delay. */
const noticeMs = 3;

/** Follows FlowSchemas and priority levels as long as the scope lives. */
export function keepFlowSchemaStatus(parts: Parts): void {
  const { scope, storage } = parts;
  const storages = [storage(schemasPlace), storage(levelsPlace)];
  soonAfter({ scope, delayMs: noticeMs, storages }, () => sync(parts));
}

function sync({ scope, api, storage }: Parts): void {
  for (const object of storage(schemasPlace).list(undefined)) {
    const schema = object as FlowSchema; // edge: an object of that resource
    const level = schema.spec?.priorityLevelConfiguration.name ?? '';
    const { conditions = [] } = schema.status ?? {};
    const found = storage(levelsPlace).get(level) !== undefined;
    const wanted = danglingCondition(level, { found, now: formatTime(scope.now) });
    const known = conditions.find(({ type }) => type === 'Dangling');
    if (known?.status === wanted.status && known.message === wanted.message) continue;
    const others = conditions.filter((condition) => condition !== known);
    const body = asJson({ ...schema, status: { ...schema.status, conditions: [...others, wanted] } });
    write(api, schema.metadata?.name ?? '', body);
  }
}

function write(api: Parts['api'], name: string, body: ReturnType<typeof asJson>): void {
  const request = { group, version: 'v1', resource: 'flowschemas', subresource: 'status', name, user };
  const userAgent = 'api-priority-and-fairness-config-consumer-v1/v1.36.2';
  try {
    api.perform({ ...request, verb: 'update', body, userAgent }, () => {});
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // it has changed meanwhile, which is noticed again
  }
}
