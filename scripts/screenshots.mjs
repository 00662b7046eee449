// Renews docs/screenshots: builds the page, plays small scenes in a headless Chromium, and takes a picture of each.
// Words on the command line choose scenes: `node scripts/screenshots.mjs trace why`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const sizes = { 1440: [1440, 900], 1024: [1024, 768], 390: [390, 844] };
const wanted = process.argv.slice(2);

/** Each: which pictures it gives, the address it begins at, and what is done before. */
const scenes = [
  { name: '', shots: ['1440-dark', '1440-light', '1024-dark', '1024-light', '390-dark', '390-light'], play: overview },
  { name: 'why', shots: ['1440-dark', '390-dark'], play: why },
  { name: 'trace', shots: ['1440-light', '1024-dark', '390-dark'], play: trace },
  { name: 'conflict', shots: ['1440-light'], play: conflict },
  { name: 'lesson', shots: ['390-dark', '390-light'], query: '&lesson=run-it', play: lesson },
  { name: 'browser', shots: ['1440-dark', '1440-light'], query: '&lesson=expose-it', play: browser },
  { name: 'dashboard', shots: ['1440-dark', '1440-light'], query: '&lesson=expose-it', play: dashboard },
];

async function overview({ page, run }) {
  await run('kubectl create deployment web --image=nginx:1.27 --replicas=4 && kubectl expose deployment web --port=80');
  await run('kubectl create deployment shop --image=nodejs-app');
  await page.locator('.pod.is-failing').waitFor({ state: 'attached' });
  await run('clear');
  await run('kubectl get pods');
}

async function why({ page, run, tab }) {
  await run('kubectl create deployment first-app --image=nodejs-app');
  await tab('Map');
  await page.locator('.pod.is-failing').click();
  await page.locator('.why-sentence').waitFor();
}

async function trace({ page, run }) {
  await run('kubectl create deployment first-app --image=nodejs-app');
  await page.locator('.trace-mark button').first().click();
  await page.locator('.story-row button', { hasText: /choose/ }).click();
}

async function conflict({ page, run }) {
  await run('kubectl create service clusterip shop --tcp=80:8080');
  await page.locator('.service', { hasText: 'shop' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.locator('.view-line', { hasText: 'app: shop' }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.type('\ntier: front');
  await page.locator('.xterm-screen').click();
  await run('kubectl annotate service shop note=theirs');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.monaco-diff-editor .line-delete').first().waitFor();
}

async function lesson({ page }) {
  await page.locator('.checks').waitFor();
}

async function browser({ page, run, type }) {
  await run('kubectl expose deployment first-app --type=NodePort --port=8181');
  await type('minikube service first-app');
  await page.frameLocator('.browser iframe').getByText('Hello').waitFor();
}

async function dashboard({ page, type }) {
  await type('minikube dashboard');
  await page.locator('.dashboard td').first().waitFor();
}

/** The keyboard of a visit, and the tabs of a phone. */
function visitor(page, phone) {
  const type = async (line) => {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  };
  const prompt = () =>
    page.waitForFunction(() => {
      const rows = Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent ?? '');
      const last = rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).findLast((row) => row !== '');
      return last?.endsWith('$');
    });
  const tab = async (name) => {
    if (phone) await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name }).click();
  };
  const run = async (line) => {
    await type(line);
    await page.waitForTimeout(300);
    await prompt();
  };
  return { page, type, prompt, tab, run };
}

async function shoot(chrome, url, { name, query = '', play }, shot) {
  const [width, colorScheme] = shot.split('-');
  const [, height] = sizes[width];
  const phone = width === '390';
  const viewport = { width: Number(width), height };
  const context = await chrome.newContext({ viewport, colorScheme, hasTouch: phone, isMobile: phone });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${url}?seed=7${query}`);
  const visit = visitor(page, phone);
  if (!phone || query === '') await visit.prompt();
  await play(visit);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(2000); // what was asked for has come to rest
  const file = `${name === '' ? '' : `${name}-`}${shot}.png`;
  await page.screenshot({ path: join(root, 'docs/screenshots', file) });
  await context.close();
  process.stdout.write(`${file}\n`);
}

const vite = join(root, 'node_modules/vite/bin/vite.js');
spawnSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, stdio: 'inherit' });
const server = await preview({ root, preview: { host: '127.0.0.1', port: 0 } });
const chrome = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const scene of scenes.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const shot of scene.shots) await shoot(chrome, server.resolvedUrls.local[0], scene, shot);
}
await chrome.close();
await server.close();
