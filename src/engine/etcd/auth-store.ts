// etcd's users, roles and what they may: nobody asks for them until they are enabled.
//
//   user alice ── roles ──▶ role reader ── READ ──▶ [/app/, /app0)
//   user root  ── roles ──▶ role root: everything
//
// Left out: bcrypt, whose cost is what it is for; passwords are kept as digests.
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64, encodeUtf8 } from '../../base/bytes.ts';
import type { Scope } from '../sim/scope.ts';
import { EtcdError } from './member.ts';

export type PermissionType = 'READ' | 'WRITE' | 'READWRITE';

/** `end`: empty for the key alone, `\0` for all from the key on. */
export interface Permission {
  readonly type: PermissionType;
  readonly key: string;
  readonly end: string;
}

/** Plain data. */
export interface AuthSnapshot {
  readonly enabled: boolean;
  readonly revision: number;
  readonly users: readonly AuthUser[];
  readonly roles: readonly AuthRole[];
}

export interface AuthUser {
  readonly name: string;
  /** In order. */
  readonly roles: readonly string[];
  /** Undefined: it comes with a certificate alone. */
  readonly digest: string | undefined;
}

export interface AuthRole {
  readonly name: string;
  /** In the order of their keys. */
  readonly permissions: readonly Permission[];
}

/** `code` is gRPC's number. */
export class AuthError extends EtcdError {
  override name = 'AuthError';
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

const invalid = 3;
const denied = 7;
const precondition = 9;
const unauthenticated = 16;

const root = 'root';
/** How long a token is good that nobody shows. */
const defaultTokenMs = 300_000;
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const tokenLetters = 16;

export class AuthStore {
  enabled = false;
  revision = 1;
  /** --auth-token-ttl. */
  tokenMs = defaultTokenMs;
  private users = new Map<string, AuthUser>();
  private roles = new Map<string, AuthRole>();
  private readonly tokens = new Map<string, { readonly user: string; readonly until: number }>();

  constructor(private readonly scope: Scope) {}

  enable(): void {
    if (this.enabled) return;
    const user = this.users.get(root);
    if (!user) throw new AuthError('etcdserver: root user does not exist', precondition);
    if (!user.roles.includes(root)) throw new AuthError('etcdserver: root user does not have root role', precondition);
    this.enabled = true;
  }

  disable(): void {
    if (!this.enabled) return;
    this.enabled = false;
    this.tokens.clear();
    this.revision++;
  }

  /** A token for who knows the password. Throws AuthError. */
  authenticate(name: string, password: string): string {
    if (!this.enabled) throw new AuthError('etcdserver: authentication is not enabled', precondition);
    const user = this.users.get(name);
    if (!user || (user.digest !== undefined && user.digest !== digestOf(name, password)))
      throw new AuthError('etcdserver: authentication failed, invalid user ID or password', invalid);
    if (user.digest === undefined)
      throw new AuthError('auth: authentication failed, password was given for no password user', 2);
    const random = this.scope.random('etcd/tokens');
    const text = Array.from({ length: tokenLetters }, () => random.pick([...letters])).join('');
    const token = `${text}.${this.revision}${this.tokens.size}`;
    this.tokens.set(token, { user: name, until: this.scope.now + this.tokenMs });
    return token;
  }

  /** Whose token it is, which is good for as long again. Throws AuthError. */
  userOf(token: string): string {
    const known = this.tokens.get(token);
    if (!known || known.until <= this.scope.now) throw new AuthError('etcdserver: invalid auth token', unauthenticated);
    this.tokens.set(token, { ...known, until: this.scope.now + this.tokenMs });
    return known.user;
  }

  /** Throws AuthError unless whoever asks is an administrator, or nobody has to be. */
  checkAdministrator(name: string | undefined): void {
    if (!this.enabled) return;
    if (name === undefined) throw new AuthError('etcdserver: user name is empty', invalid);
    if (!this.user(name).roles.includes(root)) throw permissionDenied();
  }

  /** Throws AuthError unless whoever asks may read or write a range: `end` as in a permission. */
  check(name: string | undefined, type: 'READ' | 'WRITE', range: Pick<Permission, 'key' | 'end'>): void {
    if (!this.enabled) return;
    if (name === undefined) throw new AuthError('etcdserver: user name is empty', invalid);
    const user = this.users.get(name);
    if (!user) throw permissionDenied();
    if (user.roles.includes(root)) return;
    const granted = user.roles
      .flatMap((role) => this.roles.get(role)?.permissions ?? [])
      .filter((permission) => permission.type === type || permission.type === 'READWRITE')
      .map(boundsOf);
    if (!covers(granted, boundsOf(range))) throw permissionDenied();
  }

  addUser(name: string, password: string | undefined): void {
    if (name === '') throw new AuthError('etcdserver: user name is empty', invalid);
    if (this.users.has(name)) throw new AuthError('etcdserver: user name already exists', precondition);
    this.put({ name, roles: [], digest: password === undefined ? undefined : digestOf(name, password) });
  }

