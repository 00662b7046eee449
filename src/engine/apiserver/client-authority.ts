// Whose client certificates count.

/** Whether an authority has signed a certificate (DER). */
export type TrustsCertificate = (certificate: Uint8Array) => boolean;

/** `--client-ca-file`: whose certificates count alone; `own`: the cluster's. */
export type ClientAuthority = TrustsCertificate | 'own';

/** Certificates are not looked at. */
export const nobody: TrustsCertificate = () => false;
