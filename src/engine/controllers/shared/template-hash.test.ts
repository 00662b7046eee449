// Tests of the hashes in names, against names that a real cluster gave.
import { describe, expect, test } from 'vitest';
import { dataHash, templateHash } from './template-hash.ts';

const spec = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};
const container = {
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};

describe('a template', () => {
  const rows = [
    ['web', 'nginx:1.26', '777f9fc55f'],
    ['web', 'nginx:1.27', '7d876db474'],
    ['hello', 'nginx:1.27', '54f9b65d48'],
    ['hello', 'nginx:1.28', '746c57458c'],
  ] as const;
  test.each(rows)('of %s with %s has the hash that upstream gives it', (app, image, hash) => {
    const containers = [{ ...container, name: 'nginx', image }];
    expect(templateHash({ metadata: { labels: { app } }, spec: { ...spec, containers } })).toBe(hash);
  });

  test('has another hash after a collision', () => {
    expect(templateHash({ spec: { containers: [] } }, 1)).not.toBe(templateHash({ spec: { containers: [] } }));
  });
});

test('a revision has the hash that upstream gives its data', () => {
  const ports = [{ containerPort: 80, name: 'web', protocol: 'TCP' }];
  const containers = [{ ...container, name: 'web', image: 'nginx:1.27', ports }];
  const template = {
    metadata: { labels: { app: 'db' } },
    spec: { ...spec, terminationGracePeriodSeconds: 5, containers },
    $patch: 'replace',
  };
  expect(dataHash({ spec: { template } }, 0)).toBe('7657b7d8cf');
});
