// A component's watch that is audited: its record is told when it is accepted, and when either side ends it.
import type { WatchSink } from '../../../api/request.ts';
import type { Stop } from '../../sim/scope.ts';
import type { AuditRecord } from './audit-record.ts';

export function auditedWatch(
  record: AuditRecord,
  sink: WatchSink,
  open: (sink: WatchSink & { opened(): void }) => Stop,
): Stop {
  const stop = open({
    events: (events) => sink.events(events),
    opened: () => record.started(200),
    closed() {
      record.completed();
      sink.closed();
    },
  });
  return () => {
    stop();
    record.completed();
  };
}
