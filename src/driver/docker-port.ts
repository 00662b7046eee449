// DockerPort over the engine's daemon.
import { type BuildEvent, type DockerPort, DockerUnavailable, type TransferReply } from '../api/docker.ts';
import { changesOf, committed, copyIn, copyOut } from '../engine/outside/container-files.ts';
import { processesOf, statsOf } from '../engine/outside/container-usage-now.ts';
import type { DockerDaemon } from '../engine/outside/docker-daemon.ts';
import { attachLog, startExec } from '../engine/outside/docker-streams.ts';
import { loadImages, saveImages } from '../engine/outside/image-archive.ts';
import { searchImages } from '../engine/outside/image-search.ts';
import { attachment } from './attachment.ts';
import type { Answer, Driver } from './driver.ts';
import { Inbox } from './inbox.ts';

/** There and back over the socket. */
const callMs = 3;
/** systemd's units take their time. */
const powerMs = 1400;

export function dockerPort(driver: Driver, daemon: DockerDaemon): DockerPort {
  const { root } = driver.simulation;
  const { containers } = daemon;

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
    containers: () => ask(() => containers.list()),
    findImage: (name) => ask(() => shown(daemon, name)),
    findContainer: (name) => ask(() => containers.find(name)),
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
      await ask(() => containers.find(name));
      if (!attach && containers.powerMachine(name, true)) return undefined;
      await ask(() => containers.get(name));
      await driver.sleep(250);
      const container = containers.get(name).start();
      if (attach) return attachment(driver, (events) => attachLog(container, events, { since: container.startedAt }));
      return undefined;
    },
    stop: (name, signal, timeoutMs) =>
      call<void>((answer) => {
        if (containers.powerMachine(name, false)) answer.resolve();
        else containers.get(name).stop({ signal, timeoutMs }, () => answer.resolve());
      }),
    kill: (name, signal) =>
      ask(() => {
        if (signal !== 'SIGKILL' || !containers.powerMachine(name, false)) containers.get(name).kill(signal);
      }),
    remove: (name, options) => ask(() => containers.remove(name, options)),
    rename: (name, to) => ask(() => containers.rename(name, to)),
    pause: (name, on) => ask(() => containers.pause(name, on)),
    wait: (name) =>
      call<number>((answer) => {
        const { container } = containers.get(name);
        if (container.state === 'running') container.onExit(() => answer.resolve(container.exitCode));
        else answer.resolve(container.exitCode);
      }),
    stats: (name) => ask(() => statsOf(containers.get(name))),
    processes: (name) => ask(() => processesOf(containers.get(name))),
    changes: (name) => ask(() => changesOf(containers.get(name))),
    commit: (name, { tag, message, changes }) =>
      ask(() => {
        const container = containers.get(name);
        const image = committed(container, container.show(), { now: root.now, message, changes });
        daemon.add(image, tag === undefined ? [] : [tag]);
        return image.id;
      }),
    copyOut: (name, path) => ask(() => copyOut(containers.get(name), path)),
    copyIn: (name, path, node) => ask(() => copyIn(containers.get(name), path, node)),
    history: (name) => ask(() => daemon.get(name).history),
    save: (names) => ask(() => saveImages(daemon, names)),
    load: (archive) => ask(() => loadImages(daemon, archive)),
    search: (text) => ask(() => searchImages(text)),
    networks: {
      list: () => ask(() => containers.networks.list()),
      create: (request) => ask(() => containers.networks.create(request)),
      remove: (name) => ask(() => containers.networks.remove(name)),
      connect: (network, name, aliases) => ask(() => containers.get(name).connect(network, aliases)),
      disconnect: (network, name) => ask(() => containers.get(name).disconnect(network)),
    },
    volumes: {
      list: () => ask(() => containers.volumes.list()),
      create: (name, labels) => ask(() => containers.volumes.create(name, labels)),
      remove: (name) => ask(() => containers.volumes.remove(name)),
    },
    async logs(name, { follow, tail, timestamps }) {
      const { container } = await ask(() => containers.get(name));
      return attachment(driver, (events) => attachLog(container, events, { follow, tail, timestamps }));
    },
    async exec(name, options) {
      const { container } = await ask(() => containers.getRunning(name));
      return attachment(driver, (events) => startExec(container, name, options, events));
    },
  };
}

function shown(daemon: DockerDaemon, name: string) {
  const image = daemon.find(name);
  return image && daemon.show(image);
}
