// The two ends of a duplex connection: exec, attach, port-forward.
import type { KubeBody } from '../../api/ports.ts';

/** Receives one duplex connection: accepted, or refused with a body. */
export interface ChannelSink {
  /** `headers` are those of whoever took an upgrade that is passed on: bytes follow as they come, on channel 0. */
  accepted(headers?: Readonly<Record<string, string>>): void;
  refused(status: number, body: KubeBody, headers?: Readonly<Record<string, string>>): void;
  data(channel: number, bytes: Uint8Array): void;
  end(): void;
}

export interface ChannelInput {
  write(channel: number, bytes: Uint8Array): void;
  closeChannel(channel: number): void;
  close(): void;
}
