// How kubectl reaches the API server from inside a pod, when nothing else says where it is (client-go's rest.InClusterConfig).
import type { Process } from '../../api/program.ts';
import { FileError } from '../../base/files.ts';

const directory = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InCluster {
  readonly server: string;
  readonly token: string;
  readonly certificateAuthority: { readonly file: string };
  readonly ns: string;
}

/** Undefined where this is no pod with a service account. */
export function inCluster({ env, machine }: Process): InCluster | undefined {
  const host = env.get('KUBERNETES_SERVICE_HOST');
  const port = env.get('KUBERNETES_SERVICE_PORT');
  if (!host || !port) return undefined;
  try {
    return {
      server: `https://${host}:${port}`,
      token: machine.files.readText(`${directory}/token`),
      certificateAuthority: { file: `${directory}/ca.crt` },
      ns: env.get('POD_NAMESPACE') || machine.files.readText(`${directory}/namespace`).trim() || 'default',
    };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
