// Which certificate the controller shows for a name: the Secret's that the Ingress says, or one that nobody trusts.
import type { Secret } from '../../../../api/generated/types.ts';
import { decodeBase64, decodeUtf8 } from '../../../../base/bytes.ts';
import { CertificateAuthority } from '../../../../base/certificate-authority.ts';
import type { Lister } from '../../../client/store.ts';
import type { Scope } from '../../../sim/scope.ts';
import type { Configuration } from './configuration.ts';
import { serverFor } from './match.ts';

const fakeName = 'Kubernetes Ingress Controller Fake Certificate';

export class Certificates {
  private fake: string | undefined;
  private readonly since: number;

  constructor(
    scope: Scope,
    private readonly secrets: Lister<Secret>,
    /** `namespace/name` of the Secret that hosts without one of their own get. */
    private readonly defaultSecret: string | undefined,
  ) {
    this.since = scope.now;
  }

  /** PEM. */
  of(serverName: string, configuration: Configuration): string {
    const secret = serverFor(configuration, serverName)?.secret;
    return this.inSecret(secret) ?? this.inSecret(this.defaultSecret) ?? this.ownFake();
  }

  private inSecret(key: string | undefined): string | undefined {
    const encoded = key ? this.secrets.get(key)?.data?.['tls.crt'] : undefined;
    const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
    const pem = bytes && decodeUtf8(bytes);
    return pem?.includes('BEGIN CERTIFICATE') ? pem : undefined;
  }

  private ownFake(): string {
    this.fake ??= new CertificateAuthority({ seed: fakeName, name: fakeName, since: this.since }).certificate;
    return this.fake;
  }
}
