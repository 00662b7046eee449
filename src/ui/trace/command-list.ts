// The commands that were run since the page is open, newest last, as the trace tells of them.
import { create } from 'zustand';
import { onSteps } from '../state/session-store.ts';

export interface TracedCommand {
  /** The step of the trace that it is. */
  readonly step: number;
  readonly text: string;
}

const commandsMax = 200;

export const useCommands = create<readonly TracedCommand[]>(() => []);

onSteps((steps) => {
  const more = steps.flatMap(({ id, component, action, subject }) =>
    component === 'learner' && action === 'line' ? [{ step: id, text: subject }] : [],
  );
  if (more.length > 0) useCommands.setState((known) => [...known, ...more].slice(-commandsMax), true);
});
