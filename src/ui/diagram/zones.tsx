// The diagram's zones: the learner's machine, the control plane, services, workers, and the outside.
import { memo, useMemo } from 'react';
import type { Node, Pod, Service } from '../../api/generated/types.ts';
import { useCluster } from '../state/cluster-store.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { partSentence } from '../trace/parts.ts';
import { type Arrangement, frameWidth } from './arrangement.ts';
import { useHover } from './hover-store.ts';
import { NodeFrame, PodPlaces } from './node-frame.tsx';

const none: readonly Pod[] = [];
const workerComponents = ['kubelet', 'kube-proxy'];
/** Frames drawn at most; of more nodes, those that are not well come first. */
const framesMax = 200;

interface ZoneProps {
  readonly name: string;
  readonly wide?: boolean | undefined;
  readonly children: React.ReactNode;
}

function Zone({ name, wide = false, children }: ZoneProps) {
  return (
    <section className={wide ? 'zone is-wide' : 'zone'} aria-label={name}>
      <h3>{name}</h3>
      {children}
    </section>
  );
}

function Machine({ name, chips }: { readonly name: string; readonly chips: readonly (readonly [string, string])[] }) {
  return (
    <div className="machine" data-anchor={name.toLowerCase()}>
      <b>{name}</b>
      {chips.map(([anchor, text]) => (
        <span key={anchor} className="chip" data-anchor={anchor} title={partSentence(anchor)}>
          {text}
        </span>
      ))}
    </div>
  );
}

export const YouZone = memo(function YouZone() {
  const docker = useSession(({ profile }) => profile === 'minikube');
  return (
    <Zone name="You">
      <Machine
        name="laptop"
        chips={
          docker
            ? [
                ['kubectl', 'kubectl'],
                ['docker', 'docker'],
              ]
            : [['kubectl', 'kubectl']]
        }
      />
    </Zone>
  );
});

export interface NodesZoneProps {
  readonly nodes: readonly Node[];
  readonly placed: ReadonlyMap<string, readonly Pod[]>;
  readonly arrangement: Arrangement;
}

export const ControlPlaneZone = memo(function ControlPlaneZone({ nodes, placed, arrangement }: NodesZoneProps) {
  const waiting = placed.get('') ?? none;
  const profile = useSession((session) => session.profile);
  const components = profile === 'cloud' ? cloudComponents : controlPlaneComponents;
  // CoreDNS runs in pods where minikube set the cluster up, and as a process of the first machine elsewhere.
  const first = useMemo(
    () => (profile === 'minikube' ? components : [...components, 'coredns']),
    [profile, components],
  );
  return (
    <Zone name="Control plane" wide={arrangement.alone}>
      {nodes.map((node, i) => (
        <NodeFrame
          key={node.metadata?.uid}
          node={node}
          pods={placed.get(node.metadata?.name ?? '') ?? none}
          components={i === 0 ? first : components}
          detail={arrangement.detail}
          system="dots"
        />
      ))}
      {nodes.length > 0 && (
        <div className="waiting">
          <h4>Waiting for a node</h4>
          {waiting.length === 0 ? (
            <p>none</p>
          ) : (
            <PodPlaces pods={waiting} detail={waiting.length > 12 ? 'dots' : 'tiles'} />
          )}
        </div>
      )}
    </Zone>
  );
});

const controlPlaneComponents: readonly string[] = [
  'kube-apiserver',
  'etcd',
  'kube-scheduler',
  'kube-controller-manager',
  'kubelet',
];
const cloudComponents: readonly string[] = [
  ...controlPlaneComponents.slice(0, 4),
  'cloud-controller-manager',
  'kubelet',
];

export const WorkersZone = memo(function WorkersZone({ nodes, placed, arrangement }: NodesZoneProps) {
  const { frames, columns, detail } = arrangement;
  const width = frameWidth(columns, detail);
  if (nodes.length === 0) return null;
  const shown = nodes.length > framesMax ? sickFirst(nodes).slice(0, framesMax) : nodes;
  return (
    <Zone name="Workers">
      <div className="nodes" style={{ gridTemplateColumns: `repeat(${frames}, ${width}px)` }}>
        {shown.map((node) => (
          <NodeFrame
            key={node.metadata?.uid}
            node={node}
            pods={placed.get(node.metadata?.name ?? '') ?? none}
            components={workerComponents}
            detail={detail}
          />
        ))}
      </div>
      {nodes.length > shown.length && <p className="more-nodes">and {nodes.length - shown.length} more nodes</p>}
    </Zone>
  );
});

function sickFirst(nodes: readonly Node[]): readonly Node[] {
  const sick = ({ status }: Node): boolean =>
    status?.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True';
  return [...nodes.filter(sick), ...nodes.filter((node) => !sick(node))];
}

export interface ServicesZoneProps {
  readonly services: readonly Service[];
  /** Width that they may take beside each other; undefined: below each other. */
  readonly room: number | undefined;
}

export const ServicesZone = memo(function ServicesZone({ services, room }: ServicesZoneProps) {
  return (
    <Zone name="Services">
      <div className="services" style={{ width: Math.max(150, room ?? 0) }}>
        {services.map((service) => (
          <ServicePill key={service.metadata?.uid} service={service} />
        ))}
      </div>
    </Zone>
  );
});

function ServicePill({ service: { metadata, spec } }: { readonly service: Service }) {
  const uid = metadata?.uid ?? '';
  const selected = useView(({ selection }) => selection?.uid === uid);
  const select = useView((view) => view.select);
  const slices = useCluster((cluster) => cluster.endpointSlices);
  const ready = [...slices.values()]
    .filter(
      (slice) =>
        slice.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name &&
        slice.metadata?.namespace === metadata?.namespace,
    )
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false).length;
  const nowhere = ready === 0 && spec?.type !== 'ExternalName';
  return (
    <button
      type="button"
      className={nowhere ? 'service is-nowhere' : 'service'}
      data-anchor={`service/${metadata?.namespace}/${metadata?.name}`}
      aria-pressed={selected}
      onPointerEnter={() => useHover.setState({ service: uid })}
      onPointerLeave={() => useHover.setState({ service: undefined })}
      onClick={() => select(selected ? undefined : { kind: 'services', uid })}
    >
      <b>
        <span className="unseen">service </span>
        {metadata?.name}
      </b>
      <span>
        {spec?.type} · {nowhere ? '! no endpoints' : `${ready} ready`}
      </span>
    </button>
  );
}

export const OutsideZone = memo(function OutsideZone({ services }: { readonly services: readonly Service[] }) {
  const balancers = services.filter(({ spec }) => spec?.type === 'LoadBalancer');
  return (
    <Zone name="Outside">
      <Machine name="Internet" chips={[['registry', 'image registry']]} />
      {balancers.map(({ metadata, status }) => {
        const [first] = status?.loadBalancer?.ingress ?? [];
        return (
          <div
            key={metadata?.uid}
            className="machine balancer"
            data-anchor={`balancer/${metadata?.namespace}/${metadata?.name}`}
          >
            <b>{metadata?.name}</b>
            <span>{first?.ip ?? first?.hostname ?? 'address pending'}</span>
          </div>
        );
      })}
    </Zone>
  );
});
