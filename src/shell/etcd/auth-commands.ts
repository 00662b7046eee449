// etcdctl auth, user, role: who may ask etcd for what.
import { decodeUtf8 } from '../../base/bytes.ts';
import type { JsonObject } from '../../base/json.ts';
import { takeUntil } from '../text/line-reader.ts';
import {
  type EtcdctlCall,
  type EtcdctlCommand,
  expectOperands,
  type Field,
  headerFields,
  listIn,
  print,
  textIn,
} from './command.ts';
import { decodeBytes, encodeKey } from './etcd-client.ts';
import { EtcdctlError } from './etcdctl-error.ts';
import { text, toggle } from './flags.ts';
import { prefixRange } from './key-operations.ts';
import { askSecret } from './secrets.ts';

/** A command that etcd answers with nothing but a header. */
interface Change {
  readonly name: string;
  readonly use?: string;
  readonly about: string;
  readonly operands: number;
  readonly complaint: string;
  readonly path: string;
  request(operands: readonly string[]): JsonObject;
  told(operands: readonly string[]): string;
}

function changeCommand({ operands: count, complaint, path, request, told, ...named }: Change): EtcdctlCommand {
  return {
    ...named,
    async run(call) {
      const operands = expectOperands(call, count, complaint);
      return changed(call, await call.client.call(path, request(operands)), `${told(operands)}\n`);
    },
  };
}

function changed(call: EtcdctlCall, answer: JsonObject, simple: string): Promise<number> {
  return print(call, { simple, json: answer, fields: headerFields(answer), message: ['HeaderResponse', answer] });
}

const authEnable: EtcdctlCommand = {
  name: 'auth enable',
  about: 'Enables authentication',
  async run(call) {
    expectOperands(call, 0, 'auth enable command does not accept any arguments');
    const enable = () => call.client.call('/v3/auth/enable', {});
    try {
      await enable();
    } catch (error) {
      if (!(error instanceof EtcdctlError) || error.message !== 'etcdserver: root user does not have root role')
        throw error;
      await call.client.call('/v3/auth/role/add', { name: 'root' });
      await call.client.call('/v3/auth/user/grant', { user: 'root', role: 'root' });
      await enable();
    }
    await call.out('Authentication Enabled\n');
    return 0;
  },
};

const authDisable: EtcdctlCommand = {
  name: 'auth disable',
  about: 'Disables authentication',
  async run(call) {
    expectOperands(call, 0, 'auth disable command does not accept any arguments');
    await call.client.call('/v3/auth/disable', {});
    await call.out('Authentication Disabled\n');
    return 0;
  },
};

const authStatus: EtcdctlCommand = {
  name: 'auth status',
  about: 'Returns authentication status',
  async run(call) {
    expectOperands(call, 0, 'auth status command does not accept any arguments');
    const answer = await call.client.call('/v3/auth/status', {});
    const simple = `Authentication Status: ${answer.enabled === true}\nAuthRevision: ${textIn(answer, 'authRevision')}\n`;
    return print(call, { simple, json: answer, message: ['AuthStatusResponse', answer] });
  },
};

const userAdd: EtcdctlCommand = {
  name: 'user add',
  use: '<user name or user:password> [options]',
  about: 'Adds a new user',
  options: [
    toggle('interactive', 'ask for the password twice; =false: read it from standard input', { initial: 'true' }),
    text('new-user-password', 'the password'),
    toggle('no-password', 'a user who comes with a certificate alone'),
  ],
  async run(call) {
    const { options } = call;
    const [given = ''] = expectOperands(call, 1, 'user add command requires user name as its argument');
    const path = '/v3/auth/user/add';
    const add = async (name: string, request: JsonObject): Promise<number> =>
      changed(call, await call.client.call(path, { name, ...request }), `User ${name} created\n`);
    if (options.has('no-password')) return add(given, { options: { no_password: true } });
    const flag = options.text('new-user-password') ?? '';
    if (flag !== '') return add(given, { password: flag });
    const [, name, own] = /^([^:]*):([\s\S]*)$/.exec(given) ?? [];
    if (name === '') throw new EtcdctlError('empty user name is not allowed', 128);
    return add(name ?? given, { password: own ?? (await passwordOf(call, given)) });
  },
};

const userPasswd: EtcdctlCommand = {
  name: 'user passwd',
  use: '<user name> [options]',
  about: 'Changes password of user',
  options: [
    toggle('interactive', 'ask for the password twice; =false: read it from standard input', { initial: 'true' }),
  ],
  async run(call) {
    const [name = ''] = expectOperands(call, 1, 'user passwd command requires user name as its argument');
    const password = await passwordOf(call, name);
    return changed(call, await call.client.call('/v3/auth/user/changepw', { name, password }), 'Password updated\n');
  },
};

