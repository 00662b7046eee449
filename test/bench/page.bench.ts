// The page in numbers: what the first visit and the worker weigh, when the prompt is there, and whether anything blocks
// the page while 200 pods roll out at ten times the speed.
import { gzipSync } from 'node:zlib';
import { buildPage } from '../support/build-page.ts';
import { type Files, launchChromium, serveFiles } from '../support/chromium.ts';

const files = buildPage();
report('first visit, JavaScript before the frame', weight(firstVisit(files)));
report('worker with what it needs to start', weight(workerFiles(files)));
report('terminal', weight(namesLike(/terminal-pane.*\.js$/)));
report('diagram', weight(namesLike(/diagram-pane.*\.js$/)));
report('editor', weight(namesLike(/code-editor.*\.js$/)));

const served = await serveFiles(files);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const begun = performance.now();
  await page.goto(`${served.url}?seed=7`);
  await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('$'));
  report('prompt after navigation', `${Math.round(performance.now() - begun)} ms`);
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  await page.evaluate(watchLongTasks);
  await page.getByRole('combobox', { name: 'Speed of time' }).selectOption({ index: 3 });
  await page.locator('.xterm-screen').click();
  await page.keyboard.type('kubectl create deployment big --image=nginx:1.27 --replicas=200');
  await page.keyboard.press('Enter');
  await page.keyboard.type('kubectl rollout status deployment big');
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => document.querySelector('.xterm-rows')?.textContent?.includes('successfully'),
    undefined,
    { timeout: 180_000 },
  );
  const tasks = await page.evaluate(() => performance.getEntriesByName('long task').map(({ duration }) => duration));
  const longest = Math.round(Math.max(0, ...tasks));
  report('tasks over 50 ms during the rollout', `${tasks.length}, the longest ${longest} ms`);
} finally {
  await browser.close();
  served.server.closeAllConnections();
  served.server.close();
}

/** Runs in the page: keeps every long task as a measure. */
function watchLongTasks(): void {
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      performance.measure('long task', { start: startTime, duration });
  }).observe({ entryTypes: ['longtask'] });
}

function namesLike(pattern: RegExp): readonly string[] {
  return [...files.keys()].filter((name) => pattern.test(name));
}

function firstVisit(all: Files): readonly string[] {
  return [...text(all, '/index.html').matchAll(/(?:src|href)="\.(\/[^"]+\.js)"/g)].map(([, path = '']) => path);
}

/** The worker's entry and all that it imports at once. */
function workerFiles(all: Files): readonly string[] {
  const found = new Set(namesLike(/session-worker-.*\.js$/));
  for (const name of found)
    for (const [, path = ''] of text(all, name).matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
      found.add(`/assets/${path}`);
  return [...found];
}

function weight(names: readonly string[]): string {
  const bytes = names.reduce((sum, name) => sum + gzipSync(text(files, name), { level: 9 }).length, 0);
  return `${Math.round(bytes / 1000)} kB gz`;
}

function text(all: Files, name: string): string {
  const file = all.get(name);
  return typeof file === 'string' ? file : new TextDecoder().decode(file);
}

function report(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(44)} ${value}\n`);
}
