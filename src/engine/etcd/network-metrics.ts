// etcd_network_… of one member: its clients, and its peers as far as lines and processes let it reach them.
import { counter, gauge, type MetricFamily, type Series } from '../../base/metrics-text.ts';
import type { Gateway } from './gateway-port.ts';
import type { EtcdMember } from './member.ts';

/** A heartbeat with its answer, so many a second. */
const heartbeatBytes = 90;
const heartbeatsPerSecond = 10;

export function networkMetrics({ cluster, member, meters, size }: Gateway): readonly MetricFamily[] {
  const writes = meters.puts + meters.deletes;
  const average = size.averageBytes();
  const peers = cluster.members.filter((each) => each !== member && each.name !== '');
  const local = `Local="${member.id}"`;
  const name = (part: string): string => `etcd_network_${part}`;
  const each = (value: (peer: EtcdMember) => number, label = 'To'): readonly Series[] =>
    peers.map((peer) => ({ labels: `${label}="${peer.id}"`, value: Math.round(value(peer)) }));
  const reached = (peer: EtcdMember): boolean => peer.running && !peer.cut && !member.cut;
  const seconds = (cluster.scope.now - meters.startedAt) / 1000;
  const beats = seconds * heartbeatsPerSecond * heartbeatBytes;
  const leads = cluster.leaderOf(member) === member;
  const bytes = (fromLeader: boolean): number => (fromLeader ? beats + writes * average : beats / 2);
  return [
    counter(
      name('client_grpc_received_bytes_total'),
      'The total number of bytes received from grpc clients.',
      Math.round(meters.receivedBytes + writes * average),
    ),
    counter(
      name('client_grpc_sent_bytes_total'),
      'The total number of bytes sent to grpc clients.',
      Math.round(meters.sentBytes + writes * average),
    ),
    gauge(name('known_peers'), 'The current number of known peers.', [
      ...cluster.members.map(({ id }) => ({ labels: `${local},Remote="${id}"`, value: 1 })),
    ]),
    gauge(
      name('active_peers'),
      'The current number of active peer connections.',
      peers.filter(reached).map(({ id }) => ({ labels: `${local},Remote="${id}"`, value: 1 })),
    ),
    counter(
      name('disconnected_peers_total'),
      'The total number of disconnected peers.',
      peers.filter((peer) => !reached(peer)).map(({ id }) => ({ labels: `${local},Remote="${id}"`, value: 1 })),
    ),
    counter(
      name('peer_sent_bytes_total'),
      'The total number of bytes sent to peers.',
      each((peer) => (reached(peer) ? bytes(leads) : 0)),
    ),
    counter(
      name('peer_received_bytes_total'),
      'The total number of bytes received from peers.',
      each((peer) => (reached(peer) ? bytes(cluster.leader === peer) : 0), 'From'),
    ),
    {
      name: name('peer_round_trip_time_seconds'),
      help: 'Round-Trip-Time histogram between peers',
      type: 'histogram',
      series: meters.trips.series(),
    },
  ];
}
