// What components tell each other, on its way: a dot for each along the line that it takes; a crowd becomes a flow.
import { useEffect, useRef } from 'react';
import { steadyClock } from '../../host.ts';
import type { WireStep } from '../../worker/messages.ts';
import { onSteps, useSession } from '../state/session-store.ts';
import { type TracePath, useTrace } from '../trace/trace-store.ts';
import { type Anchor, Anchors, borderTowards, entering, type Place } from './anchors.ts';
import { type StepPath, stepPaths } from './step-path.ts';

/** Of one way at 1×, in real milliseconds. */
const travelMs = 600;
/** A step sets out when what caused it has come this far. */
const headStartMs = 420;
/** Dots on their way at most; more become a flow. */
const dotsMax = 20;
/** Longest wait of a dot behind what caused it. */
const delayMaxMs = 6000;
/** A flow is as thick as what went along it in this time. */
const flowMs = 900;

export interface TravelProps {
  /** Stands at the diagram's zero. */
  readonly origin: React.RefObject<HTMLElement | null>;
  readonly nodeOf: (pod: string) => string | undefined;
  /** Changes whenever things stand elsewhere. */
  readonly layout: string;
  /** Lines from a service to its endpoints. */
  readonly endpoints: readonly EndpointLine[];
  readonly onTold: (text: string) => void;
}

export function Travel({ origin, nodeOf, layout, endpoints, onTold }: TravelProps) {
  const anchors = useRef(new Anchors(origin));
  const tell = useRef(onTold);
  tell.current = onTold;
  const layer = useRef<HTMLDivElement>(null);
  const player = useRef<Player>(undefined);
  const node = useRef(nodeOf);
  node.current = nodeOf;
  useEffect(() => {
    const made = new Player(anchors.current, layer, (text) => tell.current(text));
    player.current = made;
    const stop = onSteps((steps) => made.play(steps, (pod) => node.current(pod)));
    return () => {
      stop();
      made.stop();
    };
  }, []);
  const path = useTrace((trace) => trace.path);
  useEffect(() => {
    void layout; // what stands elsewhere is lit there
    player.current?.moved();
    return player.current?.light(path);
  }, [path, layout]);
  useEffect(() => {
    void layout;
    return player.current?.lead(endpoints);
  }, [endpoints, layout]);
  return <div className="travel" ref={layer} aria-hidden="true" />;
}

/** Names of anchors, and whether traffic goes that way now. */
export interface EndpointLine {
  readonly from: string;
  readonly to: string;
  readonly ready: boolean;
}

interface Flow {
  readonly line: HTMLElement;
  count: number;
  until: number;
}

class Player {
  private readonly starts = new Map<number, { readonly at: number; readonly component: string }>();
  private readonly running = new Set<Animation>();
  private readonly flows = new Map<string, Flow>();
  /** Until when. */
  private readonly glowing = new WeakMap<HTMLElement, number>();
  /** The same where something was in vain: that shows, whatever else goes on there. */
  private readonly failing = new WeakMap<HTMLElement, number>();
  private readonly quiet = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(
    private readonly anchors: Anchors,
    private readonly layer: React.RefObject<HTMLDivElement | null>,
    private readonly tell: (text: string) => void,
  ) {}

  play(steps: readonly WireStep[], nodeOf: (pod: string) => string | undefined): void {
    const now = steadyClock();
    for (const step of steps) {
      const cause = this.starts.get(step.cause);
      let start = Math.min(Math.max(now, (cause?.at ?? 0) + headStartMs), now + delayMaxMs);
      const paths = stepPaths(step, cause?.component, nodeOf);
      paths.forEach((path, i) => {
        if (i > 0) start = Math.min(start + headStartMs, now + delayMaxMs);
        this.send(path, start - now);
      });
      // Who has looked a name up goes on when the answer is there.
      if (step.action === 'resolve' && cause) this.starts.set(step.cause, { ...cause, at: start + headStartMs });
      this.starts.set(step.id, { at: paths.length > 0 ? start : (cause?.at ?? 0), component: step.component });
    }
    for (const [id, { at }] of this.starts) if (at < now - 10 * delayMaxMs) this.starts.delete(id);
    while (this.starts.size > 5000) this.starts.delete(this.starts.keys().next().value ?? 0);
  }

  /** Anchors stand elsewhere. */
  moved(): void {
    this.anchors.forget();
    for (const { line } of this.flows.values()) line.remove();
    this.flows.clear();
  }

  /** Draws a way that stays. Returns how to take it away. */
  light(path: TracePath = []): () => void {
    const places = path.flatMap((name) => {
      const anchor = this.anchors.find(name);
      return anchor ? [{ name, anchor }] : [];
    });
    const lines = places.slice(1).flatMap((to, i) => {
      const from = places[i];
      return from ? [line(...endsOf({ from: from.name, to: to.name }, from.anchor, to.anchor), 'lit')] : [];
    });
    this.layer.current?.append(...lines);
    for (const { anchor } of places) anchor.element.classList.add('is-lit');
    return () => {
      for (const one of lines) one.remove();
      for (const { anchor } of places) anchor.element.classList.remove('is-lit');
    };
  }

