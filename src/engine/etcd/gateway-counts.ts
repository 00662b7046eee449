// What the gateway's calls are counted as: RPCs of etcd's services, and what they cost.
import { etcdMethod, grpcCode } from '../../api/etcd-methods.ts';
import { isList, type JsonObject } from '../../base/json.ts';
import type { Gateway } from './gateway-port.ts';

interface Counted {
  readonly path: string;
  readonly request: JsonObject;
}

/** A call has begun; what is returned is told of its end. */
export function countedCall(
  { meters, cluster }: Gateway,
  { path, request }: Counted,
): (code: number, answer: JsonObject) => void {
  const began = cluster.scope.now;
  return (code, answer) => {
    const success = code === 0;
    const seconds = (cluster.scope.now - began) / 1000;
    meters.rpcs.add(`${etcdMethod(path)} ${grpcCode(code)}`);
    if (path === '/v3/kv/range') meters.ranged.of(`success="${success}"`).observe(seconds);
    const op = Object.hasOwn(operations, path) ? operations[path] : undefined;
    if (op) meters.applied.of(`op="${op}",success="${success}",version="v3"`).observe(seconds);
    if (success) meters.clientWrites += writesOf(path, answer);
    const parts = [request.success, request.failure].map((list) => (isList(list) ? list.length : 0));
    if (path === '/v3/kv/txn' && success && Math.max(...parts) > 1) meters.transactions++;
  };
}

const operations: Readonly<Record<string, string>> = {
  '/v3/kv/put': 'Put',
  '/v3/kv/deleterange': 'DeleteRange',
  '/v3/kv/txn': 'Txn',
  '/v3/kv/compaction': 'Compaction',
  '/v3/lease/grant': 'LeaseGrant',
  '/v3/lease/revoke': 'LeaseRevoke',
};

function writesOf(path: string, answer: JsonObject): number {
  if (path === '/v3/kv/put') return 1;
  if (path === '/v3/kv/deleterange') return Number(answer.deleted ?? 0);
  return path === '/v3/kv/txn' && isList(answer.responses) ? answer.responses.length : 0;
}
