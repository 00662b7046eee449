// curl and wget against a little server of canned answers.
import { describe, expect, test } from 'vitest';
import { ConnectionError, type NetworkPort } from '../../../api/ports.ts';
import { decodeUtf8, encodeUtf8 } from '../../../base/bytes.ts';
import { createTestMachine } from '../../testing/test-machine.ts';

const idle = () => new Promise<void>((resolve) => setImmediate(resolve));

const answers: Readonly<Record<string, string>> = {
  '/': 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n',
  '/chunks': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nd\n\r\n0\r\n\r\n',
  '/moved': 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
  '/missing': 'HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnope\n',
  '/empty': '',
};

const addresses: Readonly<Record<string, string>> = { closed: '10.0.0.2', echo: '10.0.0.3', slow: '10.0.0.4' };

/** `web` answers, `echo` sends back what it was sent, `closed` refuses, `slow` never answers. */
const network: NetworkPort = {
  resolve: async (_from, host) => (host === 'nowhere' ? [] : [addresses[host] ?? '10.0.0.1']),
  listen: async (_from, port) => {
    throw new ConnectionError(`listen tcp4 127.0.0.1:${port}: bind: address already in use`);
  },
  async dial(_from, { host, port }) {
    if (host === addresses.closed) throw new ConnectionError(`dial tcp ${host}:${port}: connect: connection refused`);
    let answer: string | undefined;
    return {
      async write(bytes) {
        const request = decodeUtf8(bytes);
        const path = request.split(' ')[1] ?? '/';
        const body = request.replaceAll('\r', '');
        answer =
          host === addresses.echo
            ? `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
            : (answers[path] ?? '');
      },
      async read() {
        if (host === addresses.slow) await new Promise(() => {});
        const bytes = answer ? encodeUtf8(answer) : undefined;
        answer = undefined;
        return bytes;
      },
      close() {},
    };
  },
};

describe('curl', () => {
  test.each([
    ['curl web; curl -s http://web/chunks', 'hello\nabcd\n'],
    ["curl -s -o /dev/null -w '%{http_code}\\n' http://web:8080/missing", '404\n'],
    ['curl -i web | tr -d "\\r"', 'HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 6\n\nhello\n'],
    ['curl -sL web/moved; curl -o f -s web; cat f', 'hello\nhello\n'],
    [
      "curl -s -X PUT -H 'X-A: b' -u me:pw -d k=v echo:81/p; echo",
      'PUT /p HTTP/1.1\nHost: echo:81\nAuthorization: Basic bWU6cHc=\nUser-Agent: curl/8.5.0\nAccept: */*\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 3\nX-A: b\n\nk=v\n',
    ],
    ['curl nowhere; echo $?', 'curl: (6) Could not resolve host: nowhere\n6\n'],
    [
      'curl closed; echo $?',
      "curl: (7) Failed to connect to closed port 80 after 0 ms: Couldn't connect to server\n7\n",
    ],
    ['curl web/empty; echo $?', 'curl: (52) Empty reply from server\n52\n'],
    ['curl -sS -f web/missing; echo $?', 'curl: (22) The requested URL returned error: 404\n22\n'],
    ['curl -s -m 2 slow; echo $?', '28\n'],
    ['curl ftp://web; echo $?', 'curl: (1) Protocol "ftp" not supported\n1\n'],
  ])('%s', async (text, output) => {
    expect((await createTestMachine({ idle, network }).run(text)).output).toBe(output);
  });
});

describe('wget of busybox', () => {
  test.each([
    ['wget -qO- web', 'hello\n'],
    ['wget -qO- web/missing; echo $?', 'wget: server returned error: HTTP/1.1 404 Not Found\n1\n'],
    ['wget -qO- closed', "wget: can't connect to remote host (10.0.0.2): Connection refused\n"],
    ['wget -qO- nowhere', "wget: bad address 'nowhere'\n"],
    ['wget -T 2 -qO- slow', 'wget: download timed out\n'],
  ])('%s', async (text, output) => {
    expect((await createTestMachine({ idle, network, dialect: 'ash' }).run(text)).output).toBe(output);
  });
});
