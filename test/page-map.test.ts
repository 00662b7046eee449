// What a learner sees of a command: its trace, why something does not run, where a service leads, and the past.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, servePage, type Visit, violations } from './support/page.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await servePage();
  visit = await site.open('?seed=7');
  page = visit.page;
  await visit.run('kubectl create deployment web --image=nodejs-app --replicas=2');
  await visit.run('kubectl expose deployment web --port=80');
});

afterAll(() => site.close());

describe('the trace', () => {
  test('a mark beside a command opens what it set off, from the request to the kubelet', async () => {
    await page.locator('.trace-mark button').first().click();
    await page.locator('.story-row', { hasText: 'pulls the image of' }).waitFor();
    const who = await page.locator('.story-row.is-major b').allTextContents();
    expect(who.slice(0, 6)).toEqual([
      'kubectl',
      'kube-apiserver',
      'etcd',
      'deployment-controller',
      'replicaset-controller',
      'kube-scheduler',
    ]);
  });

  test('a step says what its part does, shows the object, and lights its way', async () => {
    await page.locator('.story-row button', { hasText: 'creates ReplicaSet' }).click();
    await page.locator('.effect pre', { hasText: 'kind: ReplicaSet' }).waitFor();
    expect(await page.locator('.part-sentence').textContent()).toContain('Keeps one ReplicaSet for each version');
    expect(await page.locator('.chip.is-lit').allTextContents()).toEqual(['kube-apiserver', 'kube-controller-manager']);
  });
});

describe('traffic', () => {
  beforeAll(async () => {
    await page.locator('.xterm-helper-textarea').focus();
    await visit.run(
      'kubectl create deployment shop --image=nginx --replicas=2; kubectl expose deployment shop --port=80',
    );
    await visit.run('kubectl run client --image=busybox -- sleep infinity; kubectl rollout status deployment shop');
    await visit.run('kubectl wait --for=condition=Ready pod client');
    // Every glow on the map from now on, by what it surrounds.
    await page.evaluate(() => {
      const seen: string[] = [];
      const middle = (element: Element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      };
      new MutationObserver((changes) => {
        for (const added of changes.flatMap(({ addedNodes }) => Array.from(addedNodes))) {
          if (!(added instanceof HTMLElement) || !/glow is-(traffic|lost)/.test(added.className)) continue;
          const { x, y } = middle(added);
          const near = Array.from(document.querySelectorAll('.diagram [data-anchor]')).find((one) => {
            const place = middle(one);
            return Math.hypot(place.x - x, place.y - y) < 2;
          });
          const kind = added.className.includes('is-lost') ? 'lost at ' : '';
          seen.push(`${kind}${near?.getAttribute('data-anchor')?.replace(/-\w+-\w{5}$/, '')}`);
        }
      }).observe(document.querySelector('.travel') ?? document.body, { childList: true });
      Object.assign(globalThis, { seen });
    });
  });

  /** What has glowed once something has that is named so, and what had before it is forgotten. */
  const lit = async (last: string): Promise<readonly string[]> => {
    await page.waitForFunction(
      (wanted) => (Reflect.get(globalThis, 'seen') as string[]).some((place) => place.startsWith(wanted)),
      last,
    );
    return page.evaluate(() => (Reflect.get(globalThis, 'seen') as string[]).splice(0));
  };

  test('a request between pods lights its way: name server, service, pod, and back', async () => {
    await visit.run('kubectl exec client -- wget -qO- shop | head -n 4');
    const way = await lit('pod/default/client');
    for (const place of ['coredns/control-plane', 'service/default/shop', 'pod/default/shop'])
      expect(way).toContain(place);
    expect(way.filter((place) => place.startsWith('kube-proxy/'))).toHaveLength(1);
  });

  test('a connection in vain ends where it gets lost', async () => {
    await visit.run('kubectl exec client -- wget -qO- -T 1 shop:81');
    await lit('lost at ');
  });

  test('the trace tells its chain, and lights service and pod', async () => {
    await page.locator('.trace-mark button').nth(-2).click();
    const row = page.locator('.story-row', { hasText: 'chooses an endpoint of Service shop' });
    await row.locator('button').first().click();
    expect(await row.locator('.part-sentence').textContent()).toContain('rules that lead packets to pods');
    await page.locator('.service.is-lit', { hasText: 'shop' }).waitFor();
    await page.locator('.story-row button', { hasText: 'accepts the connection on' }).click();
    await page.locator('.pod.is-lit', { hasText: 'shop' }).waitFor();
  });
});

describe('why', () => {
  test('a pod whose image is refused says by which registry and what helps', async () => {
    await page.locator('.pod.is-failing').first().click();
    await page.locator('.why-sentence').waitFor();
    expect(await page.locator('.why-sentence').textContent()).toBe(
      'The image nodejs-app cannot be pulled: Docker Hub has no such repository, or does not let the node in.',
    );
    expect(await page.locator('.why-mend').textContent()).toContain('docker push');
  });

  test('a service without endpoints leads to the pods that are not ready', async () => {
    await page.locator('.service', { hasText: 'web' }).click();
    await page.locator('.why .link').first().click();
    await page.locator('.inspector h2', { hasText: 'Pod in default' }).waitFor();
  });

  test('an object is described as kubectl does', async () => {
    await page.getByRole('button', { name: 'Describe' }).click();
    await page.locator('.description', { hasText: 'Controlled By:' }).waitFor();
  });
});

test('the list walks through the same with arrow keys', async () => {
  await page.getByRole('button', { name: 'List' }).click();
  await page.locator('[role="treeitem"]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.inspector h2', { hasText: /Pod|Node/ }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Map' }).click();
});

test('the timeline shows the cluster as it was, and comes back', async () => {
  await page.getByRole('slider', { name: 'Look back' }).press('Home');
  await page.waitForFunction(() => document.querySelectorAll('.pod').length === 0);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.locator('.pod').nth(1).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(visit.complaints).toEqual([]);
});
