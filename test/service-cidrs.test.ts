// The range of Services' addresses is an object, and so is each address: ranges can be added, and stay while they are needed.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const range = `apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: {name: more}
spec: {cidrs: [192.168.96.0/28]}
`;
const service = `apiVersion: v1
kind: Service
metadata: {name: two}
spec: {clusterIP: 192.168.96.9, ports: [{port: 80}]}
`;

test('a second range gives addresses, and goes when nobody has one of them any more', async () => {
  const { line } = await recordedSession({ profile: '3-node' });
  expect(await line('kubectl get servicecidrs,ipaddresses --no-headers | tr -s " " | cut -d" " -f1,2')).toBe(
    'servicecidr.networking.k8s.io/kubernetes 10.96.0.0/12\n' +
      'ipaddress.networking.k8s.io/10.96.0.1 services/default/kubernetes\n',
  );
  await line(`cat > range.yaml <<'Y'\n${range}Y\n`);
  await line(`cat > service.yaml <<'Y'\n${service}Y\n`);
  const first = await line(
    'kubectl apply -f service.yaml 2>&1; kubectl apply -f range.yaml; sleep 2; kubectl apply -f service.yaml',
  );
  expect(first).toContain('the provided network does not match the current range');
  expect(first).toContain('service/two created');
  expect(await line('kubectl get ipaddress 192.168.96.9 -o jsonpath={.spec.parentRef.name}')).toBe('two');
  const ready =
    "kubectl get servicecidr more -o jsonpath='{.status.conditions[0].status} {.status.conditions[0].reason}'";
  expect(await line(`kubectl delete servicecidr more --wait=false; sleep 20; ${ready}`)).toContain('False Terminating');
  await line('kubectl delete service two; sleep 20');
  expect(await line('kubectl get servicecidrs,ipaddresses -o name')).toBe(
    'servicecidr.networking.k8s.io/kubernetes\nipaddress.networking.k8s.io/10.96.0.1\n',
  );
});
