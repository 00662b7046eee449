// The gateway's calls about users, roles and permissions, and who may make which of all its calls.
import { isList, isObject, type JsonObject } from '../../base/json.ts';
import type { Work } from '../sim/work.ts';
import { AuthError, type Permission, type PermissionType } from './auth-store.ts';
import type { Call, Gateway } from './gateway-port.ts';
import { base64, leaseNumber, textOf } from './gateway-values.ts';

/** Throws AuthError unless whoever asks may make a call. */
export function checkPermitted({ cluster, user }: Gateway, path: string, request: JsonObject): void {
  const { auth } = cluster;
  if (!auth.enabled) return;
  if (administrators.has(path)) auth.checkAdministrator(user);
  const read = (range: JsonObject): void => auth.check(user, 'READ', rangeOf(range));
  const write = (range: JsonObject): void => auth.check(user, 'WRITE', rangeOf(range));
  const writeLease = (ID: unknown): void => {
    for (const key of cluster.store.leaseKeys(leaseNumber(ID))) auth.check(user, 'WRITE', { key, end: '' });
  };
  const own = (named: unknown, isOwn: (name: string) => boolean): void => {
    if (user === undefined || !isOwn(String(named ?? ''))) auth.checkAdministrator(user);
  };
  if (path === '/v3/kv/range') read(request);
  else if (path === '/v3/kv/put') {
    write({ key: request.key ?? '' });
    writeLease(request.lease);
    if (request.prev_kv === true) read({ key: request.key ?? '' });
  } else if (path === '/v3/kv/deleterange') {
    write(request);
    if (request.prev_kv === true) read(request);
  } else if (path === '/v3/kv/txn') checkTransaction(request, { read, write });
  else if (path === '/v3/lease/revoke') writeLease(request.ID);
  else if (path === '/v3/lease/timetolive') {
    if (user === undefined) throw new AuthError('etcdserver: user name is empty', 3);
    for (const key of cluster.store.leaseKeys(leaseNumber(request.ID))) auth.check(user, 'READ', { key, end: '' });
  } else if (path === '/v3/auth/user/get') own(request.name, (name) => name === user);
  else if (path === '/v3/auth/role/get')
    own(request.role, (role) => user !== undefined && auth.user(user).roles.includes(role));
}

interface Checks {
  read(range: JsonObject): void;
  write(range: JsonObject): void;
}

function checkTransaction(request: JsonObject, { read, write }: Checks): void {
  for (const compare of objectsIn(request.compare)) read(compare);
  for (const operation of [...objectsIn(request.success), ...objectsIn(request.failure)]) {
    const { request_range: range, request_put: put, request_delete_range: gone } = operation;
    if (isObject(range)) read(range);
    if (isObject(put)) write({ key: put.key ?? '' });
    if (!isObject(gone)) continue;
    if (gone.prev_kv === true) read(gone);
    write(gone);
  }
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** Calls that only who has the root role may make. */
const administrators = new Set([
  ...['enable', 'disable', 'status'].map((name) => `/v3/auth/${name}`),
  ...['add', 'delete', 'changepw', 'grant', 'revoke', 'list'].map((name) => `/v3/auth/user/${name}`),
  ...['add', 'delete', 'grant', 'revoke', 'list'].map((name) => `/v3/auth/role/${name}`),
  ...['add', 'remove', 'update', 'promote'].map((name) => `/v3/cluster/member/${name}`),
  ...['defragment', 'snapshot', 'hash', 'hashkv', 'transfer-leadership', 'downgrade'].map(
    (name) => `/v3/maintenance/${name}`,
  ),
]);

function rangeOf({ key, range_end: end }: JsonObject): Pick<Permission, 'key' | 'end'> {
  return { key: textOf(key), end: textOf(end) };
}

/** A change that the members agree on. */
function change(run: (gateway: Gateway, request: JsonObject) => void): Call {
  return answer((gateway, request) => {
    run(gateway, request);
    return {};
  });
}

/** Questions are agreed on as changes are. */
function answer(run: (gateway: Gateway, request: JsonObject) => JsonObject): Call {
  return function* (gateway, request): Work<JsonObject> {
    yield* gateway.member.agree('write');
    return run(gateway, request);
  };
}

const text = (value: unknown): string => String(value ?? '');

function permissionIn(value: unknown): Permission {
  if (!isObject(value)) throw new AuthError('etcdserver: permission not given', 3);
  const types: Readonly<Record<string, PermissionType>> = { READ: 'READ', WRITE: 'WRITE', READWRITE: 'READWRITE' };
  return { ...rangeOf(value), type: types[text(value.permType)] ?? 'READ' };
}

function shown({ type, key, end }: Permission): JsonObject {
  return {
    ...(type !== 'READ' && { permType: type }),
    key: base64(key),
    ...(end !== '' && { range_end: base64(end) }),
  };
}

export const authCalls: Readonly<Record<string, Call>> = {
  '/v3/auth/authenticate': answer(({ cluster }, { name, password }) => ({
    token: cluster.auth.authenticate(text(name), text(password)),
  })),
  '/v3/auth/enable': change(({ cluster }) => cluster.auth.enable()),
  '/v3/auth/disable': change(({ cluster }) => cluster.auth.disable()),
  '/v3/auth/status': answer(({ cluster: { auth } }) => ({
    ...(auth.enabled && { enabled: true }),
    authRevision: String(auth.revision),
  })),
  '/v3/auth/user/add': change(({ cluster }, { name, password, options }) => {
    const none = isObject(options) && options.no_password === true;
    cluster.auth.addUser(text(name), none ? undefined : text(password));
  }),
  '/v3/auth/user/delete': change(({ cluster }, { name }) => cluster.auth.deleteUser(text(name))),
  '/v3/auth/user/changepw': change(({ cluster }, { name, password }) =>
    cluster.auth.changePassword(text(name), text(password)),
  ),
  '/v3/auth/user/grant': change(({ cluster }, { user, role }) => cluster.auth.grantRole(text(user), text(role))),
  '/v3/auth/user/revoke': change(({ cluster }, { name, role }) => cluster.auth.revokeRole(text(name), text(role))),
  '/v3/auth/user/get': answer(({ cluster }, { name }) => listed('roles', cluster.auth.user(text(name)).roles)),
  '/v3/auth/user/list': answer(({ cluster }) => listed('users', cluster.auth.userNames())),
  '/v3/auth/role/add': change(({ cluster }, { name }) => cluster.auth.addRole(text(name))),
  '/v3/auth/role/delete': change(({ cluster }, { role }) => cluster.auth.deleteRole(text(role))),
  '/v3/auth/role/grant': change(({ cluster }, { name, perm }) =>
    cluster.auth.grantPermission(text(name), permissionIn(perm)),
  ),
  '/v3/auth/role/revoke': change(({ cluster }, { role, ...range }) =>
    cluster.auth.revokePermission(text(role), rangeOf(range)),
  ),
  '/v3/auth/role/get': answer(({ cluster }, { role }) => {
    const { name, permissions } = cluster.auth.role(text(role));
    const everything: Permission = { type: 'READWRITE', key: '', end: '\0' };
    return listed('perm', (name === 'root' ? [everything] : permissions).map(shown));
  }),
  '/v3/auth/role/list': answer(({ cluster }) => listed('roles', cluster.auth.roleNames())),
};

function listed(name: string, values: readonly string[] | readonly JsonObject[]): JsonObject {
  return values.length > 0 ? { [name]: values } : {};
}
