// Nobody is kept out: axe finds no violation, in either theme, on a desktop and on a phone.
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage } from './support/build-page.ts';
import { launchChromium, serveFiles } from './support/chromium.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let served: { readonly server: Server; readonly url: string };
let browser: Browser;

beforeAll(async () => {
  served = await serveFiles(buildPage());
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  served.server.closeAllConnections();
  served.server.close();
});

async function open(colorScheme: 'dark' | 'light', width: number): Promise<Page> {
  // The policy of the page keeps foreign code out; a test's is let in.
  const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true });
  page.setDefaultTimeout(20_000);
  await page.goto(`${served.url}?seed=7`);
  await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('$'));
  await page.evaluate(axeSource);
  return page;
}

async function violations(page: Page): Promise<readonly string[]> {
  const source =
    'axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))';
  const found: unknown = await page.evaluate(source);
  return Array.isArray(found) ? found.map(String) : ['axe did not run'];
}

describe.each(['dark', 'light'] as const)('in the %s theme', (theme) => {
  test('the page, the inspector, palette and help', async () => {
    const page = await open(theme, 1440);
    await page.locator('.xterm-screen').click();
    await page.keyboard.type(
      'kubectl create deployment web --image=nginx:1.27; kubectl create deployment no --image=none',
    );
    await page.keyboard.press('Enter');
    await page.locator('.pod.is-running').first().click();
    await page.locator('.inspector dl').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=option]').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Help' }).click();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  test('a phone', async () => {
    const page = await open(theme, 390);
    for (const tab of ['Lesson', 'Map', 'YAML', 'Terminal']) {
      await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: tab }).click();
      await page.locator('.pane:visible').first().waitFor();
      expect(await violations(page)).toEqual([]);
    }
    await page.close();
  });
});
