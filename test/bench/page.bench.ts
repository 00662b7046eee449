// The page in numbers: what the first visit and the worker weigh, when the prompt is there, and whether anything blocks
// the page while 200 pods roll out at ten times the speed.
import { buildPage } from '../support/build-page.ts';
import { launchChromium, serveFiles } from '../support/chromium.ts';
import { firstVisit, gzippedBytes, namesLike, withImports } from '../support/page-weight.ts';

const files = buildPage();
const worker = withImports(files, /session-worker-.*\.js$/);
const firstCommand = withImports(files, /(session-worker|kubectl-program|\/get)-.*\.js$/);
report('first visit, JavaScript before the frame', weight(firstVisit(files)));
report('worker, before the prompt', weight(worker));
report('worker, for kubectl get nodes', weight(firstCommand));
report('terminal', weight(namesLike(files, /terminal-pane.*\.js$/)));
report('diagram', weight(namesLike(files, /diagram-pane.*\.js$/)));
report('editor', weight(namesLike(files, /code-editor.*\.js$/)));

const served = await serveFiles(files);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const begun = performance.now();
  await page.goto(`${served.url}?seed=7`);
  await page.waitForFunction(() => document.querySelector('.xterm-rows')?.textContent?.includes('$'));
  report('prompt after navigation', `${Math.round(performance.now() - begun)} ms`);
  // First idle: what comes after the prompt is there too.
  await page.waitForTimeout(6000);
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

function weight(names: readonly string[]): string {
  return `${Math.round(gzippedBytes(files, names) / 1000)} kB gz`;
}

function report(what: string, value: string): void {
  process.stdout.write(`${what.padEnd(44)} ${value}\n`);
}
