// A duplex connection that is audited: its record is told when it is accepted or refused, and when it is over.
import { isObject } from '../../../base/json.ts';
import type { ChannelSink } from '../channels.ts';
import type { RequestMemory } from '../request-memory.ts';

const switching = 101;

export function auditedChannels(memory: RequestMemory, sink: ChannelSink): ChannelSink {
  return {
    accepted(headers) {
      memory.audit?.started(switching);
      sink.accepted(headers);
    },
    refused(status, body, headers) {
      if (body.kind === 'json' && isObject(body.value)) memory.audit?.answered(body.value);
      memory.audit?.started(status);
      memory.audit?.completed();
      sink.refused(status, body, headers);
    },
    data: (channel, bytes) => sink.data(channel, bytes),
    end() {
      sink.end();
      memory.audit?.completed();
    },
  };
}
