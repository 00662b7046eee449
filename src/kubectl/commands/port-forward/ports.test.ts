import { describe, expect, test } from 'vitest';
import { addressesOf, parsePorts, resolvePorts } from './ports.ts';

const pod = {
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: {
    containers: [
      {
        ports: [
          { name: 'http', containerPort: 8080 },
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
        ],
      },
    ],
  },
};
const service = {
  kind: 'Service',
  metadata: { name: 'front' },
  spec: {
    clusterIP: '10.96.0.9',
    ports: [
      { name: 'web', port: 80, targetPort: 'http' },
      { port: 81, targetPort: 9000 },
    ],
  },
};

describe('ports to forward', () => {
  test.each([
    // of a pod
    ['80', pod, '80'],
    ['8000:80', pod, '8000:80'],
    [':80', pod, ':80'],
    ['9999:http', pod, '9999:8080'],
    ['http', pod, '8080'],
    // of a service: the port of the pod behind it
    ['80', service, '80:8080'],
    ['web', service, '80:8080'],
    ['5000:81', service, '5000:9000'],
  ])('%s', (text, object, resolved) => {
    expect(resolvePorts([text], object, pod)).toEqual([resolved]);
  });

  test.each([
    ['abc', pod, "Pod 'web' does not have a named port 'abc'"],
    ['abc', service, "Service 'front' does not have a named port 'abc'"],
    ['82', service, 'Service front does not have a service port 82'],
    ['53', pod, 'UDP protocol is not supported for 53'],
  ])('%s that is not there is refused', (text, object, message) => {
    expect(() => resolvePorts([text], object, pod)).toThrow(message);
  });

  test.each([
    ['80', { local: 80, remote: 80 }],
    [':80', { local: 0, remote: 80 }],
    ['8080:80', { local: 8080, remote: 80 }],
  ])('%s as numbers', (text, port) => {
    expect(parsePorts([text])).toEqual([port]);
  });

  test.each([
    ['1:2:3', "invalid port format '1:2:3'"],
    ['x:80', `error parsing local port 'x': strconv.ParseUint: parsing "x": invalid syntax`],
    ['80:70000', `error parsing remote port '70000': strconv.ParseUint: parsing "70000": value out of range`],
    ['80:0', 'remote port must be > 0'],
  ])('%s is no port', (text, message) => {
    expect(() => parsePorts([text])).toThrow(message);
  });
});

test('localhost is both loopback addresses', () => {
  expect(addressesOf(['localhost', '10.0.0.1', '127.0.0.1'])).toEqual(['10.0.0.1', '127.0.0.1', '::1']);
  expect(() => addressesOf(['nowhere'])).toThrow('nowhere is not a valid IP');
});
