// Who sends a request: from the certificate of the connection, or from a bearer token (static tokens from a file, and
// those of service accounts). A request without either is anonymous over TLS, and the administrator's on loopback.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { KubeRequest } from '../../api/ports.ts';
import type { UserInfo } from '../../api/request.ts';
import { unauthorized } from '../../api/status.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { type CertificateAuthority, verifies } from '../../base/certificate-authority.ts';
import { type Certificate, readCertificate } from '../../base/x509.ts';
import { AccountTokens, apiAudiences, type TokenAnswer } from './account-tokens.ts';
import type { AdmissionLookups } from './admission/plugin.ts';
import { bootstrapUser } from './bootstrap-tokens.ts';
import { type ClientAuthority, nobody, type TrustsCertificate } from './client-authority.ts';
import { type FrontProxy, proxiedUser, usualHeaders } from './front-proxy.ts';
import { fromBase64Url, TokenKey } from './service-account-tokens.ts';

export type StaticTokens = ReadonlyMap<string, UserInfo>;

/** What flags change of whom is known. */
export interface AuthenticationSettings {
  readonly allowsAnonymous?: ((path: string) => boolean) | undefined;
  readonly bootstrapTokens?: boolean | undefined;
  readonly tokens?: StaticTokens | undefined;
  readonly trusts?: TrustsCertificate | undefined;
  readonly clientAuthority?: ClientAuthority | undefined;
  readonly frontProxy?: FrontProxy | undefined;
}

export const administrator: UserInfo = {
  name: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
  extra: {
    'authentication.kubernetes.io/credential-id': [
      'X509SHA256=5d1c6b8e0c2f4a97b3e6d81f0a4c7e92b5d8f1a36c9e0472d5b8a1f3c6e90742',
    ],
  },
};

export const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

const credentialId = 'authentication.kubernetes.io/credential-id';

export class Authenticator {
  /** As `--token-auth-file` gives them; without, a plain connection is the administrator's. */
  tokens: StaticTokens | undefined;
  /** Whose certificates count beside the cluster's own. */
  trusts: TrustsCertificate = () => false;
  clientAuthority: ClientAuthority = 'own';
  /** `--requestheader-…`: who speaks for others. */
  frontProxy: FrontProxy;
  /** `--anonymous-auth`: whether a request for a path may come without a name. */
  allowsAnonymous: (path: string) => boolean = () => true;
  /** `--enable-bootstrap-token-auth`. */
  bootstrapTokens = true;
  readonly tokenKey: TokenKey;
  private readonly accounts: AccountTokens;
  private readonly notes = new WeakMap<UserInfo, Readonly<Record<string, string>>>();
  /** By the bytes of a connection. */
  private readonly checked = new WeakMap<Uint8Array, CheckedCertificate>();

  constructor(
    private readonly lookups: Pick<AdmissionLookups, 'get' | 'replace'>,
    private readonly nowMs: () => number,
    readonly authority: CertificateAuthority,
  ) {
    this.tokenKey = new TokenKey(`${authority.origin.seed}/service-accounts`);
    this.accounts = new AccountTokens(lookups, nowMs, this.tokenKey);
    this.frontProxy = {
      trusts: (bytes) => this.isOurs(bytes),
      allowedNames: ['front-proxy-client'],
      uids: [],
      ...usualHeaders,
    };
  }

  /** Changes what a kube-apiserver's flags say; what they leave out stays. */
  configure(settings: AuthenticationSettings): void {
    this.allowsAnonymous = settings.allowsAnonymous ?? this.allowsAnonymous;
    this.bootstrapTokens = settings.bootstrapTokens ?? this.bootstrapTokens;
    this.tokens = settings.tokens ?? this.tokens;
    this.trusts = settings.trusts ?? this.trusts;
    this.clientAuthority = settings.clientAuthority ?? this.clientAuthority;
    this.frontProxy = settings.frontProxy ?? this.frontProxy;
  }

  /** Whose a bearer token is, for those who want one that is meant for them; or why it is nobody's. */
  checkToken(token: string, audiences = apiAudiences): TokenAnswer {
    const named = this.tokens?.get(token) ?? this.bootstrapUser(token);
    if (named) {
      const meant = audiences.filter((audience) => apiAudiences.includes(audience));
      return meant.length > 0 ? { user: named, audiences: meant } : { problem: 'invalid bearer token' };
    }
    const answer = this.accounts.check(token, audiences);
    if (!answer) return { problem: 'invalid bearer token' };
    return 'problem' in answer ? { problem: `[invalid bearer token, ${answer.problem}]` } : answer;
  }

  private bootstrapUser(token: string): UserInfo | undefined {
    return this.bootstrapTokens ? bootstrapUser(token, { lookups: this.lookups, now: this.nowMs() }) : undefined;
  }

