// Over which family of pods the pointer is, or which has the focus: its members are outlined.
import { create } from 'zustand';
import type { Family } from './families.ts';

export interface HoverState {
  readonly family: Family | undefined;
  /** The service over which the pointer is, by uid. */
  readonly service: string | undefined;
}

export const useHover = create<HoverState>(() => ({ family: undefined, service: undefined }));