async function passwordOf({ options, process }: EtcdctlCall, name: string): Promise<string> {
  if (options.text('interactive') === 'false') {
    const { bytes } = await takeUntil(process.stdin, { delimiter: 10 });
    return decodeUtf8(bytes).trim().split(/\s/)[0] ?? '';
  }
  const first = await askSecret(process, `Password of ${name}: `);
  if (first === '') throw new EtcdctlError('empty password', 128);
  const second = await askSecret(process, `Type password of ${name} again for confirmation: `);
  if (first !== second) throw new EtcdctlError('given passwords are different', 128);
  return first;
}

const userGet: EtcdctlCommand = {
  name: 'user get',
  use: '<user name> [options]',
  about: 'Gets detailed information of a user',
  options: [toggle('detail', 'what the roles permit')],
  async run(call) {
    const [name = ''] = expectOperands(call, 1, 'user get command requires user name as its argument');
    const answer = await call.client.call('/v3/auth/user/get', { name });
    const roles = wordsIn(answer, 'roles');
    if (!call.options.has('detail'))
      return print(call, {
        simple: `User: ${name}\nRoles:${roles.map((role) => ` ${role}`).join('')}\n`,
        json: answer,
        message: ['AuthUserGetResponse', answer],
      });
    await call.out(`User: ${name}\n`);
    for (const role of roles) {
      await call.out('\n');
      await showRole(call, role);
    }
    return 0;
  },
};

const userList = listCommand({ name: 'user list', about: 'Lists all users', path: '/v3/auth/user/list', key: 'users' });
const roleList = listCommand({ name: 'role list', about: 'Lists all roles', path: '/v3/auth/role/list', key: 'roles' });

interface Listing {
  readonly name: string;
  readonly about: string;
  readonly path: string;
  readonly key: 'users' | 'roles';
}

function listCommand({ name, about, path, key }: Listing): EtcdctlCommand {
  return {
    name,
    about,
    async run(call) {
      expectOperands(call, 0, `${name} command requires no arguments`);
      const answer = await call.client.call(path, {});
      const words = wordsIn(answer, key);
      const quoted = words.map((word) => JSON.stringify(word)).join(' ');
      const fields: readonly Field[] = [...headerFields(answer), ['Roles', quoted, 'raw']];
      const simple = words.map((word) => `${word}\n`).join('');
      const message = [key === 'roles' ? 'AuthRoleListResponse' : 'AuthUserListResponse', answer] as const;
      return print(call, { simple, json: answer, message, ...(key === 'roles' && { fields }) });
    },
  };
}

function wordsIn(answer: JsonObject, key: string): readonly string[] {
  const value = answer[key];
  return Array.isArray(value) ? value.map(String) : [];
}

const roleGet: EtcdctlCommand = {
  name: 'role get',
  use: '<role name>',
  about: 'Gets detailed information of a role',
  async run(call) {
    const [role = ''] = expectOperands(call, 1, 'role get command requires role name as its argument');
    return showRole(call, role);
  },
};

const types: Readonly<Record<string, number>> = { READ: 0, WRITE: 1, READWRITE: 2 };

async function showRole(call: EtcdctlCall, role: string): Promise<number> {
  const answer = await call.client.call('/v3/auth/role/get', { role });
  const permissions = listIn(answer, 'perm');
  const typeOf = ({ permType = 'READ' }: JsonObject): string => String(permType);
  const lines = (without: string): string =>
    permissions
      .filter((permission) => typeOf(permission) !== without)
      .map((permission) => `\t${rangeText(permission)}\n`)
      .join('');
  return print(call, {
    simple: `Role ${role}\nKV Read:\n${lines('WRITE')}KV Write:\n${lines('READ')}`,
    json: {
      ...answer,
      ...(permissions.length > 0 && {
        perm: permissions.map(({ permType = 'READ', ...range }) => ({
          ...(permType !== 'READ' && { permType: types[String(permType)] ?? 0 }),
          ...range,
        })),
      }),
    },
    message: ['AuthRoleGetResponse', answer],
    fields: [
      ...headerFields(answer),
      ...permissions.flatMap((permission): readonly Field[] => [
        ['PermType', ` ${typeOf(permission)}`, 'raw'],
        ['Key', decoded(permission.key)],
        ['RangeEnd', decoded(permission.range_end)],
      ]),
    ],
  });
}

function rangeText({ key, range_end: end }: JsonObject): string {
  const [from, to] = [decoded(key), decoded(end)];
  if (to === '') return from;
  const isPrefix = from !== '' && to !== '\0' && decoded(prefixRange(from).range_end) === to;
  return `[${from}, ${to === '\0' ? '<open ended>' : `${to})`}${isPrefix ? ` (prefix ${from})` : ''}`;
}

function decoded(value: unknown): string {
  return decodeUtf8(decodeBytes(value));
}

