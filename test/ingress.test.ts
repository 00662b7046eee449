// Ingresses in a whole world: minikube's addon as the documentation walks through it, and a controller behind a cloud's
// load balancer.
import { describe, expect, test } from 'vitest';
import { ingressObjects } from '../src/shell/minikube/ingress-addon.ts';
import { recordedSession } from './support/session.ts';

const at = '--resolve "hello-world.example:80:$(minikube ip)"';

test('the ingress addon serves what the documentation says', async () => {
  const { line } = await recordedSession({ profile: 'minikube' });
  await line('minikube start');
  expect(await line('minikube addons enable ingress')).toMatchInlineSnapshot(`
    "💡  ingress is an addon maintained by Kubernetes. For any concerns contact minikube on GitHub.
    You can view the list of minikube maintainers at: https://github.com/kubernetes/minikube/blob/master/OWNERS
    💡  After the addon is enabled, please run "minikube tunnel" and your ingress resources would be available at "127.0.0.1"
        ▪ Using image registry.k8s.io/ingress-nginx/controller:v1.14.1
        ▪ Using image registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.5
        ▪ Using image registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.5
    🔎  Verifying ingress addon...
    🌟  The 'ingress' addon is enabled
    "
  `);
  expect(await line(`kubectl get pods -n ingress-nginx --no-headers | awk '{ print $2, $3 }'`)).toMatchInlineSnapshot(`
    "0/1 Completed
    0/1 Completed
    1/1 Running
    "
  `);
  await line('kubectl create deployment web --image=gcr.io/google-samples/hello-app:1.0');
  await line('kubectl expose deployment web --type=NodePort --port=8080');
  await line('kubectl create deployment web2 --image=gcr.io/google-samples/hello-app:2.0');
  await line('kubectl expose deployment web2 --port=8080 --type=NodePort');
  await line('kubectl wait --for=condition=Available deployment web web2');
  await line('kubectl create ingress example-ingress --class=nginx --rule="hello-world.example/*=web:8080"');
  await line('sleep 61');
  expect(await line('kubectl get ingress --no-headers')).toMatch(
    /^example-ingress +nginx +hello-world.example +192.168.49.2 +80 /,
  );
  expect(
    await line(`curl ${at} -i http://hello-world.example | sed "s/web-.*/web-HASH/; /Date/d"`),
  ).toMatchInlineSnapshot(`
    "HTTP/1.1 200 OK
    Content-Type: text/plain; charset=utf-8
    Content-Length: 60
    Connection: keep-alive

    Hello, world!
    Version: 1.0.0
    Hostname: web-HASH
    "
  `);
  await line(`kubectl patch ingress example-ingress --type=json -p '[{"op":"add","path":"/spec/rules/0/http/paths/-",
    "value":{"path":"/v2","pathType":"Prefix","backend":{"service":{"name":"web2","port":{"number":8080}}}}}]'`);
  await line('sleep 2');
  expect(await line(`curl -s ${at} http://hello-world.example/v2 | sed "s/web2-.*/web2-HASH/"`)).toMatchInlineSnapshot(`
    "Hello, world!
    Version: 2.0.0
    Hostname: web2-HASH
    "
  `);
  expect(await line(`curl -s ${at} -H 'Host: elsewhere.example' http://hello-world.example | head -2`)).toContain(
    '404',
  );
  await line('kubectl scale deployment web2 --replicas=0; sleep 5');
  expect(await line(`curl -s -o /dev/null -w '%{http_code}' ${at} http://hello-world.example/v2`)).toBe('503');
  expect(
    await line('kubectl create ingress again --class=nginx --rule="hello-world.example/*=web:8080"'),
  ).toMatchInlineSnapshot(`
    "error: failed to create ingress: admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: host "hello-world.example" and path "/" is already defined in ingress default/example-ingress
    "
  `);
  await line('minikube addons disable ingress');
  expect(await line(`curl -sS ${at} http://hello-world.example`)).toContain('Failed to connect');
});

describe('a controller behind a load balancer', () => {
  test('tells its address, redirects to https with the certificate of a Secret, and takes the address back', async () => {
    const { line, session } = await recordedSession({ profile: 'cloud' });
    const items = ingressObjects().map((object) => {
      const text = JSON.stringify(object)
        .replace('"--report-node-internal-ip-address"', '"--publish-service=ingress-nginx/ingress-nginx-controller"')
        .replace('"type":"NodePort"', '"type":"LoadBalancer"')
        .replace(/,?"minikube.k8s.io\/primary":"true"/, '')
        .replace(/,"hostPort":\d+/g, '');
      return JSON.parse(text);
    });
    const files = session.machine.files;
    files.writeFile('/tmp/deploy.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await line(
      'kubectl apply -f /tmp/deploy.json; kubectl create deployment web --image=nginx:1.27; kubectl expose deployment web --port=80',
    );
    await line('kubectl rollout status -n ingress-nginx deployment/ingress-nginx-controller --timeout=120s');
    await line('kubectl create ingress web --class=nginx --rule="shop.example/*=web:80,tls=shop"; sleep 61');
    const address = (await line("kubectl get ingress web -o jsonpath='{.status.loadBalancer.ingress[0].ip}'")).trim();
    expect(address).toMatch(/^203\.0\.113\.\d+$/);
    expect(
      await line(`curl -si -H "Host: shop.example" http://${address}/a | head -6 | grep -v Date`),
    ).toMatchInlineSnapshot(`
      "HTTP/1.1 308 Permanent Redirect
      Content-Type: text/html
      Content-Length: 164
      Connection: keep-alive
      Location: https://shop.example/a
      "
    `);
    expect(await line(`curl -sk --resolve shop.example:443:${address} https://shop.example | grep title`)).toContain(
      'Welcome to nginx!',
    );
    await line('kubectl delete deployment -n ingress-nginx ingress-nginx-controller; sleep 30');
    expect(await line('kubectl get ingress web --no-headers')).toMatch(/nginx +shop.example +80, 443/);
  });
});
