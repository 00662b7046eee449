// One row of a trace: when, who did what to which object; opened, why, what that part is for, and what changed.
import { useState } from 'react';
import { partOf } from '../state/component-name.ts';
import { EffectView } from './effect-view.tsx';
import { partSentence } from './parts.ts';
import { rowText, type StoryRow, sinceText } from './story.ts';
import { type ToldStep, trafficText, whoText } from './told-step.ts';
import { useTrace } from './trace-store.ts';

export interface StoryRowViewProps {
  readonly row: StoryRow;
  readonly startedAt: number;
  readonly open: boolean;
  /** It leads to the row that is open. */
  readonly related: boolean;
  readonly onToggle: () => void;
}

/** Members of a row that are listed at most. */
const membersMax = 100;

export function StoryRowView({ row, startedAt, open, related, onToggle }: StoryRowViewProps) {
  const { who, verb, object } = rowText(row);
  const [first] = row.told;
  if (!first) return null;
  const count = row.told.length;
  const distinct = new Set(row.told.map((one) => one.object)).size;
  const last = row.told.at(-1) ?? first;
  const classes = ['story-row', `is-${first.kind}`, `is-${weightOf(row)}`, related ? 'is-related' : ''];
  return (
    <li className={classes.filter(Boolean).join(' ')}>
      <button type="button" aria-expanded={open} onClick={onToggle}>
        <time title={`from ${sinceText(first.step.at - startedAt)} to ${sinceText(last.step.at - startedAt)}`}>
          {sinceText(first.step.at - startedAt)}
        </time>
        <span className="story-dot" aria-hidden="true" />
        <span className="story-text">
          <b>{who}</b> {verb} <span className="story-object">{object}</span>
          {count > distinct && <span className="story-count">×{count}</span>}
          {noteOf(row) && <small>{noteOf(row)}</small>}
        </span>
      </button>
      {open && <Detail row={row} startedAt={startedAt} />}
    </li>
  );
}

function weightOf({ told }: StoryRow): string {
  const weights = told.map(({ weight }) => weight);
  return weights.includes('major') ? 'major' : weights.includes('minor') ? 'minor' : 'bookkeeping';
}

/** One line beside the row: the revision, or the first line of what it said. */
function noteOf({ told }: StoryRow): string | undefined {
  const [first] = told;
  if (!first?.note) return undefined;
  const [line] = first.note.split('\n');
  const last = told.at(-1)?.note;
  const range =
    told.length > 1 && /^revision \d+$/.test(first.note) && last !== undefined && /^revision \d+$/.test(last);
  return range ? `revisions ${first.note.slice(9)}–${last.slice(9)}` : line;
}

function Detail({ row, startedAt }: { readonly row: StoryRow; readonly startedAt: number }) {
  const [chosen, setChosen] = useState(0);
  const show = useTrace((trace) => trace.show);
  const told = row.told[chosen] ?? row.told[0];
  if (!told) return null;
  const choose = (i: number): void => {
    setChosen(i);
    show(row.told[i]?.path);
  };
  return (
    <div className="story-detail">
      {row.heard && (
        <p>
          Its watch of {row.heard.object.split(' ')[0]} objects told it of {row.heard.object}
          {row.heard.note?.startsWith('revision') ? ` (${row.heard.note})` : ''}.
        </p>
      )}
      <p className="part-sentence">
        <b>{partOf(told.who) === 'pod' ? whoText(told.who) : partOf(told.who)}</b> {partSentence(told.who)}
      </p>
      {row.told.length > 1 && (
        <ul className="story-members" aria-label="Steps of this row">
          {row.told.slice(0, membersMax).map((one, i) => (
            <li key={one.step.id}>
              <button type="button" aria-pressed={one === told} onClick={() => choose(i)}>
                <time>{sinceText(one.step.at - startedAt)}</time> {memberText(one)}
              </button>
            </li>
          ))}
          {row.told.length > membersMax && <li>and {row.told.length - membersMax} more</li>}
        </ul>
      )}
      {told.note?.includes('\n') || told.kind === 'decide' || told.kind === 'refuse' || told.kind === 'work' ? (
        <Notes told={told} />
      ) : null}
      <EffectView told={told} />
    </div>
  );
}

function memberText(told: ToldStep): string {
  const { object, who, kind, note } = told;
  if (told.step.way) return trafficText(told);
  if (kind === 'decide') return `${object}: ${note?.split(/ of |\n/)[0] ?? ''}`;
  const [, node] = who.split('/');
  return node ? `${object} on ${node}` : object;
}

/** What a part said of its work, a line each; the scheduler's scores as they are. */
function Notes({ told }: { readonly told: ToldStep }) {
  if (!told.note) return null;
  const lines =
    told.kind === 'decide'
      ? told.note.replace(/(evaluated|feasible): /, '$1\n').split(/\n|, (?=[A-Z])/)
      : told.note.split('\n');
  return (
    <ul className="story-notes">
      {[...new Set(lines)].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
