// What outlives a tab: the cluster, the files and the screen come back, and a link brings them about elsewhere.
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPage } from './support/build-page.ts';
import { launchChromium, serveFiles } from './support/chromium.ts';

let served: { readonly server: Server; readonly url: string };
let browser: Browser;
let page: Page;

beforeAll(async () => {
  served = await serveFiles(buildPage());
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(served.url);
  await prompt();
});

afterAll(async () => {
  await browser.close();
  served.server.closeAllConnections();
  served.server.close();
});

/** Waits until the last row that is not empty ends so. */
async function prompt(end = '$'): Promise<void> {
  await page.waitForFunction((wanted) => {
    const rows = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent ?? '');
    return rows
      .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
      .findLast((row) => row !== '')
      ?.endsWith(wanted);
  }, end);
}

async function screenShows(text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('.xterm-rows')?.textContent?.replaceAll('\u00a0', ' ').includes(wanted),
    text,
  );
}

async function enter(line: string): Promise<void> {
  await page.locator('.xterm-screen').click();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Waits until a database of the browser holds something that contains a text. */
async function saved(database: string, store: string, text: string): Promise<void> {
  const holds = () =>
    page.evaluate(
      ([name = '', from = '', wanted = '']) =>
        new Promise<boolean>((resolve) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => {
            const all = opening.result.transaction(from).objectStore(from).getAll();
            all.onsuccess = () => {
              opening.result.close();
              resolve(JSON.stringify(all.result).includes(wanted));
            };
          };
        }),
      [database, store, text],
    );
  await expect.poll(holds, { timeout: 20_000, interval: 200 }).toBe(true);
}

test('a reloaded tab has its cluster, its files and its screen', async () => {
  await enter('kubectl create configmap kept --from-literal=a=b; echo milk > notes.txt');
  await screenShows('configmap/kept created');
  await saved('tabernetes', 'worlds', 'milk');
  await saved('tabernetes-screens', 'screens', 'configmap/kept created');
  await page.reload();
  await screenShows('as you left them');
  await prompt();
  expect(await page.locator('.xterm-rows').textContent()).toContain('configmap/kept');
  await enter('kubectl get configmap kept -o name; cat notes.txt');
  await screenShows('milk');
});

test('a link brings the same cluster about', async () => {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = page.getByRole('textbox', { name: 'Link' });
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.dialog input')?.value !== '');
  const url = await link.inputValue();
  await page.goto('about:blank');
  await page.goto(url);
  await prompt();
  await enter('kubectl get configmap kept -o name; cat notes.txt');
  await screenShows('milk');
});

test('a damaged link says so', async () => {
  await page.goto('about:blank');
  await page.goto(`${served.url}#share=abc`);
  await page.getByText('This link is damaged.').waitFor();
});
