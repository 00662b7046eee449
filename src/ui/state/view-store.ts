// How the page is set: theme, open panes, what is selected. What should outlive the visit is saved.
import { create } from 'zustand';
import { readSaved, save } from './saved.ts';

export type Theme = 'dark' | 'light';
export type Tab = 'lesson' | 'terminal' | 'map' | 'details';

/** An object of the cluster by kind and uid. */
export interface Selection {
  readonly kind: 'pods' | 'nodes' | 'services';
  readonly uid: string;
}

export interface View {
  readonly theme: Theme;
  readonly screenReader: boolean;
  readonly lessonOpen: boolean;
  /** On a phone, the one pane that shows. */
  readonly tab: Tab;
  readonly selection: Selection | undefined;
  readonly help: boolean;
  /** The open terminal, for what types into it from elsewhere. */
  readonly terminal: { type(keys: string): void; focus(): void } | undefined;
  setTheme(theme: Theme): void;
  setScreenReader(on: boolean): void;
  setLessonOpen(open: boolean): void;
  setTab(tab: Tab): void;
  select(selection: Selection | undefined): void;
  setHelp(open: boolean): void;
}

export const useView = create<View>((set) => ({
  theme: readSaved('theme', isTheme) ?? preferredTheme(),
  screenReader: readSaved('screen-reader', isFlag) ?? false,
  lessonOpen: readSaved('lesson-open', isFlag) ?? false,
  tab: 'terminal',
  selection: undefined,
  help: false,
  terminal: undefined,
  setTheme: (theme) => {
    document.documentElement.dataset.theme = theme;
    save('theme', theme);
    set({ theme });
  },
  setScreenReader: (screenReader) => {
    save('screen-reader', screenReader);
    set({ screenReader });
  },
  setLessonOpen: (lessonOpen) => {
    save('lesson-open', lessonOpen);
    set({ lessonOpen });
  },
  setTab: (tab) => set({ tab }),
  select: (selection) => set({ selection }),
  setHelp: (help) => set({ help }),
}));

function preferredTheme(): Theme {
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function isTheme(value: unknown): value is Theme {
  return value === 'dark' || value === 'light';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
