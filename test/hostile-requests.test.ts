// Whatever a client sends, the server answers: no crash, no hang, no error of its own. HOSTILE_REQUESTS=100000 sends more.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeBody, KubeRequest } from '../src/api/ports.ts';
import { createApiServer } from '../src/engine/apiserver/api-server.ts';
import { EtcdStore } from '../src/engine/etcd/store.ts';
import { Simulation } from '../src/engine/sim/simulation.ts';
import { hostileTargets } from './support/hostile-objects.ts';
import { hostileRequests } from './support/hostile-request.ts';

const count = Number(process.env.HOSTILE_REQUESTS ?? 2000);
const seed = Number(process.env.SEED ?? 1);

/** Requests that one server gets. */
const serverLasts = 400;

/** What upstream calls an internal error too, or answers without a reason: what its libraries say of a patch. */
const rightfully500 = [/failed calling webhook/, /^(?!.*InternalError).*Status/];

function server() {
  const simulation = new Simulation({ seed, startsAt: Date.UTC(2026, 0, 1) });
  const api = createApiServer({ scope: simulation.root.child('apiserver'), store: new EtcdStore() });
  const ask = (request: KubeRequest) => {
    const answer = { status: 0, bodies: [] as KubeBody[] };
    const note = (status: number): void => {
      answer.status = status;
    };
    if (request.headers?.upgrade) {
      const input = api.connect(request, {
        accepted: () => note(101),
        refused(status, body) {
          note(status);
          answer.bodies.push(body);
        },
        data() {},
        end() {},
      });
      for (const channel of [0, 4, 255, 7]) input.write(channel, new Uint8Array([channel, 0xff, 0]));
      simulation.runFor(5);
      input.close();
      if (answer.status === 0) answer.status = 499; // it was given up while it waited
      return answer;
    }
    const stop = api.http(request, {
      head: note,
      body: (piece) => answer.bodies.push(piece),
      end() {},
    });
    simulation.runFor(5);
    if (answer.status === 0) simulation.runFor(31_000); // it waits for something, at most so long
    stop();
    return answer;
  };
  for (const { object, place } of hostileTargets) {
    const body: KubeBody = { kind: 'text', text: JSON.stringify(object) };
    ask({ method: 'POST', path: place, headers: { 'content-type': 'application/json' }, body });
    simulation.runFor(3000); // a definition is established
  }
  simulation.runFor(10_000);
  return ask;
}

test(`${count} hostile requests are answered, and none with an error of ours`, () => {
  let ask = server();
  let asked = 0;
  fc.assert(
    fc.property(hostileRequests, (request) => {
      if (++asked % serverLasts === 0) ask = server(); // somebody may have deleted all roles
      const { status, bodies } = ask(request);
      expect(status).toBeGreaterThan(100);
      const text = JSON.stringify(bodies).slice(0, 2000);
      if (status === 500 && !rightfully500.some((known) => known.test(text))) throw new Error(`${status}: ${text}`);
    }),
    { numRuns: count, seed, endOnFailure: process.env.SHRINK === undefined },
  );
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
}, 600_000);
