// What a step changed: each object as its lines were and are, by revision of etcd.
import { useEffect, useState } from 'react';
import type { WireEffect } from '../../worker/messages.ts';
import { useSession } from '../state/session-store.ts';
import { objectDiff } from './object-diff.ts';
import type { ToldStep } from './told-step.ts';

export function EffectView({ told }: { readonly told: ToldStep }) {
  const effect = useEffectOf(told.step.id);
  const request = useEffectOf(told.kind === 'check' ? told.step.cause : undefined);
  if (!effect) return null;
  if (told.kind === 'ask') return effect.asked ? <Lines title="What it sends" after={effect.asked} /> : null;
  const [change] = effect.changes;
  if (told.kind === 'check')
    return change?.after && request?.asked && change.before === undefined ? (
      <Lines title="What defaults and admission added to the request" before={request.asked} after={change.after} />
    ) : null;
  return effect.changes.map(({ key, revision, before, after }) => (
    <Lines key={key} title={titleOf(revision, before, after)} before={before} after={after} />
  ));
}

function titleOf(revision: number, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `Stored at revision ${revision}: a new object`;
  if (after === undefined) return `Deleted at revision ${revision}: what it was`;
  return `Stored at revision ${revision}: what changed`;
}

/** Asks the worker; a step that has been told of does not change any more. */
function useEffectOf(step: number | undefined): WireEffect | undefined {
  const session = useSession(({ session: found }) => found);
  const [effect, setEffect] = useState<WireEffect>();
  useEffect(() => {
    let over = false;
    setEffect(undefined);
    if (step !== undefined) session?.effect(step).then((found) => over || setEffect(found));
    return () => {
      over = true;
    };
  }, [session, step]);
  return effect;
}

const marks = { same: ' ', added: '+', removed: '−', gap: ' ' } as const;

interface LinesProps {
  readonly title: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

function Lines({ title, before, after }: LinesProps) {
  const whole = before === undefined || after === undefined;
  return (
    <figure className="effect">
      <figcaption>{title}</figcaption>
      <pre>
        {objectDiff(before, after).map(({ kind, text, at }) => (
          <span key={at} className={whole ? undefined : `is-${kind}`}>
            {whole ? '' : `${marks[kind]} `}
            {text}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}
