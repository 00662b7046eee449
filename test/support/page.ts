// The page in a headless Chromium, with a person at its keyboard.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildPage } from './build-page.ts';
import { type Files, launchChromium, serveFiles } from './chromium.ts';

export interface Visit {
  readonly page: Page;
  /** What the console complained of. */
  readonly complaints: readonly string[];
  /** Types a line into the terminal, presses Enter, and waits for the next prompt. */
  run(line: string): Promise<void>;
  /** The same without waiting. */
  type(line: string): Promise<void>;
  /** Waits for a prompt: a last row that ends with `$`, or with this. */
  prompt(end?: string): Promise<void>;
  /** What the terminal shows. */
  screen(): Promise<string>;
  /** Waits until the terminal shows a text. */
  shows(text: string): Promise<void>;
}

export interface Site {
  readonly url: string;
  readonly files: Files;
  readonly browser: Browser;
  /** Opens the page, `query` behind its address, and waits for the first prompt. */
  open(query: string, options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

const promptMs = 90_000;

/** The page as `vite build` makes it, served on loopback. */
export async function servePage(): Promise<Site> {
  const files = buildPage();
  const served = await serveFiles(files);
  const browser: Browser = await launchChromium();
  return {
    url: served.url,
    files,
    browser,
    open: (query, options) => visit(browser, `${served.url}${query}`, options),
    close: async () => {
      await browser.close();
      served.server.closeAllConnections();
      served.server.close();
    },
  };
}

/** Waits until the page's database holds something that contains a text. */
export async function keptIn(
  page: Page,
  store: 'worlds' | 'screens' | 'documents' | 'past',
  text: string,
): Promise<void> {
  const database = store === 'worlds' ? 'tabernetes' : 'tabernetes-page';
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

/** What axe finds wrong with a page, or with a part of it. */
export async function violations(page: Page, part = 'html'): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(`(() => {
    if (!globalThis.axe) new Function(${JSON.stringify(axeSource)})();
    return axe.run(${JSON.stringify(part)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 160)));
  })()`);
  return Array.isArray(found) ? found.map(String) : ['axe did not run'];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(promptMs);
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  const rows = async (): Promise<readonly string[]> =>
    (await page.locator('.xterm-rows > div').allTextContents()).map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  const made: Visit = {
    page,
    complaints,
    async type(line) {
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    },
    async run(line) {
      await made.type(line);
      await made.prompt();
    },
    prompt: async (end = '$') => {
      await page.waitForFunction((wanted) => {
        const all = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent ?? '');
        return all
          .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
          .findLast((row) => row !== '')
          ?.endsWith(wanted);
      }, end);
    },
    screen: async () => (await rows()).join('\n').trim(),
    shows: async (text) => {
      await page.waitForFunction(
        (wanted) => document.querySelector('.xterm-rows')?.textContent?.replaceAll('\u00a0', ' ').includes(wanted),
        text,
      );
    },
  };
  await page.goto(url);
  await made.shows('learner@laptop:~$');
  return made;
}
