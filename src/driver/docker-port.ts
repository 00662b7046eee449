// DockerPort over the engine's daemon.
import { type BuildEvent, type DockerPort, DockerUnavailable, type TransferReply } from '../api/docker.ts';
import type { DockerDaemon } from '../engine/outside/docker-daemon.ts';
import { attachLog, startExec } from '../engine/outside/docker-streams.ts';
import { attachment } from './attachment.ts';
import type { Answer, Driver } from './driver.ts';
import { Inbox } from './inbox.ts';

/** There and back over the socket. */
const callMs = 3;
/** systemd's units take their time. */
const powerMs = 1400;

export function dockerPort(driver: Driver, daemon: DockerDaemon): DockerPort {
  const { root } = driver.simulation;

  /** Reaches the daemon; what it throws is the answer. */
  function call<T>(reach: (answer: Answer<T>) => void): Promise<T> {
    return driver.wait<T>((answer) => {
      root.schedule(callMs, () => {
        try {
          daemon.check();
          reach(answer);
        } catch (error) {
          answer.reject(error instanceof Error ? error : new DockerUnavailable());
        }
      });
      return undefined;
    });
  }
  const ask = <T>(value: () => T): Promise<T> => call<T>((answer) => answer.resolve(value()));
  const transfer = (answer: Answer<TransferReply>) => (reply: TransferReply | Error) =>
    reply instanceof Error ? answer.reject(reply) : answer.resolve(reply);

  return {
    ping: () => ask(() => undefined),
    async power(on) {
      await driver.sleep(powerMs);
      daemon.power(on);
    },
    images: () => ask(() => daemon.listImages()),
    containers: () => ask(() => daemon.listContainers()),
    findImage: (name) => ask(() => shown(daemon, name)),
    findContainer: (name) => ask(() => daemon.containers.find(name)),
    pull: (name) => call((answer) => daemon.pull(name, transfer(answer))),
    push: (name, user) => call((answer) => daemon.push(name, user, transfer(answer))),
    async login(registry, user, password) {
      await driver.sleep(700);
      return ask(() => daemon.options.accounts.login(registry, user, password));
    },
    tag: (source, target) => ask(() => daemon.tag(source, target)),
    removeImage: (name, force) => ask(() => daemon.removeImage(name, force)),
    async build(request) {
      await ask(() => undefined);
      const events = new Inbox<BuildEvent>(driver);
      const cancel = daemon.build(request, (event) => {
        events.put(event);
        if (event.kind === 'built' || event.kind === 'failed') events.end();
      });
      return { next: () => events.take(), cancel };
    },
    create: (request) => ask(() => daemon.create(request)),
    async start(name, attach) {
      await ask(() => daemon.containers.get(name));
      await driver.sleep(250);
      const container = daemon.containers.start(name);
      if (attach) return attachment(driver, (events) => attachLog(container, events, { since: container.startedAt }));
      return undefined;
    },
    stop: (name, signal, timeoutMs) =>
      call<void>((answer) => daemon.stop(name, signal, timeoutMs, () => answer.resolve())),
    remove: (name, force) => ask(() => daemon.containers.remove(name, force)),
    async logs(name, { follow, tail, timestamps }) {
      const container = await ask(() => daemon.container(name));
      return attachment(driver, (events) => attachLog(container, events, { follow, tail, timestamps }));
    },
    async exec(name, options) {
      const container = await ask(() => daemon.container(name));
      return attachment(driver, (events) => startExec(container, name, options, events));
    },
  };
}

function shown(daemon: DockerDaemon, name: string) {
  const image = daemon.find(name);
  return image && daemon.show(image);
}
