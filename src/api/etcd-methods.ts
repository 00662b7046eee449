// The paths of etcd's JSON gateway as gRPC's methods, and gRPC's codes as words: clients and members tell of both.

/** Methods whose names do not follow from their path. */
const methods: Readonly<Record<string, string>> = {
  '/v3/kv/deleterange': 'KV/DeleteRange',
  '/v3/kv/compaction': 'KV/Compact',
  '/v3/lease/grant': 'Lease/LeaseGrant',
  '/v3/lease/revoke': 'Lease/LeaseRevoke',
  '/v3/lease/keepalive': 'Lease/LeaseKeepAlive',
  '/v3/lease/timetolive': 'Lease/LeaseTimeToLive',
  '/v3/lease/leases': 'Lease/LeaseLeases',
  '/v3/maintenance/transfer-leadership': 'Maintenance/MoveLeader',
  '/v3/maintenance/hashkv': 'Maintenance/HashKV',
  '/v3/auth/authenticate': 'Auth/Authenticate',
  '/v3/auth/user/changepw': 'Auth/UserChangePassword',
  '/v3/auth/user/grant': 'Auth/UserGrantRole',
  '/v3/auth/user/revoke': 'Auth/UserRevokeRole',
  '/v3/auth/role/grant': 'Auth/RoleGrantPermission',
  '/v3/auth/role/revoke': 'Auth/RoleRevokePermission',
};

/** `/v3/cluster/member/add` is `Cluster/MemberAdd`, `/v3/auth/enable` `Auth/AuthEnable`. */
export function etcdMethod(path: string): string {
  const known = Object.hasOwn(methods, path) ? methods[path] : undefined;
  if (known) return known;
  const [service = '', ...words] = path
    .split('/')
    .slice(2)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  if (service === 'Kv') return `KV/${words.join('')}`;
  return `${service}/${service === 'Auth' && words.length === 1 ? service : ''}${words.join('')}`;
}

const codes: Readonly<Record<number, string>> = {
  0: 'OK',
  2: 'Unknown',
  3: 'InvalidArgument',
  5: 'NotFound',
  7: 'PermissionDenied',
  8: 'ResourceExhausted',
  9: 'FailedPrecondition',
  11: 'OutOfRange',
  14: 'Unavailable',
  16: 'Unauthenticated',
};

/** What gRPC calls a code, e.g. 5: `NotFound`. */
export function grpcCode(code: number): string {
  return codes[code] ?? 'Unknown';
}
