// HTTP/1.1 over a loopback pair: requests, answers, keep-alive, chunks, limits and what malformed bytes get.
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './bytes.ts';
import { type ByteSocket, type Dialer, httpGet, httpListener } from './http.ts';
import { HttpParser } from './http-parser.ts';

function pair(): [ByteSocket & { emit(bytes: Uint8Array): void }, ByteSocket] {
  const ends = [0, 1].map(() => ({ data: (_: Uint8Array) => {}, close: () => {}, over: false }));
  const side = (me: number) => {
    const [mine, other] = [ends[me], ends[1 - me]];
    if (!mine || !other) throw new Error('two ends');
    return {
      send: (bytes: Uint8Array) => other.data(bytes),
      close: () => {
        if (mine.over) return;
        mine.over = other.over = true;
        other.close();
      },
      onData: (run: (bytes: Uint8Array) => void) => {
        mine.data = run;
      },
      onClose: (run: () => void) => {
        mine.close = run;
      },
      emit: (bytes: Uint8Array) => other.data(bytes),
    };
  };
  return [side(0), side(1)];
}

function talk(requests: readonly string[]): string {
  const [client, server] = pair();
  httpListener((request, reply) => {
    reply({
      status: 200,
      headers: { Server: 'test' },
      body: `${request.method} ${request.target} ${request.body.length}\n`,
    });
  }).accept(server);
  let text = '';
  client.onData((bytes) => {
    text += decodeUtf8(bytes);
  });
  client.onClose(() => {
    text += '(closed)';
  });
  for (const request of requests) client.send(encodeUtf8(request));
  return text.replaceAll('\r', '');
}

describe('a listener', () => {
  test('answers a request and keeps the connection', () => {
    expect(talk(['GET /a HTTP/1.1\r\nHost: x\r\n\r\n'])).toMatchInlineSnapshot(`
      "HTTP/1.1 200 OK
      Server: test
      Content-Length: 9

      GET /a 0
      "
    `);
  });

  test('takes a request in pieces, a body by length and one by chunks', () => {
    const posted = talk(['POST / HTTP/1.1\r\nContent-', 'Length: 5\r\nConnection: close\r\n\r\nhe', 'llo']);
    expect(posted.split('\n\n')[1]).toBe('POST / 5\n(closed)');
    const chunked =
      'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
    expect(talk([chunked]).split('\n\n')[1]).toBe('PUT / 5\n(closed)');
    expect(talk([...chunked]).split('\n\n')[1]).toBe('PUT / 5\n(closed)');
  });

  test.each([
    ['GET / HTTP/2.0\r\n\r\n', 400],
    ['hello\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nbad header\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n', 413],
    ['POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    [`GET / HTTP/1.1\r\nx: ${'y'.repeat(70_000)}`, 431],
  ])('refuses %j with %d and closes', (request, status) => {
    const text = talk([request]);
    expect(text.split(' ')[1]).toBe(String(status));
    expect(text.endsWith('(closed)')).toBe(true);
  });

  test('gives __proto__ no meaning in headers', () => {
    const seen: string[] = [];
    new HttpParser('request', {
      message: (_, { headers }) => seen.push(...headers.keys()),
      problem: ({ text }) => seen.push(text),
    }).push(encodeUtf8('GET / HTTP/1.1\r\n__proto__: a\r\nA: 1\r\na: 2\r\n\r\n'));
    expect(seen).toEqual(['__proto__', 'a']);
  });
});

describe('asking', () => {
  const dialer = (serve: (socket: ByteSocket) => void): Dialer => ({
    dial: (_, events) => {
      const [client, server] = pair();
      serve(server);
      events.connected(client);
      return () => {};
    },
  });
  const ask = (serve: (socket: ByteSocket) => void, method = 'GET'): string => {
    let outcome = 'nothing';
    httpGet(
      dialer(serve),
      { host: 'h', port: 8080, path: '/p', method },
      {
        response: ({ status, statusText, body }) => {
          outcome = `${status} ${statusText}: ${decodeUtf8(body)}`;
        },
        failed: (message) => {
          outcome = message;
        },
      },
    );
    return outcome;
  };
  const say = (text: string) => (socket: ByteSocket) =>
    socket.onData(() => {
      socket.send(encodeUtf8(text));
      socket.close();
    });

  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', '200 OK: ok'],
    ['HTTP/1.0 200 OK\r\n\r\nto the end', '200 OK: to the end'],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', '404 Not Found: '],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok', 'unexpected EOF'],
    ['', 'EOF'],
    ['SSH-2.0\r\n\r\n', 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"'],
  ])('reads %j as %j', (answer, outcome) => {
    expect(ask(say(answer))).toBe(outcome);
  });

  test('sends a host and a method that the listener understands', () => {
    const listener = httpListener((request, reply) => reply({ status: 200, body: request.headers.get('host') ?? '' }));
    expect(ask((socket) => listener.accept(socket))).toBe('200 OK: h:8080');
    expect(ask((socket) => listener.accept(socket), 'HEAD')).toBe('200 OK: ');
  });
});
