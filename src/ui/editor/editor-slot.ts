// The editor's place in the frame.
import { loaded } from '../frame/loaded.tsx';
import type { Slot } from '../frame/slot.ts';
import { openDraft } from '../state/editor-store.ts';

export const editorSlot: Slot = {
  id: 'editor',
  title: 'YAML',
  place: 'right',
  icon: 'yaml',
  key: 'y',
  pinned: true,
  view: loaded(() => import('./editor-pane.tsx')),
  actions: () => [{ id: 'editor-new', label: 'New YAML', hint: 'Editor', run: () => openDraft() }],
};
