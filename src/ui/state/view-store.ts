// How the page is set: theme, open panes, what is selected. What should outlive the visit is saved.
import { create } from 'zustand';
import type { ShownResource } from '../why/why.ts';
import { embedding } from './embedding.ts';
import { readSaved, save } from './saved.ts';

export type Theme = 'dark' | 'light';

/** An object of the cluster by kind and uid. */
export interface Selection {
  readonly kind: ShownResource;
  readonly uid: string;
}

/** What lies over the page. */
export type Overlay = 'help' | 'palette' | 'share';

export interface View {
  readonly theme: Theme;
  readonly screenReader: boolean;
  /** Ids of the open panes, the newest last: each place shows the newest of its own, a phone the newest of all. */
  readonly open: readonly string[];
  readonly selection: Selection | undefined;
  /** The one namespace that panes show; undefined: all. */
  readonly namespace: string | undefined;
  readonly overlay: Overlay | undefined;
  setTheme(theme: Theme): void;
  setScreenReader(on: boolean): void;
  /** Opens a pane, or brings it to the front of its place. */
  openPane(id: string): void;
  closePanes(ids: readonly string[]): void;
  /** Selects an object and shows it in the inspector; undefined takes both away. */
  select(selection: Selection | undefined): void;
  setNamespace(namespace: string | undefined): void;
  setOverlay(overlay: Overlay | undefined): void;
}

const firstPanes: readonly string[] = ['timeline', 'lesson', 'diagram', 'terminal'];

export const useView = create<View>((set, get) => {
  const setOpen = (open: readonly string[]): void => {
    save('open', open);
    set({ open });
  };
  return {
    theme: firstTheme(),
    screenReader: readSaved('screen-reader', isFlag) ?? false,
    open: embedding?.panes ?? readSaved('open', isIds) ?? firstPanes,
    selection: undefined,
    namespace: undefined,
    overlay: undefined,
    setTheme: (theme) => {
      document.documentElement.dataset.theme = theme;
      save('theme', theme);
      set({ theme });
    },
    setScreenReader: (screenReader) => {
      save('screen-reader', screenReader);
      set({ screenReader });
    },
    openPane: (id) => {
      const { open } = get();
      if (open.at(-1) !== id) setOpen([...open.filter((one) => one !== id), id]);
    },
    closePanes: (ids) => setOpen(get().open.filter((one) => !ids.includes(one))),
    select: (selection) => {
      set({ selection });
      if (selection) get().openPane('inspector');
      else get().closePanes(['inspector']);
    },
    setNamespace: (namespace) => set({ namespace }),
    setOverlay: (overlay) => set({ overlay }),
  };
});

function firstTheme(): Theme {
  const asked = embedding?.theme ?? 'auto';
  return asked === 'auto' ? (readSaved('theme', isTheme) ?? preferredTheme()) : asked;
}

/** As the learner's system is set. */
export function preferredTheme(): Theme {
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

function isTheme(value: unknown): value is Theme {
  return value === 'dark' || value === 'light';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 100 && value.every((one) => typeof one === 'string');
}
