// The whole story that a learner plays, from minikube start to the application's page: headless as a script, and in
// Chromium through the real terminal; and all lessons, ticked off by what the learner types.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLessons } from '../scripts/read-lessons.ts';
import { type Site, servePage } from './support/page.ts';
import { tabernetes } from './support/serve.ts';

/** A machine that does many other things may take so long. */
const patienceMs = 240_000;

/** Each command of the story, and what it must print. */
const story: readonly (readonly [command: string, printed: RegExp])[] = [
  ['kubectl version --client', /^Client Version: v1\.36\.\d+\nKustomize Version: v5\./],
  ['minikube start', /😄 {2}minikube v1.*\n[\s\S]*🏄 {2}Done! kubectl is now configured to use "minikube" cluster/],
  ['docker ps', /kicbase:v0\.0\.50 +"\/usr\/local\/bin\/entr…".* 127\.0\.0\.1:32771->8443\/tcp.* minikube\n$/],
  [
    'kubectl cluster-info',
    /control plane is running at https:\/\/127\.0\.0\.1:32771\nCoreDNS is running at https:\/\/127\.0\.0\.1:32771\/api\/v1\/namespaces\/kube-system\/services\/kube-dns:dns\/proxy/,
  ],
  [
    'minikube status',
    /^minikube\ntype: Control Plane\nhost: Running\nkubelet: Running\napiserver: Running\nkubeconfig: Configured/,
  ],
  ['minikube dashboard', /🔌 {2}Enabling dashboard[\s\S]*🎉 {2}Opening http:\/\/127\.0\.0\.1:\d+\/api\/v1\/namespaces/],
  [
    'cd sample-nodejs-app && docker build -t nodejs-app . && cd',
    /naming to docker.io\/library\/nodejs-app:latest done/,
  ],
  ['docker images', /nodejs-app +latest +[0-9a-f]{12} /],
  ['kubectl create deployment first-app --image=nodejs-app', /^deployment.apps\/first-app created\n$/],
  ['sleep 50; kubectl get deployments', /first-app +0\/1 +1 +0 +5\ds/],
  ['kubectl get pods', /first-app-\w+-\w+ +0\/1 +ImagePullBackOff +0 +5\ds/],
  ['kubectl delete deployment first-app', /^deployment.apps "first-app" deleted/],
  ['echo secret | docker login -u ada --password-stdin', /Login Succeeded/],
  ['docker tag nodejs-app ada/nodejs-app', /^$/],
  ['docker push ada/nodejs-app', /latest: digest: sha256:/],
  ['kubectl create deployment first-app --image=ada/nodejs-app; kubectl get pods', /0\/1 +(ContainerCreating|Pending)/],
  ['kubectl rollout status deployment first-app; kubectl get pods', /first-app-\w+-\w+ +1\/1 +Running/],
  ['kubectl get deployments', /first-app +1\/1 +1 +1 /],
  ['kubectl get services', /^NAME +TYPE.*\nkubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP/],
  ['kubectl expose deployment first-app --type=LoadBalancer --port=8181', /^service\/first-app exposed\n$/],
  ['kubectl get services first-app', /LoadBalancer +10\.\S+ +<pending> +8181:3\d{4}\/TCP/],
  [
    'minikube service first-app',
    /│ default +│ first-app │ 8181 +│ http:\/\/192\.168\.49\.2:3\d+ │[\s\S]*🏃 {2}Starting tunnel for service first-app\.\n[\s\S]*│ http:\/\/127\.0\.0\.1:\d+ │[\s\S]*🎉 {2}Opening service default\/first-app in default browser/,
  ],
  ['curl -s $(minikube service first-app --url 2> /dev/null)', /<h1>Hello from a container!<\/h1>/],
  // what a learner tries next
  ['kubectl logs deployment/first-app', /^Listening on port 8181\n$/],
  ['kubectl top nodes', /error: Metrics API not available/],
  ['minikube addons enable metrics-server', /🌟 {2}The 'metrics-server' addon is enabled/],
  ['kubectl top nodes', /error: Metrics API not available/],
  [
    'kubectl port-forward deployment/first-app 9000:8181 > /dev/null & sleep 2; curl -s localhost:9000; kill %1',
    /Hello/,
  ],
  ['kubectl cluster-info dump | head -n 3', /"kind": "NodeList"/],
  ['minikube ssh -- hostname', /^minikube\n$/],
  ['minikube kubectl -- get nodes', /minikube +Ready +control-plane/],
  ['minikube stop && minikube start', /1 node stopped\.[\s\S]*Restarting existing docker container for "minikube"/],
  ['minikube delete; minikube status', /💀 {2}Removed all traces of the "minikube" cluster\.\n[\s\S]*not found/],
];

