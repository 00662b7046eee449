// Requests on their way: a dot for each along the line that it takes; a crowd becomes a lit line.
import { useEffect, useRef, useState } from 'react';
import type { WireStep } from '../../worker/messages.ts';
import { onSteps, useSession } from '../state/session-store.ts';
import { type StepPath, stepPath } from './step-path.ts';

const travelMs = 650;
/** A step sets out when what caused it has come this far. */
const headStartMs = 420;
/** Dots on their way at most. */
const dotsMax = 40; // a dot, its line and its glow count
/** Longest wait of a dot behind what caused it. */
const delayMaxMs = 6000;

export interface TravelProps {
  /** The diagram's scrolled content, which anchors and dots are placed in. */
  readonly frame: React.RefObject<HTMLElement | null>;
  readonly nodeOf: (pod: string) => string | undefined;
}

export function Travel({ frame, nodeOf }: TravelProps) {
  const [told, setTold] = useState('');
  const layer = useRef<SVGSVGElement>(null);
  const node = useRef(nodeOf);
  node.current = nodeOf;
  useEffect(() => {
    const player = new Player(frame, layer, setTold);
    const stop = onSteps((steps) => player.play(steps, (pod) => node.current(pod)));
    return () => {
      stop();
      player.stop();
    };
  }, [frame]);
  return (
    <>
      <svg className="travel" ref={layer} aria-hidden="true" />
      <p className="told" aria-live="polite">
        {told || 'What the components tell each other shows here.'}
      </p>
    </>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Anchor {
  readonly element: Element;
  /** Its middle. */
  readonly place: Place;
}

class Player {
  private readonly starts = new Map<number, number>();
  private readonly running = new Set<Animation>();
  private readonly quiet = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private readonly frame: React.RefObject<HTMLElement | null>,
    private readonly layer: React.RefObject<SVGSVGElement | null>,
    private readonly tell: (text: string) => void,
  ) {}

  play(steps: readonly WireStep[], nodeOf: (pod: string) => string | undefined): void {
    const now = performance.now();
    for (const step of steps) {
      const start = Math.min(Math.max(now, (this.starts.get(step.cause) ?? 0) + headStartMs), now + delayMaxMs);
      const path = stepPath(step, nodeOf);
      this.starts.set(step.id, path ? start : (this.starts.get(step.cause) ?? 0));
      if (path) this.send(path, start - now);
    }
    for (const [id, start] of this.starts) if (start < now - delayMaxMs) this.starts.delete(id);
  }

  stop(): void {
    for (const animation of this.running) animation.cancel();
  }

  private send(path: StepPath, delay: number): void {
    const from = this.anchor(path.from);
    const to = this.anchor(path.to);
    const layer = this.layer.current;
    if (!from || !to || !layer) return;
    const crowd = this.running.size >= dotsMax || this.quiet.matches || useSession.getState().speed > 4;
    const timing = { duration: travelMs, delay, easing: 'ease-in-out', fill: 'backwards' } as const;
    const way = line(from.place, to.place);
    layer.append(way);
    this.run(way, way.animate([{ opacity: 0 }, { opacity: crowd ? 1 : 0.45 }, { opacity: 0 }], timing));
    if (!crowd) {
      const traveller = dot();
      layer.append(traveller);
      const places = [from, to].map(({ place: { x, y } }) => ({ transform: `translate(${x}px, ${y}px)`, opacity: 1 }));
      this.run(traveller, traveller.animate([{ ...places[0], opacity: 0 }, ...places], timing));
    }
    const arrived = { ...timing, delay: delay + travelMs * (crowd ? 0 : 0.9), easing: 'ease-out' } as const;
    const glow = to.element.animate([{ boxShadow: `0 0 0 3px ${colorOf(to.element)}` }, { boxShadow: 'none' }], {
      ...arrived,
      fill: 'none',
    });
    this.run(undefined, glow);
    glow.finished.then(
      () => this.tell(path.text),
      () => {},
    );
  }

  /** Counts an animation while it runs, and removes what it moved. */
  private run(shape: SVGElement | undefined, animation: Animation): void {
    this.running.add(animation);
    const over = (): void => {
      this.running.delete(animation);
      shape?.remove();
    };
    animation.finished.then(over, over);
  }

  private anchor(name: string): Anchor | undefined {
    const frame = this.frame.current;
    const element = frame?.querySelector(`[data-anchor="${CSS.escape(name)}"]`);
    if (!frame || !element) return undefined;
    const inner = element.getBoundingClientRect();
    const outer = frame.getBoundingClientRect();
    const place = { x: inner.left - outer.left + inner.width / 2, y: inner.top - outer.top + inner.height / 2 };
    return { element, place };
  }
}

const svg = 'http://www.w3.org/2000/svg';

function dot(): SVGElement {
  const circle = document.createElementNS(svg, 'circle');
  circle.setAttribute('r', '4');
  return circle;
}

function line(from: Place, to: Place): SVGElement {
  const drawn = document.createElementNS(svg, 'line');
  for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y }))
    drawn.setAttribute(name, String(value));
  return drawn;
}

function colorOf(element: Element): string {
  return getComputedStyle(element).getPropertyValue('--accent');
}
