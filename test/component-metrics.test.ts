// What Kubernetes' own processes tell of themselves at their ports: metrics, configuration, health.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const pod = `kubectl apply -f - <<'EOT'
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  nodeName: worker-1
  containers:
  - name: c
    image: nginx
    resources: { requests: { cpu: 250m }, limits: { memory: 64Mi } }
    readinessProbe: { httpGet: { path: /, port: 80 } }
EOT`;

test('controller manager and scheduler tell whom they may what they have done', async () => {
  const { line } = await recordedSession();
  await line('kubectl create deployment web --image=nginx --replicas=2');
  await line('kubectl create job j --image=busybox -- true');
  await line(
    `kubectl run big --image=nginx --overrides='{"spec":{"containers":[{"name":"c","image":"nginx","resources":{"requests":{"cpu":"100"}}}]}}'`,
  );
  await line(
    'kubectl create serviceaccount prometheus; kubectl create clusterrole metrics --verb=get --non-resource-url=/metrics,/metrics/resources,/configz,/statusz,/flagz; kubectl create clusterrolebinding metrics --clusterrole=metrics --serviceaccount=default:prometheus; sleep 20',
  );
  const token = (await line('kubectl create token prometheus')).trim();
  const at = (port: number, path: string, more = ''): Promise<string> =>
    line(`ssh control-plane "curl -sk https://127.0.0.1:${port}${path} -H 'Authorization: Bearer ${token}'${more}"`);
  expect(
    await line(
      'ssh control-plane "curl -sk https://127.0.0.1:10257/healthz; curl -sk https://127.0.0.1:10259/livez; curl -sk -o /dev/null -w %{http_code} https://127.0.0.1:10259/metrics"',
    ),
  ).toBe('okok403');
  expect(await at(10257, '/livez')).toBe('404 page not found\n');
  expect(await at(10259, '/readyz?verbose')).toContain('[+]sched-handler-sync ok');
  expect(
    await at(
      10257,
      '/metrics',
      " | grep -E '^(workqueue_(adds|retries)_total.name=.(job|deployment)|leader_election|job_controller_(jobs|job_pods)_finished|node_collector_zone_(size|health)|rest_client_requests_total.*POST)'",
    ),
  ).toMatchInlineSnapshot(`
    "job_controller_job_pods_finished_total{completion_mode="NonIndexed",result="failed"} 0
    job_controller_job_pods_finished_total{completion_mode="NonIndexed",result="succeeded"} 1
    job_controller_jobs_finished_total{completion_mode="NonIndexed",reason="",result="succeeded"} 1
    leader_election_master_status{name="kube-controller-manager"} 1
    node_collector_zone_health{zone=""} 100
    node_collector_zone_size{zone=""} 3
    rest_client_requests_total{code="201",host="172.18.0.2:6443",method="POST"} 22
    workqueue_adds_total{name="deployment"} 9
    workqueue_adds_total{name="job"} 6
    workqueue_retries_total{name="deployment"} 0
    workqueue_retries_total{name="job"} 0
    "
  `);
  expect(
    await at(
      10259,
      '/metrics',
      " | grep -E '^scheduler_(pending|schedule_att|queue_inc|pod_scheduling_(attempts|sli).*count)'",
    ),
  ).toMatchInlineSnapshot(`
    "scheduler_pending_pods{queue="active"} 0
    scheduler_pending_pods{queue="backoff"} 0
    scheduler_pending_pods{queue="gated"} 0
    scheduler_pending_pods{queue="unschedulable"} 1
    scheduler_pod_scheduling_attempts_count 3
    scheduler_pod_scheduling_sli_duration_seconds_count{attempts="1"} 3
    scheduler_queue_incoming_pods_total{event="AssignedPodDelete",queue="active"} 1
    scheduler_queue_incoming_pods_total{event="ScheduleAttemptFailure",queue="unschedulable"} 2
    scheduler_queue_incoming_pods_total{event="UnschedulablePodAdd",queue="active"} 4
    scheduler_schedule_attempts_total{profile="default-scheduler",result="scheduled"} 3
    scheduler_schedule_attempts_total{profile="default-scheduler",result="unschedulable"} 2
    "
  `);
  expect(await at(10259, '/metrics/resources', ' | grep -v ^#')).toMatchInlineSnapshot(`
    "kube_pod_resource_request{namespace="default",node="",pod="big",priority="0",resource="cpu",scheduler="default-scheduler",unit="cores"} 100
    "
  `);
  expect(await at(10257, '/configz')).toContain('"LeaderElection":{"leaderElect":true,"leaseDuration":"15s"');
  expect(await at(10259, '/flagz')).toMatch(
    /^\nkube-scheduler flagz\nWarning: .*\n[\s\S]*\nleader-elect(:|: |=| )true\n/,
  );
  expect(await at(10259, '/statusz')).toMatch(
    /^\nkube-scheduler statusz\n[\s\S]*\nPaths(:|: |=| ) \/configz \/flagz \/healthz \/livez \/metrics \/readyz\n$/,
  );
});

test('a kubelet and a kube-proxy tell of pods, probes, containers and rules', async () => {
  const { line } = await recordedSession();
  await line(pod);
  await line('sleep 40');
  const raw = (path: string, pattern: string): Promise<string> =>
    line(`kubectl get --raw /api/v1/nodes/worker-1/proxy${path} | grep -E '${pattern}'`);
  expect(
    await raw(
      '/metrics',
      '^kubelet_(running|started_pods_total|runtime_operations_total|pod_start_(sli_)?duration_seconds_count|node_name)',
    ),
  ).toMatchInlineSnapshot(`
    "kubelet_node_name{node="worker-1"} 1
    kubelet_pod_start_duration_seconds_count 1
    kubelet_pod_start_sli_duration_seconds_count 1
    kubelet_running_containers{container_state="running"} 1
    kubelet_running_pods 1
    kubelet_runtime_operations_total{operation_type="container_status"} 3
    kubelet_runtime_operations_total{operation_type="create_container"} 1
    kubelet_runtime_operations_total{operation_type="list_containers"} 50
    kubelet_runtime_operations_total{operation_type="list_images"} 1
    kubelet_runtime_operations_total{operation_type="list_podsandbox"} 50
    kubelet_runtime_operations_total{operation_type="podsandbox_status"} 3
    kubelet_runtime_operations_total{operation_type="pull_image"} 1
    kubelet_runtime_operations_total{operation_type="run_podsandbox"} 1
    kubelet_runtime_operations_total{operation_type="start_container"} 1
    kubelet_runtime_operations_total{operation_type="status"} 10
    kubelet_runtime_operations_total{operation_type="version"} 1
    kubelet_started_pods_total 1
    "
  `);
  expect(await raw('/metrics/probes', '^prober_probe_total')).toMatch(
    /^prober_probe_total\{container="c",namespace="default",pod="p",pod_uid="[-0-9a-f]+",probe_type="Readiness",result="successful"\} \d+\n$/,
  );
  const container = await raw('/metrics/cadvisor', '^container_spec_(memory_limit_bytes|cpu_shares)');
  expect(
    container
      .replace(/id="[^"]*"/g, 'id=""')
      .replace(/name="[0-9a-f]{64}"/g, 'name=""')
      .replace(/\} (\S+) \d+$/gm, '} $1'),
  ).toMatchInlineSnapshot(`
    "container_spec_cpu_shares{container="c",id="",image="docker.io/library/nginx:latest",name="",namespace="default",pod="p"} 256
    container_spec_memory_limit_bytes{container="c",id="",image="docker.io/library/nginx:latest",name="",namespace="default",pod="p"} 6.7108864e+07
    "
  `);
  expect(await line('kubectl get --raw "/api/v1/nodes/worker-1/proxy/healthz?verbose"')).toBe(
    '[+]ping ok\n[+]log ok\n[+]syncloop ok\nhealthz check passed\n',
  );
  expect(await raw('/configz', '"maxPods":110,"evictionHard":\\{')).toContain('"nodeStatusUpdateFrequency":"10s"');
  expect(
    await line(
      'ssh worker-1 "curl -s localhost:10249/proxyMode; curl -s localhost:10249/metrics | grep ^kubeproxy_sync_proxy_rules_service_changes_total; curl -s localhost:10256/healthz"',
    ),
  ).toMatch(
    /^iptableskubeproxy_sync_proxy_rules_service_changes_total\{ip_family="IPv4"\} 1\n\{"lastUpdated":".* \+0000 UTC","currentTime":".*","nodeEligible":true\}$/,
  );
});