  deleteUser(name: string): void {
    if (this.enabled && name === root) throw invalidManagement();
    this.user(name);
    this.users.delete(name);
    this.revision++;
    this.forgetTokens(name);
  }

  changePassword(name: string, password: string): void {
    const user = this.user(name);
    this.put(user.digest === undefined ? user : { ...user, digest: digestOf(name, password) });
    this.forgetTokens(name);
  }

  grantRole(name: string, role: string): void {
    const user = this.user(name);
    if (role !== root) this.role(role);
    if (!user.roles.includes(role)) this.put({ ...user, roles: [...user.roles, role].sort() });
  }

  revokeRole(name: string, role: string): void {
    if (this.enabled && name === root && role === root) throw invalidManagement();
    const user = this.user(name);
    if (!user.roles.includes(role)) throw new AuthError('etcdserver: role is not granted to the user', precondition);
    this.put({ ...user, roles: user.roles.filter((each) => each !== role) });
  }

  user(name: string): AuthUser {
    const user = this.users.get(name);
    if (!user) throw new AuthError('etcdserver: user name not found', precondition);
    return user;
  }

  userNames(): readonly string[] {
    return [...this.users.keys()].sort();
  }

  addRole(name: string): void {
    if (name === '') throw new AuthError('etcdserver: role name is empty', invalid);
    if (this.roles.has(name)) throw new AuthError('etcdserver: role name already exists', precondition);
    this.roles.set(name, { name, permissions: [] });
    this.revision++;
  }

  deleteRole(name: string): void {
    if (this.enabled && name === root) throw invalidManagement();
    this.role(name);
    this.roles.delete(name);
    for (const user of this.users.values())
      if (user.roles.includes(name))
        this.users.set(user.name, { ...user, roles: user.roles.filter((role) => role !== name) });
    this.revision++;
  }

  grantPermission(name: string, permission: Permission): void {
    const { key, end } = permission;
    if (key === '' || (end !== '' && end !== '\0' && key >= end)) throw invalidManagement();
    const role = this.role(name);
    const others = role.permissions.filter((each) => each.key !== key || each.end !== end);
    const permissions = [...others, permission].sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    this.roles.set(name, { name, permissions });
    this.revision++;
  }

  revokePermission(name: string, { key, end }: Pick<Permission, 'key' | 'end'>): void {
    const role = this.role(name);
    const permissions = role.permissions.filter((each) => each.key !== key || each.end !== end);
    if (permissions.length === role.permissions.length)
      throw new AuthError('etcdserver: permission is not granted to the role', precondition);
    this.roles.set(name, { name, permissions });
    this.revision++;
  }

  role(name: string): AuthRole {
    const role = this.roles.get(name);
    if (!role) throw new AuthError('etcdserver: role name not found', precondition);
    return role;
  }

  roleNames(): readonly string[] {
    return [...this.roles.keys()].sort();
  }

  snapshot(): AuthSnapshot {
    const { enabled, revision } = this;
    return { enabled, revision, users: [...this.users.values()], roles: [...this.roles.values()] };
  }

  /** Goes on from a snapshot; without one nobody is known. */
  load(snapshot: AuthSnapshot | undefined): void {
    this.enabled = snapshot?.enabled ?? false;
    this.revision = snapshot?.revision ?? 1;
    this.users = new Map((snapshot?.users ?? []).map((user) => [user.name, user]));
    this.roles = new Map((snapshot?.roles ?? []).map((role) => [role.name, role]));
    this.tokens.clear();
  }

  private put(user: AuthUser): void {
    this.users.set(user.name, user);
    this.revision++;
  }

  private forgetTokens(name: string): void {
    for (const [token, { user }] of this.tokens) if (user === name) this.tokens.delete(token);
  }
}

function permissionDenied(): AuthError {
  return new AuthError('etcdserver: permission denied', denied);
}

function invalidManagement(): AuthError {
  return new AuthError('etcdserver: invalid auth management', invalid);
}

function digestOf(name: string, password: string): string {
  return encodeBase64(sha256(encodeUtf8(`${name}\0${password}`)));
}

/** Keys of `from` ≤ key < `to`; no `to`: all behind `from`. */
interface Bounds {
  readonly from: string;
  readonly to: string | undefined;
}

function boundsOf({ key, end }: Pick<Permission, 'key' | 'end'>): Bounds {
  return { from: key, to: end === '' ? `${key}\0` : end === '\0' ? undefined : end };
}

/** Whether ranges hold another one between them, side by side if need be. */
function covers(ranges: readonly Bounds[], wanted: Bounds): boolean {
  let reached = wanted.from;
  for (const { from, to } of [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    if (from > reached) return false;
    if (to === undefined) return true;
    if (to > reached) reached = to;
    if (wanted.to !== undefined && reached >= wanted.to) return true;
  }
  return false;
}
