// Every pane of the page: one file and one line a pane. Each is loaded when it is first shown.
import { browserSlot } from '../browser/browser-slot.ts';
import { dashboardSlot } from '../dashboard/dashboard-slot.ts';
import { diagramSlot } from '../diagram/diagram-slot.ts';
import { editorSlot } from '../editor/editor-slot.ts';
import { inspectorSlot } from '../inspector/inspector-slot.ts';
import { lessonSlot } from '../lesson/lesson-slot.ts';
import { embedding } from '../state/embedding.ts';
import { useView } from '../state/view-store.ts';
import { terminalSlot } from '../terminal/terminal-slot.ts';
import { timelineSlot } from '../timeline/timeline-slot.ts';
import { traceSlot } from '../trace/trace-slot.ts';
import type { Place, Slot } from './slot.ts';

export const panes: readonly Slot[] = [
  lessonSlot,
  diagramSlot,
  browserSlot,
  dashboardSlot,
  terminalSlot,
  inspectorSlot,
  editorSlot,
  traceSlot,
  timelineSlot,
];

/** The panes that have a tab in a place, and the one of them that shows. An embedded page has only what is open. */
export interface Filled {
  readonly tabs: readonly Slot[];
  /** Those that were opened: they stay mounted. */
  readonly open: readonly Slot[];
  /** Undefined: the place is folded. */
  readonly shown: Slot | undefined;
}

/** What a place shows when these panes are open, the newest last. */
export function filled(place: Place, openIds: readonly string[]): Filled {
  const here = panes.filter((slot) => slot.place === place);
  const newest = openIds.findLast((id) => here.some((slot) => slot.id === id));
  return {
    tabs: here.filter(({ id, pinned }) => (pinned && !embedding) || openIds.includes(id)),
    open: here.filter(({ id }) => openIds.includes(id)),
    shown: here.find(({ id }) => id === newest),
  };
}

export function useFilled(place: Place): Filled {
  return filled(
    place,
    useView((view) => view.open),
  );
}

/** Folds a place: all its panes close. */
export function fold(place: Place): void {
  useView.getState().closePanes(panes.filter((slot) => slot.place === place).map(({ id }) => id));
}

/** Shows a pane, or folds its place when it shows already. */
export function toggle({ id, place }: Slot): void {
  const { open, openPane } = useView.getState();
  if (filled(place, open).shown?.id === id) fold(place);
  else openPane(id);
}