  /** As checkToken, for a request of the API itself; undefined: nobody that is known here. */
  private userOf(token: string): UserInfo | undefined {
    const answer = this.checkToken(token);
    if ('problem' in answer) return undefined;
    if (answer.notes) this.notes.set(answer.user, answer.notes);
    return answer.user;
  }

  /** What the audit log is told of how somebody was known. */
  notesOf(user: UserInfo): Readonly<Record<string, string>> {
    return this.notes.get(user) ?? {};
  }

  /** Who sends a request. Throws Unauthorized. */
  userOfRequest({ headers, tls, path }: Pick<KubeRequest, 'headers' | 'tls' | 'path'>): UserInfo {
    const certified = tls?.certificate && this.userOfCertificate(tls.certificate, headers);
    if (certified) return certified;
    const token = bearerOf(headers) ?? webSocketTokenOf(headers);
    const known = token ? this.userOf(token) : undefined;
    if (known) return known;
    if ((tls?.certificate && this.clientAuthority !== nobody) || token) throw unauthorized('Unauthorized');
    if (!tls && !this.tokens) return administrator;
    if (!this.allowsAnonymous(path.replace(/\?.*$/s, ''))) throw unauthorized('Unauthorized');
    return anonymous;
  }

  /** CN is the user, each O a group; undefined where nobody that counts here has signed it or its time is over. */
  private userOfCertificate(bytes: Uint8Array, headers: KubeRequest['headers'] = {}): UserInfo | undefined {
    const known = this.checked.get(bytes);
    const { certificate, isFrontProxy, isClient } =
      known?.by === this.clientAuthority && known ? known : this.check(bytes);
    if (!certificate) return undefined;
    const { subject, notBefore, notAfter, usages } = certificate;
    const now = this.nowMs();
    if (now < notBefore || now > notAfter || !usages.includes('client')) return undefined;
    const proxied = isFrontProxy ? proxiedUser(this.frontProxy, certificate, headers) : undefined;
    if (proxied || !isClient || !subject.commonName) return proxied;
    return {
      name: subject.commonName,
      groups: [...subject.organizations, 'system:authenticated'],
      extra: { [credentialId]: [`X509SHA256=${bytesToHex(sha256(bytes))}`] },
    };
  }

  private check(bytes: Uint8Array): CheckedCertificate {
    const { clientAuthority: by } = this;
    const found: CheckedCertificate = {
      certificate: certificateIn(bytes),
      isFrontProxy: safely(() => this.frontProxy.trusts(bytes)),
      isClient: safely(() => (by === 'own' ? this.isOurs(bytes) || this.trusts(bytes) : by(bytes))),
      by,
    };
    this.checked.set(bytes, found);
    return found;
  }

  private isOurs(bytes: Uint8Array): boolean {
    const { signed, signature } = readCertificate(bytes);
    return verifies(this.authority.key, signed, { format: 'der', signature });
  }
}

/** What is known of the certificate of a connection. */
interface CheckedCertificate {
  readonly certificate: Certificate | undefined;
  readonly isFrontProxy: boolean;
  readonly isClient: boolean;
  /** By which authority it was looked at. */
  readonly by: ClientAuthority;
}

/** Bytes that are no certificate are nobody's. */
function certificateIn(bytes: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(bytes);
  } catch {
    return undefined;
  }
}

function safely(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

/** Tokens as upstream's file lists them: `token,user,uid,"group1,group2"`. */
export function readStaticTokens(text: string): StaticTokens {
  const tokens = new Map<string, UserInfo>();
  for (const line of text.split('\n')) {
    const columns = [...line.trim().matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted ?? plain,
    );
    const [token, name, uid, groups = ''] = columns;
    if (!token || !name) continue;
    const list = groups.split(',').map((group) => group.trim());
    tokens.set(token, { name, ...(uid && { uid }), groups: [...list.filter(Boolean), 'system:authenticated'] });
  }
  return tokens;
}

function bearerOf(headers: KubeRequest['headers']): string | undefined {
  const [scheme = '', token] = headers?.authorization?.trim().split(/\s+/) ?? [];
  return scheme.toLowerCase() === 'bearer' ? token : undefined;
}

const tokenProtocol = 'base64url.bearer.authorization.k8s.io.';

/** Pages cannot set headers of a WebSocket: their token comes among the names of protocols. Throws Unauthorized. */
function webSocketTokenOf(headers: KubeRequest['headers'] = {}): string | undefined {
  if (headers.upgrade?.toLowerCase() !== 'websocket') return undefined;
  const names = (headers['sec-websocket-protocol'] ?? '').split(/[,\n]/).map((name) => name.trim());
  const tokens = names.filter((name) => name.startsWith(tokenProtocol));
  if (tokens.length === 0) return undefined;
  const bytes = fromBase64Url(tokens[0]?.slice(tokenProtocol.length) ?? '');
  if (tokens.length > 1 || tokens.length === names.length || !bytes) throw unauthorized('Unauthorized');
  return decodeUtf8(bytes);
}
