// Names and services as programs in pods find them, in a whole cluster.
import { describe, expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pod =
  'kubectl run box --image=busybox:1.36 --command -- sleep 3600 && kubectl wait --for=condition=Ready pod/box';

describe('a program in a pod', () => {
  test('reaches a service by its name', async () => {
    const { line } = await recordedSession();
    await line(`${pod} && kubectl create deployment web --image=nginx && kubectl expose deployment web --port=80`);
    await line('kubectl wait --for=condition=Available deployment/web');
    expect(await line('kubectl exec box -- wget -qO- web | grep title')).toBe('<title>Welcome to nginx!</title>\n');
    expect(await line('kubectl exec box -- nslookup kubernetes.default')).toMatchInlineSnapshot(`
      "Server:		10.96.0.10
      Address:	10.96.0.10:53

      Name:	kubernetes.default.svc.cluster.local
      Address: 10.96.0.1

      "
    `);
  });

  test('sees how its names are looked up', async () => {
    const { line } = await recordedSession();
    await line(pod);
    expect(await line('kubectl exec box -- cat /etc/resolv.conf')).toMatchInlineSnapshot(`
      "search default.svc.cluster.local svc.cluster.local cluster.local
      nameserver 10.96.0.10
      options ndots:5
      "
    `);
    expect(await line('kubectl exec box -- cat /etc/hosts')).toMatchInlineSnapshot(`
      "# Kubernetes-managed hosts file.
      127.0.0.1	localhost
      ::1	localhost ip6-localhost ip6-loopback
      fe00::0	ip6-localnet
      fe00::0	ip6-mcastprefix
      fe00::1	ip6-allnodes
      fe00::2	ip6-allrouters
      10.244.0.2	box
      "
    `);
  });

  test('knows the names that its pod gives to addresses', async () => {
    const { line } = await recordedSession();
    const aliases = JSON.stringify({ spec: { hostAliases: [{ ip: '127.0.0.1', hostnames: ['db.local'] }] } });
    await line(`kubectl run web --image=nginx --overrides='${aliases}' && kubectl wait --for=condition=Ready pod/web`);
    expect(await line('kubectl exec web -- curl -s db.local | grep title')).toBe('<title>Welcome to nginx!</title>\n');
  });
});
