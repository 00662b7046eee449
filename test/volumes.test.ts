// What containers see of the volumes that show API objects.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'vol' },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'busybox:1.36',
        command: ['sleep', '3600'],
        volumeMounts: [
          { name: 'cm', mountPath: '/cm' },
          { name: 'cm', mountPath: '/one', subPath: 'a' },
          { name: 'deep', mountPath: '/deep' },
        ],
      },
    ],
    volumes: [
      { name: 'cm', configMap: { name: 'settings' } },
      { name: 'deep', configMap: { name: 'settings', items: [{ key: 'a', path: 'x/y' }] } },
    ],
  },
};

test('a config map is shown through links that change all at once, and nobody can write to it', async () => {
  const { line } = await recordedSession();
  const inPod = (script: string) => line(`kubectl exec vol -- sh -c '${script}' 2>&1`);
  const listed = async () =>
    (await inPod('ls -la /cm')).replace(/\d{4}(_\d\d){5}\.\d+/g, 'TIME').replaceAll(/ +(?=\d)/g, ' ');
  await line('kubectl create configmap settings --from-literal=a=old --from-literal=b=x');
  await line(`echo '${JSON.stringify(pod)}' | kubectl apply -f - && kubectl wait pod/vol --for=condition=Ready`);
  expect(await listed()).toMatchInlineSnapshot(`
    "total 12
    drwxrwxrwx 3 root     root 4096 Jan 1 09:00 .
    drwxr-xr-x 13 root     root 4096 Jan 1 09:00 ..
    drwxr-xr-x 2 root     root 4096 Jan 1 09:00 ..TIME
    lrwxrwxrwx 1 root     root 32 Jan 1 09:00 ..data -> ..TIME
    lrwxrwxrwx 1 root     root 8 Jan 1 09:00 a -> ..data/a
    lrwxrwxrwx 1 root     root 8 Jan 1 09:00 b -> ..data/b
    "
  `);
  expect(await inPod('readlink /cm/a; ls -R /deep; ls /cm/..data/; cat /deep/x/y')).toMatchInlineSnapshot(`
    "..data/a
    /deep:
    x
    a
    b
    old"
  `);
  expect(await inPod('echo x > /cm/a; echo x > /one; rm /cm/b; touch /deep/z')).toMatchInlineSnapshot(`
    "sh: can't create /cm/a: Read-only file system
    sh: can't create /one: Read-only file system
    rm: can't remove '/cm/b': Read-only file system
    touch: /deep/z: Read-only file system
    command terminated with exit code 1
    "
  `);
  await line(`kubectl patch configmap settings -p '{"data":{"a":"new","b":null,"c":"y"}}' && sleep 90`);
  expect(await inPod('cat /cm/a /cm/c; ls /cm; cat /one')).toMatchInlineSnapshot(`
    "newya
    c
    old"
  `);
  expect(await listed()).toMatchInlineSnapshot(`
    "total 12
    drwxrwxrwx 3 root     root 4096 Jan 1 09:01 .
    drwxr-xr-x 13 root     root 4096 Jan 1 09:00 ..
    drwxr-xr-x 2 root     root 4096 Jan 1 09:01 ..TIME
    lrwxrwxrwx 1 root     root 32 Jan 1 09:01 ..data -> ..TIME
    lrwxrwxrwx 1 root     root 8 Jan 1 09:00 a -> ..data/a
    lrwxrwxrwx 1 root     root 8 Jan 1 09:01 c -> ..data/c
    "
  `);
});