const rangeFlags = [toggle('prefix', 'all keys that begin so'), toggle('from-key', 'this key and all behind it')];

const roleGrantPermission: EtcdctlCommand = {
  name: 'role grant-permission',
  use: '[options] <role name> <permission type> <key> [endkey]',
  about: 'Grants a key to a role',
  options: rangeFlags,
  async run(call) {
    const [name = '', type = '', ...keys] = call.operands;
    if (keys.length === 0)
      throw new EtcdctlError(
        'role grant command requires role name, permission type, and key [endkey] as its argument',
        128,
      );
    const permType = type.toUpperCase();
    if (!Object.hasOwn(types, permType)) throw new EtcdctlError(`invalid permission type: ${type}`, 128);
    const { key, end } = permittedRange(call, keys);
    const perm = { permType, key: encodeKey(key), ...(end !== '' && { range_end: encodeKey(end) }) };
    return changed(call, await call.client.call('/v3/auth/role/grant', { name, perm }), `Role ${name} updated\n`);
  },
};

const roleRevokePermission: EtcdctlCommand = {
  name: 'role revoke-permission',
  use: '<role name> <key> [endkey]',
  about: 'Revokes a key from a role',
  options: rangeFlags,
  async run(call) {
    const [role = '', ...keys] = call.operands;
    if (keys.length === 0)
      throw new EtcdctlError('role revoke-permission command requires role name and key [endkey] as its argument', 128);
    const { key, end } = permittedRange(call, keys);
    const request = { role, key: encodeKey(key), ...(end !== '' && { range_end: encodeKey(end) }) };
    const range = `[${keys[0]}, ${end === '\0' ? '<open ended>' : `${end})`}`;
    const what = end === '' ? `key ${keys[0]}` : `range ${range}`;
    const simple = `Permission of ${what} is revoked from role ${role}\n`;
    return changed(call, await call.client.call('/v3/auth/role/revoke', request), simple);
  },
};

/** `end`: empty for the key alone, `\0` for all from the key on. */
function permittedRange({ options }: EtcdctlCall, [key = '', end]: readonly string[]) {
  const fail = (message: string): EtcdctlError => new EtcdctlError(message, 128);
  const [prefix, fromKey] = [options.has('prefix'), options.has('from-key')];
  if (end !== undefined && key !== '' && (prefix || fromKey))
    throw fail(`unexpected endkey argument with ${prefix ? '--prefix' : '--from-key'} flag`);
  if (prefix && fromKey) throw fail('--from-key and --prefix flags are mutually exclusive');
  if (key === '') return { key: '\0', end: prefix || fromKey ? '\0' : '' };
  if (prefix) return { key, end: decoded(prefixRange(key).range_end) };
  return { key, end: fromKey ? '\0' : (end ?? '') };
}

export const authCommands: readonly EtcdctlCommand[] = [
  authEnable,
  authDisable,
  authStatus,
  userAdd,
  changeCommand({
    name: 'user delete',
    use: '<user name>',
    about: 'Deletes a user',
    operands: 1,
    complaint: 'user delete command requires user name as its argument',
    path: '/v3/auth/user/delete',
    request: ([name = '']) => ({ name }),
    told: ([name]) => `User ${name} deleted`,
  }),
  userGet,
  userList,
  userPasswd,
  changeCommand({
    name: 'user grant-role',
    use: '<user name> <role name>',
    about: 'Grants a role to a user',
    operands: 2,
    complaint: 'user grant command requires user name and role name as its argument',
    path: '/v3/auth/user/grant',
    request: ([user = '', role = '']) => ({ user, role }),
    told: ([user, role]) => `Role ${role} is granted to user ${user}`,
  }),
  changeCommand({
    name: 'user revoke-role',
    use: '<user name> <role name>',
    about: 'Revokes a role from a user',
    operands: 2,
    complaint: 'user revoke-role requires user name and role name as its argument',
    path: '/v3/auth/user/revoke',
    request: ([name = '', role = '']) => ({ name, role }),
    told: ([user, role]) => `Role ${role} is revoked from user ${user}`,
  }),
  changeCommand({
    name: 'role add',
    use: '<role name>',
    about: 'Adds a new role',
    operands: 1,
    complaint: 'role add command requires role name as its argument',
    path: '/v3/auth/role/add',
    request: ([name = '']) => ({ name }),
    told: ([role]) => `Role ${role} created`,
  }),
  changeCommand({
    name: 'role delete',
    use: '<role name>',
    about: 'Deletes a role',
    operands: 1,
    complaint: 'role delete command requires role name as its argument',
    path: '/v3/auth/role/delete',
    request: ([role = '']) => ({ role }),
    told: ([role]) => `Role ${role} deleted`,
  }),
  roleGet,
  roleList,
  roleGrantPermission,
  roleRevokePermission,
];
