// The page in a real browser: it opens, a prompt comes, and what is typed is answered and drawn.
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage } from './support/build-page.ts';
import { type Files, launchChromium, serveFiles } from './support/chromium.ts';
import { firstVisit, gzippedBytes, withImports } from './support/page-weight.ts';

let files: Files;
let served: { readonly server: Server; readonly url: string };
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  files = buildPage();
  served = await serveFiles(files);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  await page.goto(`${served.url}?seed=7`);
  await screenShows('learner@laptop:~$');
  page.setDefaultTimeout(20_000);
});

afterAll(async () => {
  await browser.close();
  served.server.closeAllConnections();
  served.server.close();
});

/** Waits until the terminal shows a text. */
async function screenShows(text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('.xterm-rows')?.textContent?.replaceAll('\u00a0', ' ').includes(wanted),
    text,
  );
}

/** Waits for a prompt: what ends with this. */
async function prompt(end = '$'): Promise<void> {
  await page.waitForFunction((wanted) => {
    const rows = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent ?? '');
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .findLast((row) => row !== '')
      ?.endsWith(wanted);
  }, end);
}

async function screen(): Promise<string> {
  const rows = await page.locator('.xterm-rows > div').allTextContents();
  return rows
    .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trim();
}

async function enter(line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

describe('the terminal', () => {
  test('kubectl get nodes, typed, shows three Ready nodes', async () => {
    await enter('kubectl get nodes');
    await screenShows('worker-2');
    const nodes = (await screen()).split('\n').filter((line) => / Ready /.test(line));
    expect(nodes.map((line) => line.split(/\s+/)[0])).toEqual(['control-plane', 'worker-1', 'worker-2']);
  });

  test('Tab completes a command, a kind and a name in the cluster', async () => {
    await page.keyboard.type('kubectl descr\tno\twork\t1');
    await screenShows('kubectl describe nodes worker-1');
    await page.keyboard.press('Control+c');
  });

  test('a command that is not whole asks for more, and Ctrl-C stops one that waits', async () => {
    await enter('for i in 1 2; do');
    await enter('echo "line $i"; done');
    await screenShows('line 2');
    await prompt();
    await enter('sleep 1000');
    await screenShows('sleep 1000');
    await page.keyboard.press('Control+c');
    await prompt();
    await enter('echo "stopped: $?"');
    await screenShows('stopped: 130');
  });
});

describe('programs read what is typed', () => {
  test('read and cat, until Ctrl-D', async () => {
    await prompt();
    await enter('read name; echo "hello $name"');
    await enter('Ana');
    await screenShows('hello Ana');
    await prompt();
    await enter('cat | tr a-z A-Z');
    await enter('shouted');
    await page.keyboard.press('Control+d');
    await screenShows('SHOUTED');
  });

  test('a shell in a pod has a prompt, and Ctrl-C there ends what runs there', async () => {
    await prompt();
    await enter('kubectl run box --image=busybox:1.36 -- sleep 10000');
    await enter('kubectl wait --for=condition=Ready pod/box');
    await screenShows('condition met');
    await prompt();
    await enter('kubectl exec -it box -- sh');
    await prompt('/ #');
    await enter('sleep 1000');
    await screenShows('# sleep 1000');
    await page.keyboard.press('Control+c');
    await prompt('/ #');
    await enter('echo "ended: $?"');
    await screenShows('ended: 130');
    await prompt('/ #');
    await page.keyboard.press('Control+d');
    await prompt();
    await enter('kubectl delete pod box --now');
    await screenShows('deleted');
    await prompt();
  });

  test('keys that come too early are for the next line', async () => {
    await enter('sleep 1');
    await page.keyboard.type('echo early');
    await prompt('$ echo early');
    await enter(' bird');
    await screenShows('early bird');
    await prompt();
  });
});

test('a second terminal has a shell of its own', async () => {
  await page.getByRole('button', { name: 'New terminal' }).click();
  await prompt();
  await enter('cd /tmp; exit');
  await page.getByRole('tab', { name: '2', exact: true }).waitFor({ state: 'detached' });
  await prompt('~$');
});

test('Shift-Tab leaves the terminal', async () => {
  await page.keyboard.press('Shift+Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.terminal'))).toBeNull();
  await page.keyboard.press('t');
});

describe('the diagram', () => {
  test('pods that are made appear on their nodes and run', async () => {
    await enter('kubectl create deployment web --image=nginx:1.27 --replicas=4');
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
    await enter('kubectl edit deployment web');
    await page.getByRole('button', { name: 'Save and close' }).waitFor();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# one remark\n');
    await page.keyboard.press('Control+Enter');
    await screenShows('Edit cancelled, no changes made.');
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
    expect(complaints).toEqual([]);
  });

  test('the first visit loads at most 120 kB of JavaScript before the frame is there', () => {
    const first = firstVisit(files);
    expect(first.length).toBeGreaterThan(0);
    expect(gzippedBytes(files, first)).toBeLessThan(120_000);
  });

  test('the worker loads at most 510 kB before the prompt is there', () => {
    const worker = withImports(files, /session-worker-.*\.js$/);
    expect(worker.length).toBeGreaterThan(0);
    expect(gzippedBytes(files, worker)).toBeLessThan(510_000);
  });
});