  /** Draws where a service leads. Returns how to take it away. */
  lead(endpoints: readonly EndpointLine[]): () => void {
    const lines = endpoints.flatMap(({ from, to, ready }) => {
      const [start, end] = [this.anchors.find(from), this.anchors.find(to)];
      if (!start || !end) return [];
      return [line(...entering(start, end), ready ? 'endpoint' : 'unready')];
    });
    this.layer.current?.prepend(...lines);
    return () => {
      for (const one of lines) one.remove();
    };
  }

  stop(): void {
    for (const animation of this.running) animation.cancel();
  }

  private send(path: StepPath, delay: number): void {
    const from = this.anchors.find(path.from);
    const to = this.anchors.find(path.to);
    if (!from || !to) return;
    const still = this.quiet.matches;
    const [start, end] = endsOf(path, from, to);
    if (from !== to && (still || this.running.size >= dotsMax || useSession.getState().speed > 4))
      this.flow(path, start, end);
    else if (from !== to) this.dot(path, start, end, delay);
    const arrival = still ? 0 : Math.max(0, delay + travelMs * 0.9);
    this.glow(path, to, arrival);
    const by = path.by === undefined || path.by === path.to ? undefined : this.anchors.find(path.by);
    if (by && by !== to) this.glow(path, by, arrival);
  }

  /** A component glows while it works: once at a time. */
  private glow(path: StepPath, { element, place, width, height }: Anchor, delay: number): void {
    const now = steadyClock();
    const glowing = path.kind === 'lost' ? this.failing : this.glowing;
    if ((glowing.get(element) ?? 0) > now + delay) return;
    glowing.set(element, now + delay + travelMs);
    const ring = shape('glow', `is-${path.kind}`, ...(element.classList.contains('service') ? ['is-pill'] : []));
    ring.style.cssText = `width: ${width}px; height: ${height}px; left: ${place.x - width / 2}px; top: ${place.y - height / 2}px`;
    this.layer.current?.append(ring);
    const timing = { duration: travelMs, delay, easing: 'ease-out', fill: 'backwards' } as const;
    const glow = ring.animate([{ opacity: 0 }, { opacity: 1, offset: 0.05 }, { opacity: 0 }], timing);
    this.run(ring, glow);
    glow.finished.then(
      () => this.tell(path.text),
      () => {},
    );
  }

  private dot(path: StepPath, from: Place, to: Place, delay: number): void {
    const timing = { duration: travelMs, delay, easing: 'ease-in-out', fill: 'backwards' } as const;
    const way = line(from, to, path.kind);
    const traveller = shape('dot', `is-${path.kind}`);
    this.layer.current?.append(way, traveller);
    this.run(way, way.animate([{ opacity: 0 }, { opacity: 0.45 }, { opacity: 0 }], timing));
    const [start, end] = [from, to].map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)`, opacity: 1 }));
    this.run(traveller, traveller.animate([{ ...start, opacity: 0 }, { ...start }, { ...end }], timing));
  }

  /** One line for all that goes this way: it thickens with them and fades when they end. */
  private flow(path: StepPath, from: Place, to: Place): void {
    const now = steadyClock();
    const key = `${path.kind} ${path.from} ${path.to}`;
    const known = this.flows.get(key);
    const flow = known ?? { line: line(from, to, path.kind), count: 0, until: 0 };
    if (!known) {
      this.flows.set(key, flow);
      this.layer.current?.append(flow.line);
    }
    flow.count = flow.until > now ? flow.count + 1 : 1;
    if (flow.until > now + flowMs / 2) return;
    flow.until = now + flowMs;
    for (const animation of flow.line.getAnimations()) animation.cancel();
    // Requests cross the whole map: what they cross stays readable.
    const { thickest, strongest } =
      path.kind === 'traffic' ? { thickest: 3, strongest: 0.45 } : { thickest: 8, strongest: 0.7 };
    flow.line.style.height = `${Math.min(thickest, 1.5 + Math.log2(flow.count))}px`;
    flow.line.style.opacity = '0';
    flow.line.animate([{ opacity: strongest }, { opacity: 0 }], { duration: flowMs, easing: 'ease-out' });
  }

  /** Counts an animation while it runs, and removes what it moved. */
  private run(shape: HTMLElement | undefined, animation: Animation): void {
    this.running.add(animation);
    const over = (): void => {
      this.running.delete(animation);
      shape?.remove();
    };
    animation.finished.then(over, over);
  }
}

/** Where a line begins and ends: in the middle of borders, and from a service to a pod so that it crosses no words. */
function endsOf(path: Pick<StepPath, 'from' | 'to'>, from: Anchor, to: Anchor): readonly [Place, Place] {
  if (path.from.startsWith('service/') && path.to.startsWith('pod/')) return entering(from, to);
  return [borderTowards(from, to.place), borderTowards(to, from.place)];
}

/** Elements, not SVG: what moves and fades by itself is left to the compositor. */
function shape(...classes: readonly string[]): HTMLElement {
  const drawn = document.createElement('i');
  drawn.className = classes.join(' ');
  return drawn;
}

function line(from: Place, to: Place, kind: string): HTMLElement {
  const drawn = shape('line', `is-${kind}`);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  drawn.style.width = `${Math.hypot(dx, dy)}px`;
  drawn.style.transform = `translate(${from.x}px, ${from.y}px) rotate(${Math.atan2(dy, dx)}rad)`;
  return drawn;
}