test('headless, every command of the story prints what the story says', () => {
  const input = JSON.stringify({ steps: story.map(([cmd]) => ({ cmd })) });
  const { stdout, stderr } = spawnSync(process.execPath, [tabernetes, 'sh', '--json', '--profile', 'minikube'], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stderr).toBe('');
  const { steps }: { readonly steps: readonly { readonly stdout: string; readonly stderr: string }[] } =
    JSON.parse(stdout);
  for (const [at, [command, printed]] of story.entries())
    expect(`${steps[at]?.stdout ?? ''}${steps[at]?.stderr ?? ''}`, command).toMatch(printed);
});

describe('in Chromium', () => {
  let site: Site;
  beforeAll(async () => {
    site = await servePage();
  });
  afterAll(() => site.close());

  test(
    'the story is played in the terminal, and ends with the application in the browser pane',
    async () => {
      const visit = await site.open('?profile=minikube&seed=7');
      const { page } = visit;
      await page.getByLabel('Speed of time').selectOption('20');
      await page.locator('.xterm-helper-textarea').focus();
      await visit.run('minikube start');
      await visit.run('cd sample-nodejs-app && docker build -t nodejs-app . && cd');
      await visit.run('kubectl create deployment first-app --image=nodejs-app; sleep 2');
      const reason = "jsonpath='{.status.containerStatuses[0].state.waiting.reason}'";
      await visit.run(`kubectl wait pod -l app=first-app --for=${reason}=ImagePullBackOff; kubectl get pods`);
      await visit.shows('ImagePullBackOff');
      await visit.run('kubectl delete deployment first-app; clear');
      await visit.run('echo secret | docker login -u ada --password-stdin');
      await visit.run('docker tag nodejs-app ada/nodejs-app && docker push ada/nodejs-app');
      await visit.run('kubectl create deployment first-app --image=ada/nodejs-app');
      await visit.run('kubectl rollout status deployment first-app; clear');
      await visit.run('kubectl expose deployment first-app --type=LoadBalancer --port=8181; kubectl get services');
      await visit.shows('<pending>');
      await visit.type('minikube service first-app');
      await page.frameLocator('.browser-page iframe').getByText('Hello from a container!').waitFor();
      await page.locator('.xterm-helper-textarea').focus();
      await page.keyboard.press('Control+c');
      await visit.prompt();
      await visit.type('minikube dashboard');
      await page.locator('.dashboard').getByText('first-app', { exact: true }).waitFor();
      expect(visit.complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test(
    'the first lesson needs no mouse',
    async () => {
      const visit = await site.open('?lesson=cluster-and-its-parts');
      const { page } = visit;
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('/');
      await page.waitForFunction(() => document.activeElement?.closest('dialog'));
      await page.keyboard.type('time go at 20');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => !document.querySelector('dialog[open]'));
      await page.keyboard.press('t');
      for (const [at, { solution }] of (readLessons()[0]?.steps ?? []).entries()) {
        for (const line of solution) await visit.run(line);
        await page.locator('.step.is-done').nth(at).waitFor();
      }
      await page.locator('.lesson-end').waitFor();
      expect(visit.complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );

  test.each(
    readLessons()
      .slice(1)
      .map((lesson) => [lesson.id, lesson] as const),
  )(
    'the lesson %s ticks itself off',
    async (id, lesson) => {
      const visit = await site.open(`?lesson=${id}`);
      const { page } = visit;
      await page.locator('.step.is-now').waitFor();
      await page.getByLabel('Speed of time').selectOption('100');
      await page.locator('.xterm-helper-textarea').focus();
      for (const [at, { solution }] of lesson.steps.entries()) {
        for (const line of solution) await (line.endsWith('&') ? visit.type(line) : visit.run(line));
        await page.locator('.step.is-done').nth(at).waitFor();
      }
      await page.locator('.lesson-end').waitFor();
      expect(visit.complaints).toEqual([]);
      await page.context().close();
    },
    patienceMs,
  );
});
