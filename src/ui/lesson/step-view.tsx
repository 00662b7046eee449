// One step of a lesson: done, played now, or still to come.
import { useEffect, useRef, useState } from 'react';
import type { Step } from '../../lessons/lesson.ts';
import { Line, Prose } from './prose.tsx';

export interface StepViewProps {
  readonly step: Step;
  readonly state: 'done' | 'now' | 'later';
  readonly passed: ReadonlySet<number>;
}

export function StepView({ step, state, passed }: StepViewProps) {
  const place = useRef<HTMLLIElement>(null);
  const [reread, setReread] = useState(false);
  const began = useRef(state);
  useEffect(() => {
    if (state === 'now' && began.current !== 'now') showTop(place.current);
    began.current = state;
  }, [state]);
  const open = state === 'now' || reread;
  return (
    <li ref={place} className={`step is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
      <h3>
        <StepMark state={state} />
        {state === 'done' ? (
          <button type="button" aria-expanded={reread} onClick={() => setReread(!reread)}>
            {step.title}
          </button>
        ) : (
          <span>{step.title}</span>
        )}
      </h3>
      {open && (
        <div className="step-body">
          <Prose blocks={step.prose} />
          {state === 'now' && <Checks step={step} passed={passed} />}
          {state === 'now' && <Hints step={step} />}
        </div>
      )}
    </li>
  );
}

const gap = 8;

/** Unlike `scrollIntoView` it moves the lesson alone: not a page that this one is a frame of. */
function showTop(step: HTMLElement | null): void {
  const pane = step?.closest('.pane-body');
  if (!step || !pane) return;
  pane.scrollTop += step.getBoundingClientRect().top - pane.getBoundingClientRect().top - gap;
}

function StepMark({ state }: Pick<StepViewProps, 'state'>) {
  return (
    <svg className="step-mark" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.5" />
      {state === 'done' && <path d="M5 8.2l2.1 2.1L11 6" />}
    </svg>
  );
}

/** What ticks by itself as the learner works. */
function Checks({ step, passed }: Pick<StepViewProps, 'step' | 'passed'>) {
  return (
    <ul className="checks" aria-label="Done when" aria-live="polite">
      {step.checks.map(({ says }, at) => (
        <li key={says} className={passed.has(at) ? 'is-done' : undefined}>
          <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
            <rect x="2" y="2" width="12" height="12" rx="3" />
            {passed.has(at) && <path d="M5 8.2l2.1 2.1L11 6" />}
          </svg>
          <span>
            {says}
            <span className="unseen">{passed.has(at) ? ', done' : ', not yet'}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** One more hint at each press. */
function Hints({ step: { hints } }: Pick<StepViewProps, 'step'>) {
  const [shown, setShown] = useState(0);
  return (
    <div className="hints" aria-live="polite">
      {hints.slice(0, shown).map((hint, at) => (
        <p key={at}>
          <Line text={hint} />
        </p>
      ))}
      {shown < hints.length && (
        <button type="button" className="quiet" onClick={() => setShown(shown + 1)}>
          {shown === 0 ? 'Give me a hint' : 'One more hint'}
        </button>
      )}
    </div>
  );
}
