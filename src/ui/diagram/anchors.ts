// Where things stand in the diagram, by name: measured once, until they move.

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Anchor {
  readonly element: HTMLElement;
  /** Its middle, in the diagram's own coordinates: whatever it is zoomed by. */
  readonly place: Place;
  readonly width: number;
  readonly height: number;
}

export class Anchors {
  private readonly known = new Map<string, Anchor>();

  /** `origin`: an element of {@link originWidth} at the diagram's own zero. */
  constructor(private readonly origin: React.RefObject<HTMLElement | null>) {}

  find(name: string): Anchor | undefined {
    const known = this.known.get(name);
    if (known?.element.isConnected) return known;
    const origin = this.origin.current;
    const diagram = origin?.closest('.diagram');
    const element = diagram && elementOf(diagram, name);
    if (!origin || !element) return undefined;
    const found = measure(element, origin);
    this.known.set(name, found);
    return found;
  }

  /** Things have moved. */
  forget(): void {
    this.known.clear();
  }
}

/**
 * What runs on several nodes goes by its node's name too; without one, or on no node that is known, any will do. What
 * a node runs and does not show stands at the node's name.
 */
function elementOf(diagram: Element, name: string): HTMLElement | null {
  const named = (selector: string): HTMLElement | null => diagram.querySelector(`[data-anchor${selector}]`);
  const exact = named(`="${CSS.escape(name)}"`);
  if (exact) return exact;
  const [part = '', node = ''] = name.split('/');
  if (part === 'outside') return named('="internet"');
  if (/^(kube-(apiserver|scheduler|controller-manager)|etcd|cloud-controller-manager|coredns)$/.test(part))
    return named(`^="${CSS.escape(part)}/"`);
  return /^(kube-proxy|network-plugin)$/.test(part) ? named(`="${CSS.escape(`node/${node}`)}"`) : null;
}

export const originWidth = 100;

/** The diagram is shown larger or smaller than it is. */
function measure(element: HTMLElement, origin: HTMLElement): Anchor {
  const inner = element.getBoundingClientRect();
  const zero = origin.getBoundingClientRect();
  const zoom = zero.width / originWidth || 1;
  const [width, height] = [inner.width / zoom, inner.height / zoom];
  const place = { x: (inner.left - zero.left) / zoom + width / 2, y: (inner.top - zero.top) / zoom + height / 2 };
  return { element, place, width, height };
}

/**
 * Ends of a line from a service to a pod: it enters at the pod's left side. Where the pod stands below the service, the
 * line starts at the service's lower left and runs down the frame's margin, so that it crosses no words.
 */
export function entering(from: Omit<Anchor, 'element'>, to: Omit<Anchor, 'element'>): readonly [Place, Place] {
  const end = { x: to.place.x - to.width / 2, y: to.place.y };
  const right = { x: from.place.x + from.width / 2, y: from.place.y };
  if (end.x > right.x) return [right, end];
  return [{ x: from.place.x - from.width / 2 + 6, y: from.place.y + from.height / 2 - 4 }, end];
}

/** Where the straight way from a thing's middle to somewhere else leaves the thing. */
export function borderTowards({ place, width, height }: Omit<Anchor, 'element'>, to: Place): Place {
  const [dx, dy] = [to.x - place.x, to.y - place.y];
  const share = Math.min(width / 2 / Math.abs(dx), height / 2 / Math.abs(dy), 1);
  return Number.isFinite(share) ? { x: place.x + dx * share, y: place.y + dy * share } : place;
}
