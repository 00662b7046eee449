// The Web Worker's entry: a session that follows the wall clock, and what the page asks of it.

import { CancelSource } from '../driver/cancel-source.ts';
import { sessionControl } from '../driver/control-port.ts';
import { fetchPage } from '../driver/fetch-page.ts';
import { loadFieldTexts } from '../driver/field-texts.ts';
import { loadScriptEngine } from '../driver/script-engine.ts';
import type { Session } from '../driver/session.ts';
import * as host from '../host.ts';
import { beginWorld, share } from './begin-world.ts';
import type { PageMessage, WorkerMessage, WorldChoice } from './messages.ts';
import { serveFiles } from './serve-files.ts';
import { refusal, serveStream } from './serve-stream.ts';
import { serveTerminal } from './serve-terminal.ts';
import { effectOf, traceFrom, wireStep } from './serve-trace.ts';

/** How often the page hears the time and what has happened. */
const newsMs = 100;
/** More steps at once than anybody could follow: the oldest are left out. */
const stepsMax = 400;
/** After so long the rest of the code is loaded, so that the tab goes on without a network. */
const restAfterMs = 3000;

let session: Promise<Running> | undefined;

type Running = Awaited<ReturnType<typeof start>>;

addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
  if (data.kind === 'start') session = start(data.world);
  session?.then((running) => take(running, data)).catch(fault);
});

function tell(message: WorkerMessage): void {
  postMessage(message);
}

function fault(error: unknown): void {
  tell({ kind: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

async function start(choice: WorldChoice) {
  const { running, beginning, restored, saving } = await beginWorld(choice, fault);
  running.onOpen = (request) => tell({ kind: 'open', request });
  running.onRan = (line, exitCode) => tell({ kind: 'ran', line, exitCode });
  const control = sessionControl(running);
  control.run(new Promise(() => {})).catch(fault);
  tell({ kind: 'ready', server: running.kubePort.server, now: running.driver.simulation.now, restored });
  tellNews(running, () => control.speed).catch(fault);
  loadRest(running).catch(() => {}); // without a network: each is asked for again when it is needed
  return { session: running, control, requests: new Map<number, CancelSource>(), beginning, saving };
}

function take({ session: world, control, requests, beginning, saving }: Running, message: PageMessage): void {
  switch (message.kind) {
    case 'start':
      return;
    case 'pause':
      control.pause();
      return;
    case 'resume':
      control.resume();
      return;
    case 'save':
      saving?.saveNow();
      return;
    case 'share':
      share(world, beginning)
        .then((text) => tell({ kind: 'shared', id: message.id, text }))
        .catch((error: unknown) => tell({ kind: 'unshared', id: message.id, message: refusal(error).message }));
      return;
    case 'speed':
      control.setSpeed(message.speed);
      return;
    case 'terminal':
      serveTerminal(world, message.number, message.port).catch(fault);
      return;
    case 'files':
      serveFiles(world, message.port);
      return;
    case 'stream':
      serveStream(world.kubePort, message.request, message.port);
      return;
    case 'trace':
      tell({ kind: 'trace', id: message.id, trace: traceFrom(world, message.step) });
      return;
    case 'effect':
      tell({ kind: 'effect', id: message.id, effect: effectOf(world, message.step) });
      return;
    case 'fetch':
      world
        .whenWhole(() => fetchPage(world.network, message.url))
        .then((page) => tell({ kind: 'fetched', id: message.id, page }))
        .catch(fault);
      return;
    case 'describe': {
      const { id, object } = message;
      import('./describe-object.ts')
        .then(({ describeObject }) => describeObject(world.kubePort, object, () => world.driver.simulation.now))
        .catch((error: unknown) => refusal(error).message)
        .then((text) => tell({ kind: 'description', id, text }));
      return;
    }
    case 'cancel':
      requests.get(message.id)?.cancel();
      return;
    case 'request': {
      const { id } = message;
      const cancel = new CancelSource();
      requests.set(id, cancel);
      world.kubePort
        .request(message.request, cancel)
        .then((reply) => tell({ kind: 'reply', id, reply }))
        .catch((error: unknown) => tell({ kind: 'refused', id, ...refusal(error) }))
        .finally(() => requests.delete(id));
    }
  }
}

async function loadRest(session: Session): Promise<void> {
  await host.nap(restAfterMs).done;
  await session.loadPrograms();
  await Promise.all([import('./describe-object.ts'), import('./share-link.ts'), loadScriptEngine(), loadFieldTexts()]);
}

/** Tells the time and the new steps of the trace, in small batches; what the page itself does is left out. */
async function tellNews(session: Session, speed: () => number): Promise<never> {
  const { simulation } = session.driver;
  let told = simulation.trace.last;
  let leading = '{}';
  for (;;) {
    await host.nap(newsMs).done;
    tell({ kind: 'clock', now: simulation.now, speed: speed() });
    const leaders = Object.fromEntries(session.world.cluster?.leaders ?? []);
    if (JSON.stringify(leaders) !== leading) tell({ kind: 'leaders', leaders });
    leading = JSON.stringify(leaders);
    const steps = simulation.trace.since(told).filter(({ component }) => component !== 'page');
    told = simulation.trace.last;
    if (steps.length > 0) tell({ kind: 'steps', steps: steps.slice(-stepsMax).map((step) => wireStep(session, step)) });
  }
}
