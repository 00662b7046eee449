// grpc_server_… and etcd_server_client_requests_total of one member: every method with every code, as etcd's own
// counters begin at zero. API servers ask it without RPCs here: what they read and wrote is counted as such.
import { counter, type MetricFamily, type Series } from '../../base/metrics-text.ts';
import type { Gateway } from './gateway-port.ts';

const services: Readonly<Record<string, string>> = {
  'etcdserverpb.Auth':
    'AuthDisable AuthEnable AuthStatus Authenticate RoleAdd RoleDelete RoleGet RoleGrantPermission RoleList RoleRevokePermission UserAdd UserChangePassword UserDelete UserGet UserGrantRole UserList UserRevokeRole',
  'etcdserverpb.Cluster': 'MemberAdd MemberList MemberPromote MemberRemove MemberUpdate',
  'etcdserverpb.KV': 'Compact DeleteRange Put Range Txn',
  'etcdserverpb.Lease': 'LeaseGrant LeaseKeepAlive LeaseLeases LeaseRevoke LeaseTimeToLive',
  'etcdserverpb.Maintenance': 'Alarm Defragment Downgrade Hash HashKV MoveLeader Snapshot Status',
  'etcdserverpb.Watch': 'Watch',
  'grpc.health.v1.Health': 'Check List Watch',
};

const codes =
  'Aborted AlreadyExists Canceled DataLoss DeadlineExceeded FailedPrecondition Internal InvalidArgument NotFound OK OutOfRange PermissionDenied ResourceExhausted Unauthenticated Unavailable Unimplemented Unknown'.split(
    ' ',
  );

const streams: Readonly<Record<string, string>> = {
  'Lease/LeaseKeepAlive': 'bidi_stream',
  'Watch/Watch': 'bidi_stream',
  'Maintenance/Snapshot': 'server_stream',
  'grpc.health.v1.Health/Watch': 'server_stream',
};

interface Method {
  readonly path: string;
  readonly labels: string;
  readonly isStream: boolean;
}

const methods: readonly Method[] = Object.entries(services)
  .flatMap(([service, names]) => names.split(' ').map((name) => methodOf(service, name)))
  .sort((a, b) => (a.labels < b.labels ? -1 : 1));

function methodOf(service: string, name: string): Method {
  const path = `${service.replace('etcdserverpb.', '')}/${name}`;
  const type = streams[path] ?? 'unary';
  return {
    path,
    labels: `grpc_method="${name}",grpc_service="${service}",grpc_type="${type}"`,
    isStream: type !== 'unary',
  };
}

export function rpcMetrics(gateway: Gateway): readonly MetricFamily[] {
  const handled = handledBy(gateway);
  const started = (path: string): number => codes.reduce((sum, code) => sum + (handled.get(`${path} ${code}`) ?? 0), 0);
  const all = (value: (method: Method) => number): readonly Series[] =>
    methods.map((method) => ({ labels: method.labels, value: value(method) }));
  const sum = (isStream: boolean): number =>
    methods.filter((method) => method.isStream === isStream).reduce((total, { path }) => total + started(path), 0);
  return [
    counter(
      'grpc_server_started_total',
      'Total number of RPCs started on the server.',
      all(({ path }) => started(path)),
    ),
    counter(
      'grpc_server_handled_total',
      'Total number of RPCs completed on the server, regardless of success or failure.',
      codes.flatMap((code) =>
        methods.map(({ path, labels }) => ({
          labels: `grpc_code="${code}",${labels}`,
          value: handled.get(`${path} ${code}`) ?? 0,
        })),
      ),
    ),
    counter(
      'grpc_server_msg_received_total',
      'Total number of RPC stream messages received on the server.',
      all(({ path }) => started(path)),
    ),
    counter(
      'grpc_server_msg_sent_total',
      'Total number of gRPC stream messages sent by the server.',
      all(({ path }) => handled.get(`${path} OK`) ?? 0),
    ),
    counter('etcd_server_client_requests_total', 'The total number of client requests per client version.', [
      { labels: 'client_api_version="3.6",type="stream"', value: sum(true) },
      { labels: 'client_api_version="3.6",type="unary"', value: sum(false) },
    ]),
  ];
}

/** How many, by `service/Method Code`. */
function handledBy({ meters, cluster }: Gateway): ReadonlyMap<string, number> {
  const counts = new Map(meters.rpcs.series().map(({ labels = '', value }) => [labels, value] as const));
  const add = (what: string, by: number): void => {
    counts.set(what, (counts.get(what) ?? 0) + by);
  };
  const asked = [...counts].reduce((sum, [what, value]) => sum + (what.startsWith('KV/Range') ? value : 0), 0);
  add('KV/Txn OK', meters.serverWrites);
  add('KV/Range OK', Math.max(0, cluster.store.reads - meters.readsBefore - asked));
  return counts;
}
