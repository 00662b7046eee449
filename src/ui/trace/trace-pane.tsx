// The trace of a command: the chain of causes that it set off, one row a kind of step, each with what it changed.
import { useMemo, useState } from 'react';
import { typeIntoTerminal } from '../state/terminal-access.ts';
import { useView } from '../state/view-store.ts';
import { useCommands } from './command-list.ts';
import { type StoryRow, sinceText, story } from './story.ts';
import { StoryRowView } from './story-row-view.tsx';
import './trace.css';
import { useTrace } from './trace-store.ts';
import { useTraceSteps } from './use-trace-steps.ts';

export default function TracePane() {
  const root = useTrace((trace) => trace.root);
  const commands = useCommands();
  const { steps, cut } = useTraceSteps(root);
  const rows = useMemo(() => story(steps), [steps]);
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string>();
  const show = useTrace((trace) => trace.show);
  const [first] = steps;
  if (root === undefined || !first) return <Commands />;
  const shown = all ? rows : rows.filter(({ told }) => told.some(({ weight }) => weight !== 'bookkeeping'));
  const kept = new Set(shown.map(({ key }) => key));
  const openRow = (row: StoryRow): void => {
    setOpen(open === row.key ? undefined : row.key);
    show(open === row.key ? undefined : row.told[0]?.path);
  };
  return (
    <div className="trace">
      <header>
        <CommandPicker root={root} />
        <p className="trace-sum">{sum(steps.length, steps.at(-1)?.at ?? first.at, first.at, cut)}</p>
      </header>
      <ol className="story" aria-label={`What ${commands.find(({ step }) => step === root)?.text ?? 'it'} set off`}>
        {shown.map((row) => (
          <StoryRowView
            key={row.key}
            row={row}
            startedAt={first.at}
            open={open === row.key}
            related={open !== undefined && isOnWay(rows, row.key, open)}
            onToggle={() => openRow(row)}
          />
        ))}
      </ol>
      {shown.length === 0 && (
        <p className="trace-note">Nothing reached the cluster: the command ran on your machine alone.</p>
      )}
      {rows.length > kept.size && (
        <button type="button" className="quiet-button" onClick={() => setAll(true)}>
          Show {rows.length - kept.size} more: events, tokens, retries and other bookkeeping
        </button>
      )}
    </div>
  );
}

function sum(count: number, last: number, first: number, cut: boolean): string {
  if (count <= 1) return 'Nothing yet.';
  return `${cut ? 'The first ' : ''}${count - 1} steps within ${sinceText(last - first).slice(1)} of cluster time.`;
}

/** Whether a row leads to the open one, or is it. */
function isOnWay(rows: readonly StoryRow[], key: string, open: string): boolean {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const seen = new Set<string>();
  for (let at: string | undefined = open; at !== undefined && !seen.has(at); at = byKey.get(at)?.cause) {
    if (at === key) return true;
    seen.add(at);
  }
  return false;
}

function CommandPicker({ root }: { readonly root: number }) {
  const commands = useCommands();
  const toggle = useTrace((trace) => trace.toggle);
  const known = commands.some(({ step }) => step === root);
  return (
    <select
      className="choice command-picker"
      aria-label="Command"
      value={root}
      onChange={({ target }) => toggle(Number(target.value))}
    >
      {!known && <option value={root}>an earlier command</option>}
      {commands.map(({ step, text }) => (
        <option key={step} value={step}>
          $ {text}
        </option>
      ))}
    </select>
  );
}

/** Before a trace is chosen: what there is to choose from. */
function Commands() {
  const commands = useCommands();
  const toggle = useTrace((trace) => trace.toggle);
  const openPane = useView((view) => view.openPane);
  const example = 'kubectl create deployment web --image=nginx:1.27';
  if (commands.length === 0)
    return (
      <div className="empty trace-empty">
        <p>Every command leaves a mark in the terminal’s margin. Open one here to see all that it set off.</p>
        <button
          type="button"
          className="command-button"
          onClick={() => {
            openPane('terminal');
            typeIntoTerminal(`\x15${example}`);
          }}
        >
          <code>{example}</code>
        </button>
      </div>
    );
  return (
    <div className="trace">
      <h3>What a command set off</h3>
      <ul className="command-list">
        {commands.toReversed().map(({ step, text }) => (
          <li key={step}>
            <button type="button" className="command-button" onClick={() => toggle(step)}>
              <code>{text}</code>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
