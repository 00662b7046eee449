// Which command's trace is open, and which of its steps is looked at: terminal, trace and diagram share it.
import { create } from 'zustand';
import { useView } from '../state/view-store.ts';

export interface TraceState {
  /** The step that a command is; undefined: none is open. */
  readonly root: number | undefined;
  /** Where the step that is looked at has its ends in the diagram. */
  readonly path: TracePath | undefined;
  /** Opens a command's trace, or closes it when it is the one that is open. */
  toggle(root: number): void;
  show(path: TracePath | undefined): void;
}

/** Names of anchors in the diagram, from one to the next: `kube-apiserver`, `kubelet/worker-1` … */
export type TracePath = readonly string[];

export const tracePane = 'trace';

export const useTrace = create<TraceState>((set, get) => ({
  root: undefined,
  path: undefined,
  toggle: (root) => {
    const { openPane, closePanes } = useView.getState();
    if (get().root === root && useView.getState().open.includes(tracePane)) {
      set({ root: undefined, path: undefined });
      closePanes([tracePane]);
      return;
    }
    set({ root, path: undefined });
    openPane(tracePane);
  },
  show: (path) => set({ path }),
}));
