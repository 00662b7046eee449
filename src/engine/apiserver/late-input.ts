// What a client sends on a connection before somebody is there to take it.
import type { Stop } from '../sim/scope.ts';
import type { ChannelInput } from './channels.ts';

/** Keeps what comes before there is somebody to take it; where nobody ever is, nothing becomes of it. */
export class LateInput implements ChannelInput {
  private input: ChannelInput | undefined;
  private early: ((input: ChannelInput) => void)[] = [];
  private giveUp: Stop = () => {};

  open(input: ChannelInput): void {
    this.input = input;
    for (const act of this.early) act(input);
    this.early = [];
  }

  wait(giveUp: Stop): void {
    this.giveUp = giveUp;
  }

  write(channel: number, bytes: Uint8Array): void {
    this.act((input) => input.write(channel, bytes));
  }

  closeChannel(channel: number): void {
    this.act((input) => input.closeChannel(channel));
  }

  close(): void {
    this.giveUp();
    this.input?.close();
  }

  private act(what: (input: ChannelInput) => void): void {
    if (this.input) what(this.input);
    else this.early.push(what);
  }
}
