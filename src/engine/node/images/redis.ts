// redis: answers PING, SET, GET, DEL, INCR, EXISTS and KEYS on port 6379.
import type { Socket } from '../../../api/network.ts';
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import { debianPrograms } from './busybox-programs.ts';
import { defineImage, type NativeProgram, untilStopped } from './define-image.ts';

const keysMax = 10_000;

const serve: NativeProgram = (context) => {
  const values = new Map<string, string>();
  context.stdout('1:M * Ready to accept connections tcp\n');
  context.network.listen(6379, {
    accept(socket: Socket) {
      let buffer = '';
      socket.onData((bytes) => {
        buffer += decodeUtf8(bytes);
        for (let taken = takeCommand(buffer); taken; taken = takeCommand(buffer)) {
          buffer = buffer.slice(taken.length);
          socket.send(encodeUtf8(answer(taken.words, values)));
        }
      });
    },
  });
  return untilStopped(context, () => context.stdout('1:M # User requested shutdown...\n'));
};

export const redis = defineImage({
  names: ['docker.io/library/redis'],
  sizeBytes: 46_003_219,
  usage: { idleMillicores: 2, memoryMebibytes: 4 },
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  workingDir: '/data',
  programs: debianPrograms,
  natives: { '/usr/local/bin/docker-entrypoint.sh': serve, '/usr/local/bin/redis-server': serve },
});

/** A whole command at the front of the input: an array of bulk strings, or words on a line. */
function takeCommand(input: string): { readonly words: readonly string[]; readonly length: number } | undefined {
  const end = input.indexOf('\r\n');
  if (end < 0) return undefined;
  const first = input.slice(0, end);
  if (!first.startsWith('*')) return { words: first.split(' ').filter(Boolean), length: end + 2 };
  const words: string[] = [];
  let at = end + 2;
  for (let i = 0; i < Math.min(Number(first.slice(1)) || 0, keysMax); i++) {
    const size = /^\$(\d+)\r\n/.exec(input.slice(at));
    if (!size) return undefined;
    const from = at + size[0].length;
    const to = from + Number(size[1]);
    if (input.length < to + 2) return undefined;
    words.push(input.slice(from, to));
    at = to + 2;
  }
  return { words, length: at };
}

function answer([command = '', ...args]: readonly string[], values: Map<string, string>): string {
  const [key = '', value = ''] = args;
  const bulk = (text: string | undefined): string =>
    text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`;
  switch (command.toUpperCase()) {
    case 'PING':
      return args.length > 0 ? bulk(key) : '+PONG\r\n';
    case 'SET':
      if (values.size >= keysMax && !values.has(key))
        return "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
      values.set(key, value);
      return '+OK\r\n';
    case 'GET':
      return bulk(values.get(key));
    case 'DEL':
      return `:${values.delete(key) ? 1 : 0}\r\n`;
    case 'EXISTS':
      return `:${values.has(key) ? 1 : 0}\r\n`;
    case 'INCR': {
      const next = String(Number(values.get(key) ?? '0') + 1);
      values.set(key, next);
      return `:${next}\r\n`;
    }
    case 'KEYS':
      return `*${values.size}\r\n${[...values.keys()].map(bulk).join('')}`;
    default:
      return `-ERR unknown command '${command}'\r\n`;
  }
}
