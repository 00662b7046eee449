// Options of kubectl that show only in what it asks, logs or refuses.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

test('-v=8 and -v=9 log requests and answers whole, as they go over the wire', async () => {
  const { line } = await recordedSession();
  await line('kubectl create configmap a --from-literal=x=1');
  const masked = (text: string) =>
    text.replace(/^[IW]\d{4} [\d:.]+ +\d+ /gm, '').replace(/^\tAudit-Id.*\n|.*envvar.go.*\n|^\tX-Kube.*\n/gm, '');
  expect(masked(await line('kubectl label configmap a t=y -v=8 2>&1 | cut -c1-140'))).toMatchInlineSnapshot(`
    "loader.go:407] Config loaded from file:  /home/learner/.kube/config
    helper.go:105] "Request Body" body=""
    round_trippers.go:527] "Request" verb="GET" url="https://127.0.0.1:6443/api/v1/namespaces/default/configmaps/a
    	Accept: application/json
    	User-Agent: kubectl/v1.36.3 (linux/amd64) kubernetes/0f29094
     >
    round_trippers.go:632] "Response" status="200 OK" headers=<
    	Cache-Control: no-cache, private
    	Content-Length: 394
    	Content-Type: application/json
    	Date: Thu, 01 Jan 2026 09:00:10 GMT
     > milliseconds=1
    helper.go:105] "Response Body" body=<
    	{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default","uid":"aec5f417-2ec3-4a7d-9226-5c56d78420c7","resourceVe
     >
    helper.go:269] "Request Body" body="{\\"metadata\\":{\\"labels\\":{\\"t\\":\\"y\\"}}}"
    round_trippers.go:527] "Request" verb="PATCH" url="https://127.0.0.1:6443/api/v1/namespaces/default/configmaps
    	Accept: application/json
    	Content-Type: application/merge-patch+json
    	User-Agent: kubectl/v1.36.3 (linux/amd64) kubernetes/0f29094
     >
    round_trippers.go:632] "Response" status="200 OK" headers=<
    	Cache-Control: no-cache, private
    	Content-Length: 591
    	Content-Type: application/json
    	Date: Thu, 01 Jan 2026 09:00:10 GMT
     > milliseconds=1
    helper.go:269] "Response Body" body=<
    	{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"default","uid":"aec5f417-2ec3-4a7d-9226-5c56d78420c7","resourceVe
     >
    configmap/a labeled
    "
  `);
  expect(masked(await line('kubectl get configmap nope -v=9 2>&1 | head -24 | cut -c1-200'))).toMatchInlineSnapshot(`
    "loader.go:407] Config loaded from file:  /home/learner/.kube/config
    helper.go:105] "Request Body" body=""
    round_trippers.go:527] "Request" curlCommand=<
    	curl -v -XGET  -H "Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json" -H "User-Agent: kubectl/v1.36.3 (linux/amd64) kubernetes/0f
     >
    round_trippers.go:562] "HTTP Trace: Dial succeed" network="tcp" address="127.0.0.1:6443"
    round_trippers.go:632] "Response" verb="GET" url="https://127.0.0.1:6443/api/v1/namespaces/default/configmaps/nope" status="404 Not Found" headers=<
    	Cache-Control: no-cache, private
    	Content-Length: 188
    	Content-Type: application/json
    	Date: Thu, 01 Jan 2026 09:00:10 GMT
    "
  `);
});

test('apply without --overwrite refuses what others have changed, and says what it tried', async () => {
  const { line } = await recordedSession();
  await line(
    'kubectl create deployment w --image=nginx; kubectl get deployment w -o yaml > d.yaml; kubectl apply -f d.yaml',
  );
  await line("kubectl scale deployment w --replicas=3; sed -i 's/replicas: 1/replicas: 2/' d.yaml");
  const told = " 2>&1 | grep -E '^warn|^error|^for|conflicts'";
  expect(
    await line(
      `kubectl apply --overwrite=false -f d.yaml ${told}; kubectl apply --overwrite=false --openapi-patch=false -f d.yaml ${told}`,
    ),
  ).toMatchInlineSnapshot(`
    "warning: error calculating patch from openapi v3 spec: patch:
    conflicts with changes made from original to current:
    warning: error calculating patch from openapi spec: patch:
    conflicts with changes made from original to current:
    error: error when applying patch:
    for: "d.yaml": error when patching "d.yaml": creating patch with:
    for: patch:
    conflicts with changes made from original to current:
    error: error when applying patch:
    for: "d.yaml": error when patching "d.yaml": creating patch with:
    for: patch:
    conflicts with changes made from original to current:
    "
  `);
});

test('options that ask for what cannot be are refused', async () => {
  const { line } = await recordedSession();
  await line('kubectl create deployment w --image=nginx; echo x > f.yaml; sleep 5');
  expect(
    await line(
      'kubectl wait --local pod/x --for=condition=Ready; kubectl wait --local -f f.yaml --for=condition=Ready; kubectl logs deploy/w --pod-running-timeout=0s; kubectl exec deploy/w --pod-running-timeout=0s -- true; kubectl set env deploy/w; echo $?',
    ),
  ).toMatchInlineSnapshot(`
    "error: you must specify resources by --filename when --local is set.
    Example resource specifications include:
       '-f rsrc.yaml'
       '--filename=rsrc.json'
    error: --local is not supported: only a server can tell whether a condition is met
    error: --pod-running-timeout must be higher than zero
    error: --pod-running-timeout must be higher than zero
    See 'kubectl exec -h' for help and examples
    0
    "
  `);
  expect(
    await line(
      'kubectl logs deploy/w --insecure-skip-tls-verify-backend -v=6 2>&1 | grep -o "log?.*status="; kubectl cp --retries 3 $(kubectl get pod -o name | cut -d/ -f2):/etc/hostname h; cmp h <(kubectl exec deploy/w -- hostname)',
    ),
  ).toMatchInlineSnapshot(`
    "log?container=nginx&insecureSkipTLSVerifyBackend=true" status=
    tar: Removing leading \`/' from member names
    "
  `);
  expect(
    (
      await line(
        "for o in --disable-filter '--www /nope' '--accept-hosts (' '--address nope' '--address 1.2.3.4' '-u /x -p 1' '-u /x'; do timeout 1 kubectl proxy $o; done",
      )
    ).replace(/^([WF])\d{4} [\d:.]+ +\d+ /gm, '$1 '),
  ).toMatchInlineSnapshot(`
    "W proxy.go:177] Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious
    Starting to serve on 127.0.0.1:8001
    W proxy.go:200] Failed to stat static file directory /nope: stat /nope: no such file or directory
    Starting to serve on 127.0.0.1:8001
    F proxy_server.go:83] Error compiling re: error parsing regexp: missing closing ): \`(\`
    error: listen tcp: lookup nope: no such host
    error: listen tcp 1.2.3.4:8001: bind: cannot assign requested address
    error: cannot set --unix-socket and --port at the same time
    error: --unix-socket is not supported by this kubectl: there are no sockets in files here
    "
  `);
  expect(
    await line(
      "sed 's#\\(server: .*\\)#\\1/base#' ~/.kube/config > k; (KUBECONFIG=k timeout 3 kubectl proxy -p 8873 > /dev/null 2>&1 &); (KUBECONFIG=k timeout 3 kubectl proxy -p 8874 --append-server-path > /dev/null &); sleep 1; curl -s localhost:8873/version | head -2; curl -s localhost:8874/version",
    ),
  ).toMatchInlineSnapshot(`
    "{
      "major": "1",
    404 page not found
    "
  `);
});
