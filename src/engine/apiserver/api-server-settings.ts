// What a kube-apiserver's flags say, where they can be changed in a cluster that is there.
import type { Scope } from '../sim/scope.ts';
import type { AdmissionSettings } from './admission/plugin.ts';
import type { PluginChoice } from './admission/plugin-names.ts';
import type { Auditor } from './audit/auditor.ts';
import type { StaticTokens } from './authentication.ts';
import type { AuthorizationMode } from './authorization-modes.ts';
import type { ClientAuthority, TrustsCertificate } from './client-authority.ts';
import type { EncryptionAtRest } from './encryption-at-rest.ts';
import type { FrontProxy } from './front-proxy.ts';

export interface ApiServerSettings {
  /** `--enable-admission-plugins` and `--disable-admission-plugins`. */
  readonly plugins?: PluginChoice | undefined;
  /** The whole command line, for /flagz. */
  readonly flags?: ReadonlyMap<string, string> | undefined;
  /** `--admission-control-config-file`. */
  readonly admission?: AdmissionSettings | undefined;
  /** `--authorization-mode`. */
  readonly modes?: readonly AuthorizationMode[] | undefined;
  /** `--anonymous-auth`: whether a request for a path may come without a name. */
  readonly allowsAnonymous?: ((path: string) => boolean) | undefined;
  /** `--enable-bootstrap-token-auth`. */
  readonly bootstrapTokens?: boolean | undefined;
  /** `--encryption-provider-config`. */
  readonly encryption?: EncryptionAtRest | undefined;
  /** `--token-auth-file`. */
  readonly tokens?: StaticTokens | undefined;
  /** Whose client certificates count beside the cluster's own. */
  readonly trusts?: TrustsCertificate | undefined;
  /** `--client-ca-file`: whose client certificates count alone. */
  readonly clientAuthority?: ClientAuthority | undefined;
  /** `--requestheader-…`. */
  readonly frontProxy?: FrontProxy | undefined;
  /** `--service-cluster-ip-range`: for Services from now on. */
  readonly serviceCidr?: string | undefined;
  /** `--audit-policy-file` and `--audit-log-path`. */
  readonly audit?: ((scope: Scope) => Auditor) | undefined;
}
