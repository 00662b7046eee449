// Where an HTTP request waits for its turn: it goes on at once, or is told that there are too many.
import type { UserInfo } from '../../../api/request.ts';
import type { Stop } from '../../sim/scope.ts';
import type { HttpSink } from '../http-sink.ts';
import type { Route } from '../router.ts';
import type { Fairness } from './fairness.ts';

/** A quarter of --request-timeout. */
const waitMaxMs = 15_000;

/** Those that go on for long, watches apart, have no turn to wait for. */
const exempt = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

export interface Turn {
  /** Which flow and which level it is of. */
  readonly headers: Readonly<Record<string, string>>;
  /** Set where it is not its turn: tells so, now or later. Returns how to give up. */
  readonly refuse?: (sink: HttpSink, after: (delayMs: number, then: () => void) => Stop) => Stop;
}

const anyTime: Turn = { headers: {} };

export function turnOf(
  fairness: Fairness,
  { user, method, route }: { readonly user: UserInfo; readonly method: string; readonly route: Route },
): Turn {
  if (route.kind === 'resource' && route.subresource !== undefined && exempt.has(route.subresource)) return anyTime;
  const verb = route.kind === 'resource' ? route.verb : method === 'HEAD' ? 'get' : method.toLowerCase();
  const flow = fairness.classify({ user, verb, route });
  if (!flow) return anyTime;
  const headers = {
    'x-kubernetes-pf-flowschema-uid': flow.schema.metadata?.uid ?? '',
    'x-kubernetes-pf-prioritylevel-uid': flow.level.metadata?.uid ?? '',
  };
  const fate = fairness.admit(flow);
  if (fate === 'dispatched') return { headers };
  if (fate === 'rejected') return { headers, refuse: tellTooMany };
  const refuse: Turn['refuse'] = (sink, after) =>
    after(waitMaxMs, () => {
      fairness.timeOut(flow);
      tellTooMany(sink);
    });
  return { headers, refuse };
}

function tellTooMany(sink: HttpSink): Stop {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'retry-after': '1',
  };
  sink.head(429, headers);
  sink.body({ kind: 'text', text: 'Too many requests, please try again later.\n' });
  sink.end();
  return () => {};
}
