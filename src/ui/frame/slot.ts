// What a pane tells the frame about itself: where it stands, how it is called up, and what it adds to the palette.
import type { ComponentType } from 'react';
import type { IconName } from './icon.tsx';

/**
 * Where a pane stands on a wide screen; on a phone each but `strip` is a tab.
 *
 *   left │ stage  │ right
 *        │ bottom │
 *   strip
 */
export type Place = 'left' | 'stage' | 'bottom' | 'right' | 'strip';

/** Something that the palette (and a key, if it has one) can do. */
export interface Action {
  readonly id: string;
  readonly label: string;
  /** Said in the palette beside the label, e.g. a kind or a group. */
  readonly hint?: string | undefined;
  readonly key?: string | undefined;
  readonly run: () => void;
}

export interface Slot {
  readonly id: string;
  /** Its name for eyes and ears: one or two words. */
  readonly title: string;
  readonly place: Place;
  readonly icon: IconName;
  /** Made by `loaded`, so that its code comes when it is first shown. */
  readonly view: ComponentType;
  /** Opens and folds it, outside of text fields and the terminal. */
  readonly key?: string | undefined;
  /** Without it, the pane has a button and a tab only once something has opened it. */
  readonly pinned?: boolean | undefined;
  /** What it adds to the palette, asked for each time the palette opens. */
  readonly actions?: (() => readonly Action[]) | undefined;
}
