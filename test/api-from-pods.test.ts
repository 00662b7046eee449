// The API server as programs in pods reach it: over the network, with the token of their service account.
import { describe, expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

describe('from inside a pod', () => {
  test('curl reads the API as the service account, and checks the server against the cluster’s authority', async () => {
    const { line } = await recordedSession();
    await line('kubectl run box --image=curlimages/curl --command -- sleep 3600');
    await line('kubectl wait --for=condition=Ready pod/box');
    const pods = 'https://kubernetes.default.svc/api/v1/namespaces/default/pods';
    const ask = `kubectl exec box -- sh -c 'curl -s --cacert ${account}/ca.crt -H "Authorization: Bearer $(cat ${account}/token)" ${pods} | grep message'`;
    expect(await line(ask)).toContain(
      'User \\"system:serviceaccount:default:default\\" cannot list resource \\"pods\\"',
    );
    await line('kubectl create rolebinding view --clusterrole=view --serviceaccount=default:default');
    expect(await line(`${ask.replace('grep message', 'grep PodList')}`)).toBe('  "kind": "PodList",\n');
    expect(await line(`kubectl exec box -- curl ${pods}`)).toContain(
      'curl: (60) SSL certificate problem: unable to get local issuer certificate',
    );
    expect(await line(`kubectl exec box -- curl -sk ${pods} | grep message`)).toContain('system:anonymous');
  });

  test('kubectl needs no kubeconfig, so that a loop around it can be a controller', async () => {
    const { line } = await recordedSession();
    await line('kubectl create rolebinding edit --clusterrole=edit --serviceaccount=default:default');
    const loop =
      'kubectl get configmaps -w -l watched -o name | while read name; do kubectl label $name seen=yes; done';
    await line(`kubectl run operator --image=bitnami/kubectl --command -- sh -c '${loop}'`);
    await line('kubectl wait --for=condition=Ready pod/operator');
    await line('kubectl create configmap one && kubectl label configmap one watched= && sleep 5');
    expect(await line('kubectl get configmap one --show-labels --no-headers')).toMatch(/seen=yes,watched=\n/);
  });

  test('kubectl executes, attaches, forwards and reads logs', async () => {
    const { line } = await recordedSession();
    await line('kubectl create rolebinding edit --clusterrole=edit --serviceaccount=default:default');
    await line('kubectl run box --image=bitnami/kubectl --command -- sleep 3600; kubectl run web --image=nginx:1.27');
    await line('kubectl wait --for=condition=Ready pod/box pod/web');
    const inside = (command: string): Promise<string> => line(`kubectl exec box -- sh -c '${command}'`);
    expect(await inside('kubectl exec web -- sh -c "echo out; echo err >&2; exit 3"; echo $?')).toBe(
      'out\nerr\ncommand terminated with exit code 3\n3\n',
    );
    expect(await inside('seq 1 3 | kubectl exec -i web -- wc -l')).toBe('3\n');
    expect(await inside('kubectl exec web -c none -- true')).toMatch(/container none is not valid for pod web/);
    expect(await inside('kubectl logs web | wc -l')).not.toBe('0\n');
    const forward = 'kubectl exec box -- kubectl port-forward --address 0.0.0.0 pod/web 8080:80 > /dev/null & sleep 2';
    const boxIp = "$(kubectl get pod box -o jsonpath='{.status.podIP}')";
    expect(await line(`${forward}; kubectl exec web -- curl -s ${boxIp}:8080 | grep title; kill %1`)).toContain(
      '<title>Welcome to nginx!</title>',
    );
  });
});
