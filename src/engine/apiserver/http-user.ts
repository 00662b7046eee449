// Whom an HTTP request acts as: its sender, or the one that the sender impersonates. Who impersonates is first asked
// for a permission that is bound to the kind of user and to what is done as it; then for the one of old, for all.
import { aggregateText, type FieldError, fieldErrorText } from '../../api/field-error.ts';
import type { UserInfo } from '../../api/request.ts';
import { type ApiError, badRequest } from '../../api/status.ts';
import { domainPrefixedPath } from '../../kinds/validation/paths.ts';
import { type Attributes, type Authorizer, nodeUserPrefix, refusal } from './authorizer.ts';

type Headers = Readonly<Record<string, string>>;

interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** The user that the request acts as. Throws ApiError where the impersonation is not allowed. */
export function actingUser(user: UserInfo, headers: Headers, authorizer: Authorizer, asked: Attributes): UserInfo {
  const wanted = wantedUser(headers);
  if (!wanted) return user;
  let first: ApiError | undefined;
  const { impersonations } = authorizer;
  const who = JSON.stringify(user);
  const known = impersonations.get(who);
  const modes = modesFor(wanted, user);
  for (const mode of [...modes.filter((each) => each === known), ...modes.filter((each) => each !== known)]) {
    const problem = new Checks({ user, wanted, mode, authorizer }).problem(asked);
    if (!problem) {
      if (impersonations.size >= rememberedMax) impersonations.clear();
      impersonations.set(who, mode);
      return completed(wanted, mode);
    }
    first ??= problem;
  }
  throw first ?? badRequest('all impersonation modes failed');
}

/** Users whose last way is remembered: it is tried first the next time, and its refusal is the one that is told. */
const rememberedMax = 1024;

const authentication = 'authentication.k8s.io';
const extraPrefix = 'impersonate-extra-';

function wantedUser(headers: Headers): Wanted | undefined {
  const name = headers['impersonate-user'] ?? '';
  const uid = headers['impersonate-uid'] ?? '';
  const groups = headers['impersonate-group']?.split('\n') ?? [];
  const extra = extraOf(headers);
  if (name !== '') return { name, uid, groups, extra };
  if (uid === '' && groups.length === 0 && extra.size === 0) return undefined;
  const list = (values: readonly string[]): string =>
    values.length === 0 ? '[]string(nil)' : `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const pairs = [...extra].map(([key, values]) => `${JSON.stringify(key)}:${list(values)}`);
  const extras = pairs.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${pairs.join(', ')}}`;
  const shown = `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${list(groups)}, Extra:${extras}}`;
  throw badRequest(`requested ${shown} without impersonating a user name`);
}

function extraOf(headers: Headers): ReadonlyMap<string, readonly string[]> {
  const extra = new Map<string, readonly string[]>();
  for (const [header, value] of Object.entries(headers))
    if (header.startsWith(extraPrefix)) extra.set(decodedKey(header.slice(extraPrefix.length)), value.split('\n'));
  return extra;
}

/** Keys that no header could hold are escaped; what is no escape stays as it is. */
function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

type Mode = 'associated-node' | 'arbitrary-node' | 'serviceaccount' | 'user-info' | 'legacy';

/** The ways that apply, as they are tried. */
function modesFor(wanted: Wanted, user: UserInfo): readonly Mode[] {
  const bare = wanted.uid === '' && wanted.groups.length === 0 && wanted.extra.size === 0;
  const node = nodeNameOf(wanted.name);
  if (node !== undefined) {
    const own = accountOf(user.name) && user.extra?.['authentication.kubernetes.io/node-name']?.[0] === node;
    return bare ? [...(own ? (['associated-node'] as const) : []), 'arbitrary-node', 'legacy'] : ['legacy'];
  }
  if (accountOf(wanted.name)) return bare ? ['serviceaccount', 'legacy'] : ['legacy'];
  return ['user-info', 'legacy'];
}

function nodeNameOf(user: string): string | undefined {
  const name = user.startsWith(nodeUserPrefix) ? user.slice(nodeUserPrefix.length) : '';
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)
    ? name
    : undefined;
}

function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(user) ?? [];
  const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace);
  return label && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? { namespace, name } : undefined;
}

