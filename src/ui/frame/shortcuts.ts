// Keys that work everywhere on the page; the terminal and text fields keep theirs, but for Ctrl-K and F6.
import { useEffect } from 'react';
import { useView } from '../state/view-store.ts';
import { pageActions } from './actions.ts';

export function useShortcuts(): void {
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

function pressed(event: KeyboardEvent): void {
  const run = actionFor(event);
  if (!run || event.defaultPrevented) return;
  event.preventDefault();
  run();
}

function actionFor(event: KeyboardEvent): (() => void) | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const { overlay, setOverlay, select } = useView.getState();
  if ((ctrlKey || metaKey) && key.toLowerCase() === 'k')
    return () => setOverlay(overlay === 'palette' ? undefined : 'palette');
  if (key === 'F6') return () => nextPane(shiftKey ? -1 : 1);
  if (ctrlKey || metaKey || altKey || overlay || isTyping(event.target)) return undefined;
  if (key === 'Escape') return () => select(undefined);
  return pageActions.find((action) => action.key === key)?.run;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable], [role="textbox"]')
  );
}

/** Moves the focus to the pane before or behind the one that has it. */
function nextPane(step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = all.findIndex((pane) => pane.contains(document.activeElement));
  const next = all[(at + step + all.length) % all.length];
  const text = next?.querySelector<HTMLElement>('textarea');
  const inside = next?.querySelector<HTMLElement>(
    '.pane-body :is(button, input, select):not(:disabled), .pane-body a, .pane-body [tabindex="0"]',
  );
  (text ?? inside ?? next)?.focus();
}
