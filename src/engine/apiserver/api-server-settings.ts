// What a kube-apiserver's flags say, where they can be changed in a cluster that is there.
import type { StaticTokens, TrustsCertificate } from './authentication.ts';

export interface ApiServerSettings {
  /** `--disable-admission-plugins`. */
  readonly disabledAdmission?: readonly string[] | undefined;
  /** `--authorization-mode` names AlwaysAllow. */
  readonly alwaysAllows?: boolean | undefined;
  /** `--anonymous-auth`; requests without a name are served where nothing says otherwise. */
  readonly allowsAnonymous?: boolean | undefined;
  /** `--token-auth-file`. */
  readonly tokens?: StaticTokens | undefined;
  /** `--client-ca-file`. */
  readonly trusts?: TrustsCertificate | undefined;
  /** `--service-cluster-ip-range`: for Services from now on. */
  readonly serviceCidr?: string | undefined;
}
