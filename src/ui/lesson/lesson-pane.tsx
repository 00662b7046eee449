// The lesson: its steps, which tick themselves off, or the list of lessons while none is chosen.

import type { LessonSummary } from '../../lessons/lesson.ts';
import { useSession } from '../state/session-store.ts';
import { resetWorld } from '../state/world.ts';
import { chosenLesson, lessonUrl } from './chosen-lesson.ts';
import { lessonsDone } from './lesson-progress.ts';
import { lessons } from './lessons.ts';
import { Prose } from './prose.tsx';
import { StepView } from './step-view.tsx';
import { type PlayedLesson, useLesson } from './use-lesson.ts';
import './lesson.css';

export default function LessonPane() {
  const chosen = chosenLesson();
  return <div className="lesson">{chosen ? <Chosen summary={chosen} /> : <LessonList />}</div>;
}

function Chosen({ summary }: { readonly summary: LessonSummary }) {
  const played = useLesson(summary.id);
  const ready = useSession(({ session }) => session !== undefined);
  const number = lessons.indexOf(summary) + 1;
  return (
    <>
      <header className="lesson-head">
        <p>
          <a href={lessonUrl(undefined)}>All lessons</a>
          <span>
            {number} of {lessons.length} · {summary.minutes} min
          </span>
        </p>
        <h2>{summary.title}</h2>
        {played && <Bar {...played} />}
      </header>
      {!ready && <p className="lesson-wait">Preparing what this lesson starts from…</p>}
      {played && <Played {...played} next={lessons[number]} />}
    </>
  );
}

function Bar({ lesson, progress }: PlayedLesson) {
  return (
    <progress className="lesson-bar" value={progress.step} max={lesson.steps.length} aria-label="Steps done">
      {progress.step} of {lesson.steps.length}
    </progress>
  );
}

function Played({ lesson, progress, goTo, next }: PlayedLesson & { readonly next: LessonSummary | undefined }) {
  return (
    <>
      {progress.step === 0 && (
        <div className="step-body">
          <Prose blocks={lesson.intro} />
        </div>
      )}
      <ol className="steps">
        {lesson.steps.map((step, at) => (
          <StepView
            key={step.title}
            step={step}
            state={at < progress.step ? 'done' : at === progress.step ? 'now' : 'later'}
            passed={at === progress.step ? progress.passed : new Set()}
          />
        ))}
      </ol>
      {progress.done ? (
        <section className="lesson-end" aria-label="End of the lesson">
          <h3>What you have seen</h3>
          <div className="step-body">
            <Prose blocks={lesson.outro} />
          </div>
          {next ? (
            <a className="next" href={lessonUrl(next.id)}>
              <small>Next lesson</small>
              {next.title}
            </a>
          ) : (
            <a className="next" href={lessonUrl(undefined)}>
              <small>That was the last one</small>
              Go on with a cluster of your own
            </a>
          )}
          <button type="button" className="quiet" onClick={resetWorld}>
            Play this lesson again
          </button>
        </section>
      ) : (
        <p className="lesson-foot">
          <button type="button" className="quiet" onClick={() => goTo(progress.step + 1)}>
            Skip this step
          </button>
          {progress.step > 0 && (
            <button type="button" className="quiet" onClick={() => goTo(progress.step - 1)}>
              Back a step
            </button>
          )}
          <button type="button" className="quiet" onClick={resetWorld}>
            Start over
          </button>
        </p>
      )}
    </>
  );
}

function LessonList() {
  const done = lessonsDone();
  const next = lessons.find(({ id }) => !done.includes(id));
  return (
    <>
      <header className="lesson-head">
        <h2>Learn Kubernetes by doing it</h2>
        <p className="lead">
          Each lesson gives you a cluster of its own and ticks off what you do in it. Or just type: the cluster in this
          tab is yours.
        </p>
      </header>
      <ol className="lesson-list">
        {lessons.map(({ id, title, summary, minutes }, at) => (
          <li key={id}>
            <a href={lessonUrl(id)} className={next?.id === id ? 'is-next' : undefined}>
              <span className="number">{done.includes(id) ? <Tick /> : at + 1}</span>
              <span className="title">{title}</span>
              <small>{minutes} min</small>
              <span className="summary">{summary}</span>
            </a>
          </li>
        ))}
      </ol>
    </>
  );
}

function Tick() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" role="img" aria-label="Done">
      <path d="M3 8.5l3.2 3.2L13 5" />
    </svg>
  );
}
