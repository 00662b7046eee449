// Panes side by side: lesson (a rail when folded), diagram above terminal, and details of what is selected.
import { Group, Panel, Separator } from 'react-resizable-panels';
import { readSaved, save } from '../state/saved.ts';
import { useView } from '../state/view-store.ts';
import { Icon } from './icon.tsx';
import { DiagramView, InspectorView, LessonView, TerminalView } from './panes.tsx';

type Rows = Record<string, number>;
const defaultRows: Rows = { diagram: 56, terminal: 44 };
const savedRows = readSaved('rows', isRows);

export function WideLayout() {
  const lessonOpen = useView((view) => view.lessonOpen);
  const selected = useView((view) => view.selection !== undefined);
  return (
    <main className="wide">
      <LessonRail open={lessonOpen} />
      {lessonOpen && (
        <div className="lesson-column">
          <LessonView />
        </div>
      )}
      <Group
        orientation="vertical"
        className="middle"
        defaultLayout={savedRows ?? defaultRows}
        onLayoutChanged={(rows) => save('rows', rows)}
      >
        <Panel id="diagram" minSize="120px">
          <DiagramView />
        </Panel>
        <Separator className="seam" aria-label="Height of diagram and terminal" />
        <Panel id="terminal" minSize="96px">
          <TerminalView />
        </Panel>
      </Group>
      {selected && (
        <div className="inspector-column">
          <InspectorView />
        </div>
      )}
    </main>
  );
}

function LessonRail({ open }: { readonly open: boolean }) {
  const setLessonOpen = useView((view) => view.setLessonOpen);
  return (
    <nav className="rail" aria-label="Lesson">
      <button
        type="button"
        className="icon-button"
        aria-expanded={open}
        aria-label={open ? 'Fold the lesson' : 'Open the lesson'}
        title={open ? 'Fold the lesson (l)' : 'Open the lesson (l)'}
        onClick={() => setLessonOpen(!open)}
      >
        <Icon name={open ? 'fold' : 'book'} />
      </button>
    </nav>
  );
}

function isRows(value: unknown): value is Rows {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(defaultRows).every(
      (name) => typeof Object.entries(value).find(([key]) => key === name)?.[1] === 'number',
    )
  );
}
