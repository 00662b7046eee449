// Receives one answer of the HTTP edge: a head, then pieces, then the end.
import type { KubeBody } from '../../api/ports.ts';

export interface HttpSink {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  body(piece: KubeBody): void;
  end(): void;
}
