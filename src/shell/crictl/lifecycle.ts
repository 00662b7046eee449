// crictl logs, exec, stop, rm, stopp and rmp.
import type { Attachment } from '../../api/docker.ts';
import type { RuntimeLogLine } from '../../api/machines.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import { readGoDuration } from '../../base/go-duration.ts';
import { follow } from '../docker/follow.ts';
import { type CrictlCall, type CrictlCommand, containerOf, countOf, fatal, operandsOf, sandboxOf } from './command.ts';

/** How often who follows a log looks for news. */
const lookMs = 200;

export const logs: CrictlCommand = {
  names: ['logs'],
  about: 'Fetch the logs of a container',
  options: [
    { name: 'follow', short: 'f', kind: 'switch', about: 'Follow log output' },
    {
      name: 'previous',
      short: 'p',
      kind: 'switch',
      about: 'Print the logs for the previous instance of the container',
    },
    { name: 'tail', kind: 'text', about: 'Number of lines to show from the end of the logs' },
    { name: 'timestamps', short: 't', kind: 'switch', about: 'Show timestamps' },
    { name: 'since', kind: 'text', about: 'Show logs since timestamp or relative' },
  ],
  async run(call) {
    const [wanted = ''] = operandsOf(call);
    const newest = containerOf(call, wanted, 'getting container status');
    const { id } = call.options.has('previous') ? previous(call, newest.id) : newest;
    const read = () => call.port.containerLog(call.node, id);
    const tail = countOf(call, 'tail', -1);
    const since = sinceOf(call);
    const all = (await read()).filter(({ at }) => at >= since);
    await print(call, tail < 0 ? all : tail === 0 ? [] : all.slice(-tail));
    if (!call.options.has('follow')) return 0;
    let seen = all.length;
    while (!call.process.cancel.cancelled) {
      const running = (await call.look()).containers.some((each) => each.id === id && each.state === 'running');
      const now = (await read()).filter(({ at }) => at >= since);
      await print(call, now.slice(seen));
      seen = now.length;
      if (!running) return 0;
      await call.process.clock.sleep(lookMs, call.process.cancel);
    }
    return 130;
  },
};

export const exec: CrictlCommand = {
  names: ['exec'],
  about: 'Run a command in a running container',
  options: [
    { name: 'interactive', short: 'i', kind: 'switch', about: 'Keep STDIN open' },
    { name: 'tty', short: 't', kind: 'switch', about: 'Allocate a pseudo-TTY' },
    { name: 'sync', short: 's', kind: 'switch', about: 'Run the command synchronously' },
    { name: 'timeout', kind: 'text', about: 'Timeout in seconds, of --sync alone' },
  ],
  operandsEnd: true,
  async run(call) {
    const [wanted = '', ...argv] = operandsOf(call);
    const timeout = countOf(call, 'timeout', 0);
    const isSync = call.options.has('sync');
    const doing = `execing command in container ${wanted}${isSync ? ' synchronously' : ''}`;
    const container = containerOf(call, wanted, doing);
    if (argv.length === 0) throw fatal(call, `${doing}: command is empty`);
    const input = call.options.has('interactive') && !isSync;
    const tty = call.options.has('tty') && !isSync && call.process.terminal !== undefined;
    const attached = await call.port.execIn(call.node, container.id, { argv, stdin: input, tty });
    if ('problem' in attached)
      throw fatal(call, `${doing}: Internal error occurred: error executing command in container: ${attached.problem}`);
    if (isSync) return execSync(call, attached, { doing, argv, timeout });
    const code = await follow(call.process, attached, { input, terminal: tty, onSignal: 'send' });
    if (code === 0) return 0;
    throw fatal(call, `${doing}: command terminated with exit code ${code}`);
  },
};

/** One call that answers when the command has ended: what it wrote comes at once, first the one stream, then the other. */
async function execSync(
  call: CrictlCall,
  attached: Attachment,
  { doing, argv, timeout }: { readonly doing: string; readonly argv: readonly string[]; readonly timeout: number },
): Promise<number> {
  const texts = { 1: '', 2: '' };
  attached.closeInput();
  const ended = (async () => {
    for (let piece = await attached.read(); piece; piece = await attached.read())
      texts[piece.stream] += decodeUtf8(piece.bytes);
    return true;
  })();
  const { clock, cancel, stdout } = call.process;
  const over = timeout > 0 ? [clock.sleep(timeout * 1000, cancel).then(() => false)] : [];
  if (!(await Promise.race([ended, ...over]))) {
    attached.signal('SIGKILL');
    throw fatal(
      call,
      `${doing}: rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout ${timeout}s exceeded: context deadline exceeded`,
    );
  }
  const code = attached.exitCode();
  if (code !== 0) throw fatal(call, `${doing}: command '${argv.join(' ')}' exited with ${code}: ${texts[2]}`);
  await stdout.write(`${texts[1]}\n${texts[2]}\n`);
  return 0;
}

