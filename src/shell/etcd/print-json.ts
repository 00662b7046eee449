// The gateway's answers as etcdctl's -w json shows them: 64-bit numbers as numbers, not as text.
import { isList, isObject, type JsonValue } from '../../base/json.ts';

const numbers = new Set(
  `cluster_id member_id revision raft_term create_revision mod_revision version lease count deleted ID TTL ttl
  grantedTTL granted-ttl id dbSize leader raftIndex raftTerm raftAppliedIndex dbSizeInUse dbSizeQuota memberID
  compact_revision hash hash_revision authRevision`.split(/\s+/),
);

export function printJson(value: JsonValue, key = ''): string {
  if (isList(value)) return `[${value.map((item) => printJson(item, key)).join(',')}]`;
  if (isObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${printJson(field, name)}`).join(',')}}`;
  }
  // JavaScript's numbers cannot hold them all, so that digits stay text until here.
  return numbers.has(key) && typeof value === 'string' && /^-?\d+$/.test(value) ? value : JSON.stringify(value);
}
