// The panes, each loaded when it is first shown.
import { lazy, Suspense } from 'react';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';

const Terminal = lazy(() => import('../terminal/terminal-pane.tsx'));
const Diagram = lazy(() => import('../diagram/diagram-pane.tsx'));
const Inspector = lazy(() => import('../inspector/inspector-pane.tsx'));

export function TerminalView() {
  const ready = useSession(({ session }) => session !== undefined);
  return (
    <section className="pane" aria-label="Terminal">
      <Suspense fallback={<Loading what="Loading the terminal" />}>
        <Terminal />
      </Suspense>
      {!ready && <Loading what="Starting a control plane and two workers" />}
    </section>
  );
}

export function DiagramView() {
  return (
    <section className="pane" aria-label="Diagram">
      <Suspense fallback={<Loading what="Loading the diagram" />}>
        <Diagram />
      </Suspense>
    </section>
  );
}

export function InspectorView() {
  return (
    <aside className="pane" aria-label="Details">
      <Suspense fallback={<Loading what="Loading" />}>
        <Inspector />
      </Suspense>
    </aside>
  );
}

const firstCommands: readonly string[] = [
  'kubectl get nodes',
  'kubectl create deployment web --image=nginx:1.27 --replicas=3',
  'kubectl expose deployment web --port=80',
  'kubectl delete pod -l app=web',
];

/** Until lessons are here: commands to begin with, put into the prompt by a click. */
export function LessonView() {
  const terminal = useView((view) => view.terminal);
  const setTab = useView((view) => view.setTab);
  const put = (command: string): void => {
    setTab('terminal');
    terminal?.type(`\x15${command}`);
    terminal?.focus();
  };
  return (
    <section className="pane lesson" aria-label="Lesson">
      <h2>A cluster of your own</h2>
      <p>
        One control plane node and two workers run in this tab. Try these commands in order. A click puts one into the
        prompt; Enter runs it.
      </p>
      <ol>
        {firstCommands.map((command) => (
          <li key={command}>
            <button type="button" onClick={() => put(command)}>
              <code>
                {command.split(' ').map((word) => (
                  <span key={word}>{word}</span>
                ))}
              </code>
            </button>
          </li>
        ))}
      </ol>
      <p>Watch the diagram meanwhile: each dot is a request from one component to another.</p>
    </section>
  );
}

function Loading({ what }: { readonly what: string }) {
  return (
    <p className="loading" role="status">
      {what}…
    </p>
  );
}
