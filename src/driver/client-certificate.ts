// Shows a kubeconfig's client certificate to a cluster that is reached without a network, as TLS would.
import type { KubePort, KubeRequest } from '../api/ports.ts';
import type { Process } from '../api/program.ts';
import { decodeBase64, decodeUtf8 } from '../base/bytes.ts';
import { decodePem } from '../base/pem.ts';

/** The text that a kubeconfig's field means: in itself, or in a file of the machine. */
export function pemOf(
  { machine }: Pick<Process, 'machine'>,
  source: { readonly file?: string; readonly data?: string } | undefined,
): string | undefined {
  if (source?.data) return decodeUtf8(decodeBase64(source.data) ?? new Uint8Array());
  return source?.file && machine.files.exists(source.file) ? machine.files.readText(source.file) : undefined;
}

/** Certificates by their PEM: the same bytes for the same text, so that the API server checks each only once. */
export class ClientCertificates {
  private readonly known = new Map<string, NonNullable<KubeRequest['tls']>>();

  /** The port as the owner of a certificate uses it; as it is where there is none. */
  shownTo(port: KubePort, pem: string | undefined): KubePort {
    const tls = pem === undefined ? undefined : this.tlsOf(pem);
    if (!tls) return port;
    return {
      server: port.server,
      request: (call, cancel) => port.request({ ...call, tls }, cancel),
      stream: (call, cancel) => port.stream({ ...call, tls }, cancel),
      connect: (call, cancel) => port.connect({ ...call, tls }, cancel),
    };
  }

  private tlsOf(pem: string): KubeRequest['tls'] {
    const known = this.known.get(pem);
    if (known) return known;
    const certificate = decodePem('CERTIFICATE', pem);
    if (!certificate) return undefined;
    if (this.known.size >= certificatesMax) this.known.clear();
    this.known.set(pem, { certificate });
    return { certificate };
  }
}

const certificatesMax = 100;
