// Certificates for webhooks: an authority, what it signs for a service, and the Secret, volume and flags to serve it by.
import type { Container, PodSpec, Secret } from '../../src/api/generated/types.ts';
import { encodeBase64, encodeUtf8 } from '../../src/base/bytes.ts';
import { CertificateAuthority } from '../../src/base/certificate-authority.ts';

export interface WebhookCertificate {
  /** For a webhook's clientConfig. */
  readonly caBundle: string;
  readonly secret: Secret;
  /** The pod's spec with the Secret mounted in its container, and named by the container's flags. */
  mountedIn(container: Container): PodSpec;
}

const directory = '/webhook.local.config/certificates';

/** `names`: whom it is for; default the service `name` in the namespace. */
export function webhookCertificate(options: {
  readonly name: string;
  readonly namespace: string;
  readonly at: number;
  readonly names?: readonly string[];
  readonly commonName?: string;
  readonly lifeMs?: number;
}): WebhookCertificate {
  const { name, namespace, at, names = [`${name}.${namespace}.svc`], commonName = 'webhook', lifeMs } = options;
  const authority = new CertificateAuthority({ seed: 'webhooks', name: 'webhook-ca', since: at });
  const subject = { commonName, organizations: [] };
  const { certificate, key } = authority.issueWithKey({ subject, usages: ['server'], names, at, lifeMs });
  const encoded = (text: string): string => encodeBase64(encodeUtf8(text));
  const data = { 'tls.crt': encoded(certificate), 'tls.key': encoded(key) };
  const secretName = `${name}-certs`;
  return {
    caBundle: encoded(authority.certificate),
    secret: { metadata: { name: secretName, namespace }, type: 'kubernetes.io/tls', data },
    mountedIn: ({ args = [], ...container }) => ({
      volumes: [{ name: 'certs', secret: { secretName } }],
      containers: [
        {
          ...container,
          args: [...args, `--tls-cert-file=${directory}/tls.crt`, `--tls-private-key-file=${directory}/tls.key`],
          volumeMounts: [{ name: 'certs', mountPath: directory, readOnly: true }],
        },
      ],
    }),
  };
}
