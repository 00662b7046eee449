// Panes side by side with seams between them: lesson, diagram above terminal, details; the timeline below all.
import { Fragment } from 'react';
import { Group, type LayoutStorage, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { embedding } from '../state/embedding.ts';
import { readSaved, save } from '../state/saved.ts';
import { useView } from '../state/view-store.ts';
import { IconButton } from './icon-button.tsx';
import { filled, panes, toggle, useFilled } from './panes.tsx';
import { PlaceView } from './place-view.tsx';
import { useMedia } from './use-media.ts';

const sizes: LayoutStorage = {
  getItem: (key) => readSaved(key, (value) => typeof value === 'string') ?? null,
  setItem: save,
};

export function WideLayout() {
  const narrow = useMedia('(max-width: 1199px)');
  const left = useFilled('left').shown !== undefined;
  const right = useFilled('right').shown !== undefined;
  const drawer = right && left && narrow;
  const beside = right && !drawer;
  const columns = useDefaultLayout({
    id: 'columns',
    panelIds: [...(left ? ['left'] : []), 'middle', ...(beside ? ['right'] : [])],
    storage: sizes,
  });
  return (
    <>
      <main className="wide">
        {!embedding && <Rail />}
        <Group className="columns" orientation="horizontal" {...columns}>
          {left && (
            <Fragment key="left">
              <Panel
                id="left"
                defaultSize="320px"
                minSize="240px"
                maxSize="50%"
                groupResizeBehavior="preserve-pixel-size"
              >
                <PlaceView place="left" />
              </Panel>
              <Separator className="seam upright" aria-label="Width of the lesson" />
            </Fragment>
          )}
          <Panel key="middle" id="middle" minSize="320px">
            <Middle />
          </Panel>
          {beside && (
            <Fragment key="right">
              <Separator className="seam upright" aria-label="Width of the details" />
              <Panel
                id="right"
                defaultSize="400px"
                minSize="300px"
                maxSize="70%"
                groupResizeBehavior="preserve-pixel-size"
              >
                <PlaceView place="right" />
              </Panel>
            </Fragment>
          )}
        </Group>
        {drawer && (
          <div className="drawer">
            <PlaceView place="right" />
          </div>
        )}
      </main>
      <Strip />
    </>
  );
}

function Middle() {
  const stage = useFilled('stage').shown !== undefined;
  const bottom = useFilled('bottom').shown !== undefined;
  const rows = useDefaultLayout({
    id: 'rows',
    panelIds: [...(stage ? ['stage'] : []), ...(bottom ? ['bottom'] : [])],
    storage: sizes,
  });
  if (!stage && !bottom) return <p className="empty">Everything is folded. Press m for the map, t for the terminal.</p>;
  return (
    <Group className="rows" orientation="vertical" {...rows}>
      {stage && (
        <Panel key="stage" id="stage" defaultSize="56%" minSize="120px">
          <PlaceView place="stage" />
        </Panel>
      )}
      {stage && bottom && <Separator key="seam" className="seam" aria-label="Height of diagram and terminal" />}
      {bottom && (
        <Panel key="bottom" id="bottom" defaultSize="44%" minSize="96px">
          <PlaceView place="bottom" />
        </Panel>
      )}
    </Group>
  );
}

/** A button a pane, in the order of the panes; those without a tab of their own come when they are opened. */
function Rail() {
  const open = useView((view) => view.open);
  const listed = panes.filter(({ id, place, pinned }) => place !== 'strip' && (pinned || open.includes(id)));
  return (
    <nav className="rail" aria-label="Panes">
      {listed.map((slot) => {
        const { id, title, icon, key, place } = slot;
        const shows = filled(place, open).shown?.id === id;
        return (
          <IconButton
            key={id}
            icon={icon}
            label={title}
            title={key ? `${title} (${key})` : title}
            pressed={shows}
            onClick={() => toggle(slot)}
          />
        );
      })}
    </nav>
  );
}

function Strip() {
  const { shown } = useFilled('strip');
  return shown ? (
    <div className="strip">
      <PlaceView place="strip" />
    </div>
  ) : null;
}
