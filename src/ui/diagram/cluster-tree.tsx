// The cluster as a list: nodes with their pods, and services, to walk through with arrow keys or a screen reader.
import { type KeyboardEvent, useMemo, useState } from 'react';
import { useCluster } from '../state/cluster-store.ts';
import { type Selection, useView } from '../state/view-store.ts';
import { podsByNode, splitByRole } from './placed-pods.ts';
import { nodeStatus, podStatus, type StatusShape } from './pod-status.ts';
import { StatusGlyph } from './status-glyph.tsx';

interface Row {
  readonly id: string;
  readonly level: 1 | 2;
  readonly text: string;
  readonly status: string;
  readonly shape?: StatusShape | undefined;
  readonly selection?: Selection | undefined;
  /** Of a row that has others below it. */
  readonly open?: boolean | undefined;
}

export function ClusterTree() {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState('');
  const rows = useRows(closed);
  const selection = useView((view) => view.selection);
  const select = useView((view) => view.select);
  const current = rows.some(({ id }) => id === at) ? at : rows[0]?.id;
  const toggle = (id: string, open: boolean): void =>
    setClosed((before) => new Set(open ? [...before].filter((one) => one !== id) : [...before, id]));
  const pressed = (event: KeyboardEvent<HTMLElement>): void => {
    const i = rows.findIndex(({ id }) => id === current);
    const row = rows[i];
    const move = { ArrowDown: rows[i + 1], ArrowUp: rows[i - 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (move) focusRow(event.currentTarget, rows.indexOf(move));
    else if (event.key === 'ArrowRight' && row?.open === false) toggle(row.id, true);
    else if (event.key === 'ArrowLeft' && row?.open) toggle(row.id, false);
    else if ((event.key === 'Enter' || event.key === ' ') && row?.selection) select(row.selection);
    else return;
    event.preventDefault();
  };
  return (
    <div className="tree" role="tree" aria-label="Nodes, pods and services" onKeyDown={pressed}>
      {rows.map(({ id, level, text, status, shape, selection: own, open }) => (
        <div
          key={id}
          role="treeitem"
          className={shape ? `tree-row is-${shape}` : 'tree-row'}
          aria-level={level}
          aria-expanded={open}
          aria-selected={own !== undefined && own.uid === selection?.uid}
          tabIndex={id === current ? 0 : -1}
          onFocus={() => setAt(id)}
          onClick={() => (own ? select(own) : open !== undefined && toggle(id, !open))}
          onKeyDown={undefined}
        >
          <span className="tree-mark" aria-hidden="true">
            {open === undefined ? '' : open ? '▾' : '▸'}
          </span>
          {shape && <StatusGlyph shape={shape} />}
          <span className="tree-text">{text}</span>
          <span className="tree-status">{status}</span>
        </div>
      ))}
    </div>
  );
}

function focusRow(tree: HTMLElement, i: number): void {
  tree.querySelectorAll<HTMLElement>('[role="treeitem"]')[i]?.focus();
}

function useRows(closed: ReadonlySet<string>): readonly Row[] {
  const { pods, nodes, services } = useCluster();
  const namespace = useView((view) => view.namespace);
  return useMemo(() => {
    const byNode = podsByNode(
      [...pods.values()].filter(({ metadata }) => !namespace || metadata?.namespace === namespace),
    );
    const [controlPlane, workers] = splitByRole(nodes.values());
    const podRows = (name: string): readonly Row[] =>
      (byNode.get(name) ?? []).map((pod) => {
        const { shape, text, restarts } = podStatus(pod);
        const uid = pod.metadata?.uid ?? '';
        const status = restarts > 0 ? `${text}, ${restarts} restarts` : text;
        return { id: uid, level: 2, text: pod.metadata?.name ?? '', status, shape, selection: { kind: 'pods', uid } };
      });
    const group = (row: Omit<Row, 'level' | 'open'>, below: readonly Row[]): readonly Row[] => {
      const open = below.length > 0 ? !closed.has(row.id) : undefined;
      return [{ ...row, level: 1, open }, ...(open ? below : [])];
    };
    const serviceRows = [...services.values()].flatMap(({ metadata, spec }): readonly Row[] => {
      if (namespace && metadata?.namespace !== namespace) return [];
      const uid = metadata?.uid ?? '';
      const status = `${spec?.type}, ${spec?.clusterIP}`;
      return [{ id: uid, level: 2, text: metadata?.name ?? '', status, selection: { kind: 'services', uid } }];
    });
    return [
      ...[...controlPlane, ...workers].flatMap((node) => {
        const { name = '', uid = '' } = node.metadata ?? {};
        const status = `${nodeStatus(node).replace(',', ', ')}, ${(byNode.get(name) ?? []).length} pods`;
        return group({ id: uid, text: `Node ${name}`, status, selection: { kind: 'nodes', uid } }, podRows(name));
      }),
      ...group({ id: 'waiting', text: 'Waiting for a node', status: '' }, podRows('')),
      ...group({ id: 'services', text: 'Services', status: '' }, serviceRows),
    ];
  }, [pods, nodes, services, namespace, closed]);
}
