// A why: one sentence, its evidence with links to where it was read, and what usually mends it.
import { useState } from 'react';
import { useView } from '../state/view-store.ts';
import type { Evidence, Why } from '../why/why.ts';
import { LogLines } from './logs-view.tsx';

export interface WhyViewProps {
  readonly why: Why;
  readonly pod: { readonly namespace: string; readonly name: string } | undefined;
}

export function WhyView({ why, pod }: WhyViewProps) {
  return (
    <section className={`why is-${why.tone}`} aria-label="Why">
      <p className="why-sentence">{why.sentence}</p>
      <ul>
        {why.evidence.map((one) => (
          <li key={`${one.from?.kind} ${one.text}`}>
            <EvidenceView evidence={one} pod={pod} />
          </li>
        ))}
      </ul>
      {why.mend && (
        <p className="why-mend">
          <b>What usually helps</b> {withCode(why.mend)}
        </p>
      )}
    </section>
  );
}

function EvidenceView({
  evidence: { text, from },
  pod,
}: {
  readonly evidence: Evidence;
  readonly pod: WhyViewProps['pod'];
}) {
  const select = useView((view) => view.select);
  const [shown, setShown] = useState(false);
  if (from?.kind === 'object')
    return (
      <button type="button" className="link" onClick={() => select({ kind: from.resource, uid: from.uid })}>
        {text}
      </button>
    );
  if (from?.kind === 'log' && pod)
    return shown ? (
      <LogLines pod={pod} container={from.container} previous={from.previous} tail={8} />
    ) : (
      <button type="button" className="link" onClick={() => setShown(true)}>
        {text}
      </button>
    );
  return (
    <>
      {text} {from && <small>{sourceText(from)}</small>}
    </>
  );
}

function sourceText(from: NonNullable<Evidence['from']>): string {
  switch (from.kind) {
    case 'field':
      return from.path;
    case 'event':
      return from.count > 1 ? `event ${from.reason}, ${from.count} times` : `event ${from.reason}`;
    case 'decision':
      return from.by;
    default:
      return '';
  }
}

/** What stands between backquotes is a command or a field. */
function withCode(text: string): React.ReactNode {
  return text.split('`').map((part, i) => {
    const key = `${i} ${part}`;
    return i % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
