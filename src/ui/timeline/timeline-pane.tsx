// The timeline: a tick for every change; dragging its handle shows the cluster as it was then, which changes nothing.
import { useEffect, useRef, useState } from 'react';
import { clockText } from '../frame/pace.ts';
import { useSession } from '../state/session-store.ts';
import { useView } from '../state/view-store.ts';
import { nearest, type Tick } from './ticks.ts';
import './timeline.css';
import { knownSince, lookAt, useTimeline } from './timeline-store.ts';

/** The shortest time that the whole strip stands for. */
const spanMinMs = 60_000;
/** How near to a tick the pointer has to be, in pixels. */
const reach = 8;

interface Span {
  readonly from: number;
  readonly to: number;
}

export default function TimelinePane() {
  const now = useSession((session) => session.now);
  const startedAt = useSession((session) => session.startedAt);
  const ready = useSession(({ session }) => session !== undefined);
  const { ticks, moment } = useTimeline();
  const [hover, setHover] = useState<{ readonly x: number; readonly tick: Tick }>();
  if (!ready) return <div className="timeline" />;
  const span = { from: Math.min(startedAt, knownSince()), to: Math.max(now, startedAt + spanMinMs) };
  const point = ({ clientX, currentTarget }: React.PointerEvent<HTMLElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const perPixel = (span.to - span.from) / width;
    const tick = nearest(ticks, span.from + (clientX - left) * perPixel, reach * perPixel);
    setHover(tick && { x: clientX - left, tick });
  };
  const shown = moment ?? now;
  return (
    <div className="timeline">
      <span className="timeline-time">{clockText(shown - startedAt)}</span>
      <div className="timeline-track" onPointerMove={point} onPointerLeave={() => setHover(undefined)}>
        <Ticks ticks={ticks} span={span} />
        <i className="timeline-future" style={{ left: `${share(now, span)}%` }} />
        <i className="timeline-handle" style={{ left: `${share(shown, span)}%` }} />
        <input
          type="range"
          aria-label="Look back in time"
          aria-valuetext={moment === undefined ? 'now' : `${clockText(moment - startedAt)} since you came`}
          min={span.from}
          max={span.to}
          step={100}
          value={shown}
          onChange={({ target }) => lookAt(Number(target.value) >= now ? undefined : Number(target.value))}
          onKeyDown={({ key }) => key === 'Escape' && lookAt(undefined)}
        />
        {hover && (
          <p className="timeline-label" style={{ left: hover.x }}>
            <span>{clockText(hover.tick.at - startedAt)}</span> {hover.tick.text}
          </p>
        )}
      </div>
      <Replay />
      <button type="button" className="timeline-now" disabled={moment === undefined} onClick={() => lookAt(undefined)}>
        {moment === undefined ? 'now' : 'Back to now'}
      </button>
    </div>
  );
}

/** Plays what has happened since the moment that is looked at, at the speed of time, until now. */
function Replay() {
  const moment = useTimeline((timeline) => timeline.moment);
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    let last: number | undefined;
    let frame = 0;
    const play = (time: number): void => {
      const { moment: at } = useTimeline.getState();
      const { now, speed } = useSession.getState();
      if (at === undefined) {
        setPlaying(false);
        return;
      }
      const next = at + (time - (last ?? time)) * Math.max(1, speed);
      last = time;
      lookAt(next >= now ? undefined : next);
      frame = requestAnimationFrame(play);
    };
    frame = requestAnimationFrame(play);
    return () => cancelAnimationFrame(frame);
  }, [playing]);
  if (moment === undefined) return null;
  return (
    <button type="button" className="timeline-now" onClick={() => setPlaying(!playing)}>
      {playing ? 'Stop' : 'Play'}
    </button>
  );
}

function share(moment: number, { from, to }: Span): number {
  return ((moment - from) / (to - from)) * 100;
}

/** Drawn on a canvas: there are thousands. */
function Ticks({ ticks, span }: { readonly ticks: readonly Tick[]; readonly span: Span }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useView((view) => view.theme);
  const { from, to } = span;
  useEffect(() => {
    void theme; // other colours
    if (canvas.current) draw(canvas.current, ticks, { from, to });
  }, [ticks, from, to, theme]);
  return <canvas ref={canvas} />;
}

const looks: Readonly<
  Record<Tick['kind'], { readonly token: string; readonly height: number; readonly width: number }>
> = {
  change: { token: '--text-soft', height: 6, width: 1 },
  work: { token: '--running', height: 9, width: 1 },
  trouble: { token: '--failing', height: 12, width: 2 },
  command: { token: '--accent', height: 18, width: 2 },
};

function draw(canvas: HTMLCanvasElement, ticks: readonly Tick[], { from, to }: Span): void {
  const { clientWidth, clientHeight } = canvas;
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = clientWidth * devicePixelRatio;
  canvas.height = clientHeight * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  const tokens = getComputedStyle(canvas);
  for (const kind of ['change', 'work', 'trouble', 'command'] as const) {
    const { token, height, width } = looks[kind];
    context.fillStyle = tokens.getPropertyValue(token);
    for (const tick of ticks) {
      if (tick.kind !== kind) continue;
      const x = Math.round(((tick.at - from) / (to - from)) * clientWidth);
      context.fillRect(x, clientHeight - height - 4, width, height);
    }
  }
}
