// What etcdctl tells of its connections with --debug, in the words of gRPC's log.

import type { Process } from '../../api/program.ts';
import { quote } from '../../base/go/quote.ts';

/** What tells of connections; each endpoint's is told of once, and again when it fares otherwise. */
export class GrpcLog {
  private readonly fared = new Map<string, string>();

  constructor(private readonly process: Process) {}

  async connects(address: string): Promise<void> {
    if (this.fared.size === 0) {
      await this.say('INFO', `original dial target is: ${quote(`etcd-endpoints://0xc000140000/${address}`)}`);
      await this.say('INFO', '[Channel #1]Channel created');
      await this.say('INFO', '[Channel #1]Channel switches to new LB policy "round_robin"');
    }
    if (this.fared.has(address)) return;
    await this.change(address, 'CONNECTING');
    await this.say('INFO', `${this.subchannel(address)}Subchannel picks a new address ${quote(address)} to connect`);
  }

  async connected(address: string): Promise<void> {
    if (this.fared.get(address) !== 'READY') await this.change(address, 'READY');
  }

  async failed(address: string, why: string): Promise<void> {
    if (this.fared.get(address) === 'TRANSIENT_FAILURE') return;
    const what = `grpc: addrConn.createTransport failed to connect to {Addr: ${quote(address)}}`;
    await this.say('WARNING', `${this.subchannel(address)}${what}. Err: connection error: desc = ${quote(why)}`);
    await this.change(address, 'TRANSIENT_FAILURE');
  }

  private async change(address: string, state: string): Promise<void> {
    this.fared.set(address, state);
    await this.say('INFO', `${this.subchannel(address)}Subchannel Connectivity change to ${state}`);
    await this.say('INFO', `[Channel #1]Channel Connectivity change to ${state}`);
  }

  private subchannel(address: string): string {
    const at = [...this.fared.keys()].indexOf(address);
    return `[Channel #1 SubChannel #${2 + (at < 0 ? this.fared.size : at)}]`;
  }

  private async say(level: string, text: string): Promise<void> {
    const { clock, stderr } = this.process;
    const at = new Date(clock.now()).toISOString();
    await stderr.write(`${level}: ${at.slice(0, 10).replaceAll('-', '/')} ${at.slice(11, 19)} [core] ${text}\n`);
  }
}