function completed({ name, uid, groups, extra }: Wanted, mode: Mode): UserInfo {
  const account = accountOf(name);
  let all = groups;
  if (account && groups.length === 0) all = ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`];
  if (mode === 'associated-node' || mode === 'arbitrary-node') all = ['system:nodes'];
  const anonymous = name === 'system:anonymous';
  const authenticated = anonymous ? 'system:unauthenticated' : 'system:authenticated';
  if (!all.includes(authenticated) && (anonymous || !all.includes('system:unauthenticated')))
    all = [...all, authenticated];
  return { name, groups: all, ...(uid && { uid }), ...(extra.size > 0 && { extra: Object.fromEntries(extra) }) };
}

/** From this many values on, one permission for all is looked for first. */
const many = 4;

/** What one way asks for. */
class Checks {
  private readonly constrained: boolean;
  private readonly verb: string;
  /** The API group of users and groups. */
  private readonly group: string;

  constructor(
    private readonly parts: {
      readonly user: UserInfo;
      readonly wanted: Wanted;
      readonly mode: Mode;
      readonly authorizer: Authorizer;
    },
  ) {
    this.constrained = parts.mode !== 'legacy';
    this.verb = this.constrained ? `impersonate:${parts.mode}` : 'impersonate';
    this.group = this.constrained ? authentication : '';
  }

  /** Why this way is closed; undefined: it is open. */
  problem(asked: Attributes): ApiError | undefined {
    const { wanted, mode } = this.parts;
    if (this.constrained) {
      const problem = this.check({ ...asked, verb: `impersonate-on:${mode}:${asked.verb}` });
      if (problem) return problem;
    }
    return (
      this.check(this.named()) ??
      (wanted.uid === '' ? undefined : this.check(this.about('uids', wanted.uid, authentication))) ??
      this.groupsProblem() ??
      this.extraProblem()
    );
  }

  private named(): Attributes {
    const { wanted, mode } = this.parts;
    const node = this.constrained ? nodeNameOf(wanted.name) : undefined;
    if (node !== undefined) return this.about('nodes', mode === 'associated-node' ? '*' : node);
    const account = accountOf(wanted.name);
    if (!account) return this.about('users', wanted.name);
    return { ...this.about('serviceaccounts', account.name), namespace: account.namespace };
  }

  private groupsProblem(): ApiError | undefined {
    const { groups } = this.parts.wanted;
    if (this.constrained && groups.includes(''))
      return this.refuse(this.about('groups', ''), 'impersonating the empty string group is not allowed');
    if (this.constrained && groups.includes('system:masters'))
      return this.refuse(
        this.about('groups', 'system:masters'),
        'impersonating the system:masters group is not allowed',
      );
    if (this.constrained && groups.length >= many && !this.check(this.about('groups', '*'))) return undefined;
    return this.firstOf(groups.map((group) => this.about('groups', group)));
  }

  private extraProblem(): ApiError | undefined {
    const { extra } = this.parts.wanted;
    const about = (subresource: string, name: string) => ({
      ...this.about('userextras', name, authentication),
      subresource,
    });
    const all = [...extra].flatMap(([key, values]) => values.map((value) => about(key, value)));
    if (this.constrained) {
      const wrong = [...extra].map(([key, values]) => extraComplaint(key, values)).find((text) => text !== undefined);
      if (wrong !== undefined) return this.refuse(about('', ''), wrong);
      if ((extra.size >= many || all.length >= many) && !this.check(about('*', '*'))) return undefined;
    }
    return this.firstOf(all);
  }

  private about(resource: string, name: string, group = this.group) {
    return { kind: 'resource', verb: this.verb, group, resource, namespace: '', name } as const;
  }

  private firstOf(all: readonly Attributes[]): ApiError | undefined {
    for (const attributes of all) {
      const problem = this.check(attributes);
      if (problem) return problem;
    }
    return undefined;
  }

  private check(attributes: Attributes): ApiError | undefined {
    const { user, authorizer } = this.parts;
    if (authorizer.allows(user, attributes)) return undefined;
    return this.refuse(attributes, authorizer.reason(user, attributes));
  }

  private refuse(attributes: Attributes, why: string): ApiError {
    return refusal(this.parts.user, attributes, why);
  }
}

function extraComplaint(key: string, values: readonly string[]): string | undefined {
  if (key === '') return 'impersonating the empty string key in extra is not allowed';
  const errors: FieldError[] = [];
  domainPrefixedPath(errors, 'extra.key', key);
  if (errors.length > 0)
    return `impersonating an invalid key in extra is not allowed: ${aggregateText(errors.map(fieldErrorText))}`;
  if (key !== key.toLowerCase())
    return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
  if (values.includes('')) return 'impersonating the empty string value in extra is not allowed';
  return undefined;
}
