// What outlives a tab: the cluster, the files and the screen come back, and a link brings them about elsewhere.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keptIn, type Site, servePage, type Visit } from './support/page.ts';

let site: Site;
let visit: Visit;

beforeAll(async () => {
  site = await servePage();
  visit = await site.open('');
});

afterAll(() => site.close());

test('a reloaded tab has its cluster, its files and its screen', async () => {
  await visit.type('kubectl create configmap kept --from-literal=a=b; echo milk > notes.txt');
  await visit.shows('configmap/kept created');
  await keptIn(visit.page, 'worlds', 'milk');
  await keptIn(visit.page, 'screens', 'configmap/kept created');
  await visit.page.reload();
  await visit.shows('as you left them');
  await visit.prompt();
  expect(await visit.page.locator('.xterm-rows').textContent()).toContain('configmap/kept');
  await visit.type('kubectl get configmap kept -o name; cat notes.txt');
  await visit.shows('milk');
});

test('a link brings the same cluster about', async () => {
  await visit.page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = visit.page.getByRole('textbox', { name: 'Link' });
  await visit.page.waitForFunction(() => document.querySelector<HTMLInputElement>('.dialog input')?.value !== '');
  const url = await link.inputValue();
  await visit.page.goto('about:blank');
  await visit.page.goto(url);
  await visit.prompt();
  await visit.type('kubectl get configmap kept -o name; cat notes.txt');
  await visit.shows('milk');
});

test('a damaged link says so', async () => {
  await visit.page.goto('about:blank');
  await visit.page.goto(`${site.url}#share=abc`);
  await visit.page.getByText('This link is damaged.').waitFor();
});
