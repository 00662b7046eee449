// What the page can do, for keys and for the palette: its own actions, a toggle a pane, and what panes add.
import { focusTerminal } from '../state/terminal-access.ts';
import { useView } from '../state/view-store.ts';
import { resetWorld } from '../state/world.ts';
import { changeSpeed, speeds, togglePause } from './pace.ts';
import { panes, toggle } from './panes.tsx';
import type { Action } from './slot.ts';

const paneActions: readonly Action[] = panes.flatMap((slot) => {
  if (!slot.pinned || slot.id === 'terminal') return [];
  const { id, title, key } = slot;
  return [{ id: `pane-${id}`, label: `Open or fold: ${title}`, hint: 'Pane', key, run: () => toggle(slot) }];
});

/** Those with keys come first; `?` lists them in this order. */
export const pageActions: readonly Action[] = [
  { id: 'palette', label: 'Find an action, object or lesson', key: '/', run: () => show('palette') },
  { id: 'help', label: 'Keys and help', key: '?', run: () => show('help') },
  { id: 'terminal', label: 'Go to the terminal', key: 't', run: focusTerminal },
  { id: 'pause', label: 'Pause time, or let it go on', hint: 'Time', key: 'p', run: togglePause },
  ...paneActions,
  { id: 'theme', label: 'Dark or light', key: 'd', run: toggleTheme },
  { id: 'share', label: 'Share this cluster by a link', run: () => show('share') },
  { id: 'reset', label: 'Reset: forget this cluster and begin it anew', hint: 'Cluster', run: resetWorld },
  ...speeds.map((speed) => ({
    id: `speed-${speed}`,
    label: `Let time go at ${speed === 0.25 ? '¼' : speed}×`,
    hint: 'Time',
    run: () => changeSpeed(speed),
  })),
];

export function toggleTheme(): void {
  const { theme, setTheme } = useView.getState();
  setTheme(theme === 'dark' ? 'light' : 'dark');
}

/** Everything that the palette finds now. */
export function allActions(): readonly Action[] {
  return [...pageActions, ...panes.flatMap(({ actions }) => actions?.() ?? [])];
}

function show(overlay: 'help' | 'palette' | 'share'): void {
  const view = useView.getState();
  view.setOverlay(view.overlay === overlay ? undefined : overlay);
}
