import { expect, test } from 'vitest';
import { parseYaml } from '../../api/yaml.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { describerFor } from './describers.ts';

const now = Date.parse('2026-01-01T00:01:00Z');

/** The description of an object of a cluster that holds it and these events. */
function describeYaml(group: string, yaml: string, events: readonly JsonObject[] = []): Promise<string> {
  const { value } = parseYaml(yaml);
  const object = isObject(value) ? value : {};
  return describerFor(group, String(object.kind)).describe({
    name: 'x',
    namespace: 'default',
    showEvents: true,
    client: {
      get: async () => object,
      list: async (path) => (path.endsWith('/events') ? events : []),
      now: () => now,
    },
    mapping: { prefix: '/apis/example.com/v1', resource: 'things', namespaced: true },
  });
}

test('a service shows addresses, ports and no events', async () => {
  const text = await describeYaml(
    '',
    `kind: Service
metadata: {name: web, namespace: default}
spec: {type: ClusterIP, clusterIP: 10.96.0.5, clusterIPs: [10.96.0.5], ports: [{port: 80, targetPort: http, protocol: TCP}], sessionAffinity: None}`,
  );
  expect(text).toMatchInlineSnapshot(`
    "Name:              web
    Namespace:         default
    Labels:            <none>
    Annotations:       <none>
    Selector:          <none>
    Type:              ClusterIP
    IP Families:       <none>
    IP:                10.96.0.5
    IPs:               10.96.0.5
    Port:              <unset>  80/TCP
    TargetPort:        http/TCP
    Endpoints:         <none>
    Session Affinity:  None
    Events:            <none>
    "
  `);
});

test('events show when they were, how often and about which container', async () => {
  const event = {
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting',
    count: 3,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:55Z',
    source: { component: 'kubelet' },
    involvedObject: { fieldPath: 'spec.containers{c}' },
  };
  const text = await describeYaml('', 'kind: ServiceAccount\nmetadata: {name: x, namespace: default}', [event]);
  expect(text).toMatchInlineSnapshot(`
    "Name:                x
    Namespace:           default
    Labels:              <none>
    Annotations:         <none>
    Image pull secrets:  <none>
    Events:
      Type     Reason   Age               From     Message
      ----     ------   ----              ----     -------
      Warning  BackOff  5s (x3 over 60s)  kubelet  spec.containers{c}: Back-off restarting
    "
  `);
});

test('objects of unknown kinds show their fields with readable names', async () => {
  const text = await describeYaml(
    'example.com',
    'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, uid: u}\nspec: {podIPs: [a], maxSize: 3, apiURL: z, list: [{a: 1}, {b: 2}]}',
  );
  expect(text).toMatchInlineSnapshot(`
    "Name:         x
    Namespace:    
    Labels:       <none>
    Annotations:  <none>
    API Version:  example.com/v1
    Kind:         Thing
    Metadata:
      UID:  u
    Spec:
      API URL:  z
      List:
        A:       1
        B:       2
      Max Size:  3
      Pod I Ps:
        a
    Events:  <none>
    "
  `);
});
