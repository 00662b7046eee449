// The map: zones side by side (or below each other), as large as the pane lets them be until somebody moves it.
import {
  Background,
  Controls,
  type Node as FlowNode,
  type NodeChange,
  type NodeProps,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCluster } from '../state/cluster-store.ts';
import { useView } from '../state/view-store.ts';
import { type Arrangement, arrange, frameWidth } from './arrangement.ts';
import { useHover } from './hover-store.ts';
import { endpointLines, nodeFinder, podsByNode, splitByRole } from './placed-pods.ts';
import { Travel } from './travel.tsx';
import { fitted, placeZones, type Size, type Spot, type ZoneId, zoneIds } from './zone-places.ts';
import { ControlPlaneZone, OutsideZone, ServicesZone, WorkersZone, YouZone } from './zones.tsx';

export function ClusterMap({ onTold }: { readonly onTold: (text: string) => void }) {
  return (
    <ReactFlowProvider>
      <Flow onTold={onTold} />
    </ReactFlowProvider>
  );
}

type ZoneNode = FlowNode<{ readonly content: React.ReactNode }, 'zone'>;

const nodeTypes = { zone: ({ data }: NodeProps<ZoneNode>) => data.content };

function Flow({ onTold }: { readonly onTold: (text: string) => void }) {
  const origin = useRef<HTMLDivElement>(null);
  const pods = useCluster((cluster) => cluster.pods);
  const { arrangement, contents } = useContents();
  const [sizes, setSizes] = useState<Partial<Record<ZoneId, Size>>>({});
  const places = useMemo(() => placeZones(sizes, arrangement.form), [sizes, arrangement.form]);
  const nodes = zoneIds.map((id): ZoneNode => {
    const size = sizes[id];
    const data = { content: contents[id] };
    return { id, type: 'zone', position: places[id], data, style: clickable, ...(size && { measured: size }) };
  });
  const layout = `${Object.values(sizes).map(({ width, height }) => `${width}x${height}`)}`;
  const nodeOf = useMemo(() => nodeFinder(pods), [pods]);
  const { follow, showAll } = useFit(places, sizes);
  return (
    <div className={`map ${useNearness()}`}>
      <ReactFlow
        nodes={nodes}
        edges={none}
        nodeTypes={nodeTypes}
        onNodesChange={(changes) => setSizes((before) => measured(before, changes))}
        onMove={(event) => {
          if (event) follow.current = false;
        }}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        {...noKeys}
        panOnScroll
        zoomOnDoubleClick={false}
        minZoom={0.05}
        maxZoom={3}
      >
        <ViewportPortal>
          <div className="origin" ref={origin} />
          <Travel origin={origin} nodeOf={nodeOf} layout={layout} endpoints={useEndpoints()} onTold={onTold} />
        </ViewportPortal>
        <Background gap={24} size={1} />
        <Controls
          showInteractive={false}
          showFitView
          onFitView={() => {
            follow.current = true;
            showAll();
          }}
        />
      </ReactFlow>
    </div>
  );
}

const none: [] = [];
/** The map's library listens on the whole page, and would keep the space bar from the editor. */
const noKeys = {
  deleteKeyCode: null,
  selectionKeyCode: null,
  multiSelectionKeyCode: null,
  zoomActivationKeyCode: null,
  panActivationKeyCode: null,
} as const;
/** Nodes that cannot be dragged let clicks through otherwise. */
const clickable = { pointerEvents: 'all' } as const;

function measured(
  before: Partial<Record<ZoneId, Size>>,
  changes: readonly NodeChange<ZoneNode>[],
): Partial<Record<ZoneId, Size>> {
  let after = before;
  for (const change of changes) {
    const id = zoneIds.find((one) => 'id' in change && one === change.id);
    if (change.type === 'dimensions' && change.dimensions && id) after = { ...after, [id]: change.dimensions };
  }
  return after;
}

function useContents(): {
  readonly arrangement: Arrangement;
  readonly contents: Readonly<Record<ZoneId, React.ReactNode>>;
} {
  const { pods, nodes, services } = useCluster();
  const namespace = useView((view) => view.namespace);
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const placed = useMemo(() => podsByNode(pods.values()), [pods]);
  const [controlPlane, workers] = useMemo(() => splitByRole(nodes.values()), [nodes]);
  const shown = useMemo(
    () => [...services.values()].filter(({ metadata }) => namespace === undefined || metadata?.namespace === namespace),
    [services, namespace],
  );
  const last = useRef<Arrangement>(undefined);
  let podsMax = 0;
  for (const { metadata } of [...workers, ...controlPlane])
    podsMax = Math.max(podsMax, placed.get(metadata?.name ?? '')?.length ?? 0);
  const load = {
    width: width || 900,
    height: height || 420,
    controlPlanes: controlPlane.length,
    workers: workers.length,
    podsMax,
  };
  const arrangement = arrange(load, last.current);
  last.current = arrangement;
  const parts = { placed, arrangement };
  return {
    arrangement,
    contents: {
      you: <YouZone />,
      controlPlane: <ControlPlaneZone nodes={controlPlane} {...parts} />,
      services: <ServicesZone services={shown} room={roomFor(arrangement, workers.length)} />,
      workers: <WorkersZone nodes={workers} {...parts} />,
      outside: <OutsideZone services={shown} />,
    },
  };
}

/** In the compact form services have the workers' width, but for the outside beside them. */
function roomFor({ form, frames, columns, detail }: Arrangement, workers: number): number | undefined {
  if (form !== 'compact') return undefined;
  return Math.max(1, Math.min(frames, workers)) * (frameWidth(columns, detail) + 16) - 16 - 128 - 20;
}

function useEndpoints() {
  const selected = useView(({ selection }) => (selection?.kind === 'services' ? selection.uid : undefined));
  const hovered = useHover((hover) => hover.service);
  const service = useCluster((cluster) => cluster.services.get(hovered ?? selected ?? ''));
  const slices = useCluster((cluster) => cluster.endpointSlices);
  return useMemo(() => endpointLines(service, slices), [service, slices]);
}

/**
 * Fits the whole into the pane whenever either changes, until somebody has moved it by hand. The library's own fit waits
 * for every zone to have a size, which one without anything in it never gets.
 */
function useFit(
  places: Readonly<Record<ZoneId, Spot>>,
  sizes: Readonly<Partial<Record<ZoneId, Size>>>,
): { readonly follow: React.RefObject<boolean>; readonly showAll: () => void } {
  const { setViewport } = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const follow = useRef(true);
  const showAll = useCallback((): void => {
    if (width > 0 && height > 0) void setViewport(fitted(places, sizes, { width, height }));
  }, [places, sizes, width, height, setViewport]);
  useEffect(() => {
    if (follow.current) showAll();
  }, [showAll]);
  return { follow, showAll };
}

/** How near one looks: from afar tiles lose their words, from nearby they name their containers. */
function useNearness(): string {
  return useStore(({ transform: [, , zoom] }) => (zoom < 0.55 ? 'is-far' : zoom > 1.45 ? 'is-near' : ''));
}
