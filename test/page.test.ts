// The page in a real browser: it opens, a prompt comes, and what is typed is answered and drawn.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, servePage, type Visit } from './support/page.ts';
import { firstVisit, gzippedBytes, withImports } from './support/page-weight.ts';

let site: Site;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  site = await servePage();
  visit = await site.open('?seed=7');
  page = visit.page;
});

afterAll(() => site.close());

describe('the terminal', () => {
  test('kubectl get nodes, typed, shows three Ready nodes', async () => {
    await visit.type('kubectl get nodes');
    await visit.shows('worker-2');
    const nodes = (await visit.screen()).split('\n').filter((line) => / Ready /.test(line));
    expect(nodes.map((line) => line.split(/\s+/)[0])).toEqual(['control-plane', 'worker-1', 'worker-2']);
  });

  test('Tab completes a command, a kind and a name in the cluster', async () => {
    await page.keyboard.type('kubectl descr\tno\twork\t1');
    await visit.shows('kubectl describe nodes worker-1');
    await page.keyboard.press('Control+c');
  });

  test('a command that is not whole asks for more, and Ctrl-C stops one that waits', async () => {
    await visit.type('for i in 1 2; do');
    await visit.type('echo "line $i"; done');
    await visit.shows('line 2');
    await visit.prompt();
    await visit.type('sleep 1000');
    await visit.shows('sleep 1000');
    await page.keyboard.press('Control+c');
    await visit.prompt();
    await visit.type('echo "stopped: $?"');
    await visit.shows('stopped: 130');
  });
});

describe('programs read what is typed', () => {
  test('read and cat, until Ctrl-D', async () => {
    await visit.prompt();
    await visit.type('read name; echo "hello $name"');
    await visit.type('Ana');
    await visit.shows('hello Ana');
    await visit.prompt();
    await visit.type('cat | tr a-z A-Z');
    await visit.type('shouted');
    await page.keyboard.press('Control+d');
    await visit.shows('SHOUTED');
  });

  test('a shell in a pod has a prompt, and Ctrl-C there ends what runs there', async () => {
    await visit.prompt();
    await visit.type('kubectl run box --image=busybox:1.36 -- sleep 10000');
    await visit.type('kubectl wait --for=condition=Ready pod/box');
    await visit.shows('condition met');
    await visit.prompt();
    await visit.type('kubectl exec -it box -- sh');
    await visit.prompt('/ #');
    await visit.type('sleep 1000');
    await visit.shows('# sleep 1000');
    await page.keyboard.press('Control+c');
    await visit.prompt('/ #');
    await visit.type('echo "ended: $?"');
    await visit.shows('ended: 130');
    await visit.prompt('/ #');
    await page.keyboard.press('Control+d');
    await visit.prompt();
    await visit.type('kubectl delete pod box --now');
    await visit.shows('deleted');
    await visit.prompt();
  });

  test('keys that come too early are for the next line', async () => {
    await visit.type('sleep 1');
    await page.keyboard.type('echo early');
    await visit.prompt('$ echo early');
    await visit.type(' bird');
    await visit.shows('early bird');
    await visit.prompt();
  });
});

test('a second terminal has a shell of its own', async () => {
  await page.getByRole('button', { name: 'New terminal' }).click();
  await visit.prompt();
  await visit.type('cd /tmp; exit');
  await page.getByRole('tab', { name: '2', exact: true }).waitFor({ state: 'detached' });
  await visit.prompt('~$');
});

test('Shift-Tab leaves the terminal', async () => {
  await page.keyboard.press('Shift+Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.terminal'))).toBeNull();
  await page.keyboard.press('t');
});

describe('the diagram', () => {
  test('pods that are made appear on their nodes and run', async () => {
    await visit.type('kubectl create deployment web --image=nginx:1.27 --replicas=4');
    await page.locator('.pod.is-running').nth(3).waitFor();
    const nodes = await page.locator('section.node:has(.pod)').evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(nodes).toEqual(['node worker-1, Ready', 'node worker-2, Ready']);
  });

  test('a selected pod shows its details', async () => {
    await page.locator('.pod').first().click();
    await page.locator('.inspector dl').waitFor();
    expect(await page.locator('.inspector').textContent()).toContain('nginx: nginx:1.27');
  });
});

describe('the editor', () => {
  test('kubectl edit opens it, and goes on when it is saved there', async () => {
    await page.locator('.xterm-screen').click();
    await visit.type('kubectl edit deployment web');
    await page.getByRole('button', { name: 'Save and close' }).waitFor();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# one remark\n');
    await page.keyboard.press('Control+Enter');
    await visit.shows('Edit cancelled, no changes made.');
  });

  test('errors show while typing, and Ctrl-Enter applies', async () => {
    await page.locator('nav[aria-label=Panes]').getByRole('button', { name: 'YAML' }).click();
    await page.getByRole('button', { name: 'New YAML' }).click();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    /** The editor itself closes the first brace. */
    const write = async (text: string): Promise<void> => {
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(text);
    };
    await write('{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, unknown: 1');
    await page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    await write('{apiVersion: v1, kind: ConfigMap, metadata: {name: notes}, data: {a: b}');
    await page.keyboard.press('Control+Enter');
    await page.getByText('configmap/notes created').waitFor();
  });
});

describe('the frame', () => {
  test('time is paused by a button, which then lets it go on', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('nothing complained, the content security policy included', () => {
    expect(visit.complaints).toEqual([]);
  });

  test('the first visit loads at most 120 kB of JavaScript before the frame is there', () => {
    const first = firstVisit(site.files);
    expect(first.length).toBeGreaterThan(0);
    expect(gzippedBytes(site.files, first)).toBeLessThan(120_000);
  });

  test('the worker loads at most 354 kB before the prompt is there', () => {
    const worker = withImports(site.files, /session-worker-.*\.js$/);
    expect(worker.length).toBeGreaterThan(0);
    expect(gzippedBytes(site.files, worker)).toBeLessThan(354_000);
  });
});
