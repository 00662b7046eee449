// One place of the frame: tabs when it has several panes, and the pane that shows. Open ones stay mounted behind it.
import type { KeyboardEvent } from 'react';
import { useView } from '../state/view-store.ts';
import { IconButton } from './icon-button.tsx';
import { PaneGuard } from './pane-guard.tsx';
import { fold, useFilled } from './panes.tsx';
import type { Place, Slot } from './slot.ts';

export function PlaceView({ place }: { readonly place: Place }) {
  const { tabs, open, shown } = useFilled(place);
  if (!shown) return null;
  const bar = tabs.length > 1 || place === 'right';
  return (
    <section className={`pane place-${place}`} aria-label={shown.title} data-pane={shown.id} tabIndex={-1}>
      <h2 className="unseen">{shown.title}</h2>
      {bar && <Tabs place={place} tabs={tabs} shown={shown} />}
      {open.map(({ id, view: View }) => (
        <div key={id} className="pane-body" hidden={id !== shown.id}>
          <PaneGuard>
            <View />
          </PaneGuard>
        </div>
      ))}
    </section>
  );
}

function Tabs({ place, tabs, shown }: { readonly place: Place; readonly tabs: readonly Slot[]; readonly shown: Slot }) {
  const openPane = useView((view) => view.openPane);
  const closePanes = useView((view) => view.closePanes);
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step && tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    openPane(next.id);
    if (event.currentTarget instanceof HTMLElement)
      event.currentTarget.querySelectorAll('button')[tabs.indexOf(next)]?.focus();
  };
  const extra = shown.pinned || place === 'right' ? undefined : shown;
  return (
    <header className="pane-tabs">
      <div role="tablist" aria-label="Panes" onKeyDown={walk}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            aria-selected={id === shown.id}
            tabIndex={id === shown.id ? 0 : -1}
            onClick={() => openPane(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {(extra || place === 'right') && (
        <IconButton
          icon="close"
          label={extra ? `Close ${extra.title}` : 'Fold these panes'}
          title={extra ? 'Close' : 'Fold (Esc)'}
          onClick={() => (extra ? closePanes([extra.id]) : fold(place))}
        />
      )}
    </header>
  );
}
