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

/** In capitals, as nothing on a restored screen is. */
async function readNotes(): Promise<void> {
  await visit.page.locator('.xterm-screen').click();
  await visit.type('kubectl get configmap kept -o name; tr a-z A-Z < notes.txt');
  await visit.shows('MILK');
  await visit.prompt();
}

test('a reloaded tab has its cluster, its files and its screen', async () => {
  await visit.run('kubectl run early --image=nginx; kubectl wait --for=condition=Ready pod early');
  await visit.run('kubectl delete pod early --now');
  await visit.type('kubectl create configmap kept --from-literal=a=b; echo milk > notes.txt');
  await visit.shows('configmap/kept created');
  await keptIn(visit.page, 'worlds', 'milk');
  await keptIn(visit.page, 'screens', 'configmap/kept created');
  await keptIn(visit.page, 'past', 'pods default/early: Started');
  await visit.page.reload();
  await visit.shows('as you left them');
  await visit.prompt();
  expect(await visit.page.locator('.xterm-rows').textContent()).toContain('configmap/kept');
  await readNotes();
});

test('what has been before the reload can be looked back at', async () => {
  const { page } = visit;
  expect(await page.locator('.pod', { hasText: 'early' }).count()).toBe(0);
  const slider = page.getByRole('slider', { name: 'Look back' });
  await slider.press('Home');
  for (let i = 0; i < 400 && (await page.locator('.pod', { hasText: 'early' }).count()) === 0; i++)
    await slider.press('ArrowRight');
  await page.locator('.pod', { hasText: 'early' }).waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.pod').length === 0);
  await page.locator('.xterm-helper-textarea').focus();
});

test('a link brings the same cluster about', async () => {
  await visit.page.getByRole('button', { name: 'Share', exact: true }).click();
  const link = visit.page.getByRole('textbox', { name: 'Link' });
  await visit.page.waitForFunction(() => document.querySelector<HTMLInputElement>('.dialog input')?.value);
  const url = await link.inputValue();
  await visit.page.goto('about:blank');
  await visit.page.goto(url);
  await visit.prompt();
  await readNotes();
});

test('a damaged link says so', async () => {
  await visit.page.goto('about:blank');
  await visit.page.goto(`${site.url}#share=abc`);
  await visit.page.getByText('This link is damaged.').waitFor();
});