export const stop: CrictlCommand = {
  names: ['stop'],
  about: 'Stop one or more running containers',
  options: [
    {
      name: 'timeout',
      short: 't',
      kind: 'text',
      about: 'Seconds to wait to kill the container after a graceful stop is requested',
    },
  ],
  async run(call) {
    const timeout = countOf(call, 'timeout', 0);
    for (const wanted of operandsOf(call)) {
      const { id } = containerOf(call, wanted, `stopping the container "${wanted}"`);
      await call.debug(`Stopping container: ${wanted} (timeout = ${timeout})`);
      await call.port.stopContainer(call.node, id, timeout * 1000);
      await call.process.stdout.write(`${wanted}\n`);
    }
    return 0;
  },
};

export const removeContainer: CrictlCommand = {
  names: ['rm'],
  about: 'Remove one or more containers',
  options: [
    { name: 'force', short: 'f', kind: 'switch', about: 'Force removal of the container, disregarding if running' },
    { name: 'all', short: 'a', kind: 'switch', about: 'Remove all containers' },
  ],
  async run(call) {
    const wanted = call.options.has('all') ? call.view.containers.map(({ id }) => id) : operandsOf(call);
    for (const each of wanted) {
      const { id, state } = containerOf(call, each, `removing the container "${each}"`);
      if (state === 'running' && !call.options.has('force'))
        throw fatal(
          call,
          `unable to remove container(s): removing the container "${each}": container is running, please stop it first`,
        );
      if (state === 'running') await call.port.stopContainer(call.node, id, 0);
      await call.debug(`Removing container: ${each}`);
      await call.port.removeContainer(call.node, id);
      await call.process.stdout.write(`${each}\n`);
    }
    return 0;
  },
};

export const stopPod: CrictlCommand = {
  names: ['stopp'],
  about: 'Stop one or more running pods',
  options: [],
  async run(call) {
    for (const wanted of operandsOf(call)) {
      const { id } = sandboxOf(call, wanted, `stopping the pod sandbox "${wanted}"`);
      await call.debug(`Stopping pod sandbox: ${wanted}`);
      await call.port.stopSandbox(call.node, id);
      await call.process.stdout.write(`Stopped sandbox ${wanted}\n`);
    }
    return 0;
  },
};

export const removePod: CrictlCommand = {
  names: ['rmp'],
  about: 'Remove one or more pods',
  options: [
    { name: 'force', short: 'f', kind: 'switch', about: 'Force removal of the pod sandbox, disregarding if running' },
  ],
  async run(call) {
    for (const wanted of operandsOf(call)) {
      const { id, ready } = sandboxOf(call, wanted, `removing the pod sandbox "${wanted}"`);
      if (ready && !call.options.has('force'))
        throw fatal(call, `removing the pod sandbox "${wanted}": pod sandbox is still running`);
      await call.port.stopSandbox(call.node, id);
      await call.debug(`Removing pod sandbox: ${wanted}`);
      await call.port.removeSandbox(call.node, id);
      await call.process.stdout.write(`Removed sandbox ${wanted}\n`);
    }
    return 0;
  },
};

function previous(call: CrictlCall, id: string) {
  const newest = call.view.containers.find((each) => each.id === id);
  const earlier = call.view.containers.find(
    ({ podUid, name, attempt }) =>
      podUid === newest?.podUid && name === newest?.name && attempt === (newest?.attempt ?? 0) - 1,
  );
  if (!earlier) throw fatal(call, `the previous container ${JSON.stringify(newest?.name ?? '')} was not found`);
  return earlier;
}

function sinceOf(call: CrictlCall): number {
  const text = call.options.text('since');
  if (text === undefined) return Number.NEGATIVE_INFINITY;
  const span = readGoDuration(text);
  const at = span === undefined ? Date.parse(text) : call.process.clock.now() - span;
  if (Number.isNaN(at)) throw fatal(call, `failed to parse timestamp value ${JSON.stringify(text)}`);
  return at;
}

async function print(call: CrictlCall, lines: readonly RuntimeLogLine[]): Promise<void> {
  const timed = call.options.has('timestamps');
  for (const { at, stream, text } of lines) {
    const head = timed ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : '';
    await (stream === 1 ? call.process.stdout : call.process.stderr).write(head + text);
  }
}
