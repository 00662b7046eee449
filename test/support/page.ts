// The page in a headless Chromium, with a person at its keyboard.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser, Page } from 'playwright-core';
import { type Files, launchChromium, serveFiles } from './chromium.ts';
import { root } from './serve.ts';

export interface Visit {
  readonly page: Page;
  /** What the console complained of. */
  readonly complaints: readonly string[];
  /** Types a line into the terminal, presses Enter, and waits for the next prompt. */
  run(line: string): Promise<void>;
  /** The same without waiting. */
  type(line: string): Promise<void>;
  prompt(): Promise<void>;
  /** What the terminal shows. */
  screen(): Promise<string>;
  /** Waits until the terminal shows a text. */
  shows(text: string): Promise<void>;
}

export interface Site {
  /** Opens the page, `query` behind its address, and waits for the first prompt. */
  open(query: string): Promise<Visit>;
  close(): Promise<void>;
}

const promptMs = 90_000;

/** The page as `vite build` makes it, served on loopback. */
export async function servePage(): Promise<Site> {
  const served = await serveFiles(buildPage());
  const browser: Browser = await launchChromium();
  return {
    open: (query) => visit(browser, `${served.url}${query}`),
    close: async () => {
      await browser.close();
      served.server.closeAllConnections();
      served.server.close();
    },
  };
}

/** Files by path from the root. */
export function buildPage(): Files {
  const folder = mkdtempSync(join(tmpdir(), 'tabernetes-page-'));
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (status !== 0) throw new Error(`the page was not built: ${stderr}`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: false });
  const built = names.filter((name) => /\.\w+$/.test(name)).map((name) => join(folder, name));
  const found = new Map(built.map((path) => [path.slice(folder.length), readFileSync(path)]));
  rmSync(folder, { recursive: true });
  return found;
}

async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
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
    prompt: async () => {
      await page.waitForFunction(() => {
        const all = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent ?? '');
        return all
          .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
          .findLast((row) => row !== '')
          ?.endsWith('$');
      });
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
