// Kubeconfigs for what is served: over plain HTTP, and over HTTPS with a client certificate.

export function plainKubeconfig(server: string): string {
  return kubeconfig(
    `server: ${server}
    insecure-skip-tls-verify: true # some clients (client-node) take plain HTTP only so`,
    'user: {}',
  );
}

/** All of it PEM. */
export interface Credentials {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

export function tlsKubeconfig(server: string, { authority, certificate, key }: Credentials): string {
  return kubeconfig(
    `server: ${server}
    certificate-authority-data: ${base64(authority)}`,
    `user:
    client-certificate-data: ${base64(certificate)}
    client-key-data: ${base64(key)}`,
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function kubeconfig(cluster: string, user: string): string {
  return `apiVersion: v1
kind: Config
current-context: tabernetes
clusters:
- name: tabernetes
  cluster:
    ${cluster}
users:
- name: kubernetes-admin
  ${user}
contexts:
- name: tabernetes
  context:
    cluster: tabernetes
    user: kubernetes-admin
`;
}
