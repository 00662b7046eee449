// A share link that cannot be trusted is refused in words.
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
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
});

afterAll(async () => {
  await browser.close();
  served.server.closeAllConnections();
  served.server.close();
});

test('a damaged link says so', async () => {
  await page.goto(`${served.url}#share=abc`);
  await page.getByText('This link is damaged.').waitFor();
});
