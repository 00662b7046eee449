// The editor when somebody else changes the same object meanwhile, on a phone, and after the page was closed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keptIn, type Site, servePage, type Visit } from './support/page.ts';

let site: Site;

beforeAll(async () => {
  site = await servePage();
});

afterAll(() => site.close());

/** Opens an object in the editor as `kubectl edit` would not: beside the terminal, which goes on. */
async function openEditor({ page }: Visit, name: string): Promise<void> {
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.getByRole('option', { name }).first().click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
}

/** Puts the cursor behind what a line says. */
async function endOfLine(page: Page, text: string): Promise<void> {
  await page.locator('.view-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}

async function backToTerminal({ page }: Visit): Promise<void> {
  await page.locator('.xterm-screen').click();
}

describe('somebody else has changed the object', () => {
  let visit: Visit;
  let page: Page;

  beforeAll(async () => {
    visit = await site.open('?seed=7');
    page = visit.page;
    await visit.run('kubectl create service clusterip shop --tcp=80:8080');
    await openEditor(visit, 'shop');
    await endOfLine(page, 'app: shop');
    await page.keyboard.type('\ntier: front');
    await page.getByText('service/shop •').waitFor({ state: 'attached' });
    await backToTerminal(visit);
    await visit.run('kubectl annotate service shop note=theirs');
    await page.locator('.view-line', { hasText: 'tier: front' }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Merge both' }).waitFor();
  });

  afterAll(() => page.context().close());

  test('nothing is found wrong with an object of the cluster', async () => {
    expect(await page.locator('.squiggly-warning, .squiggly-error').count()).toBe(0);
  });

  test('the server says so in its words, and both are shown', async () => {
    expect(await page.locator('.editor-actions').textContent()).toContain(
      'Operation cannot be fulfilled on services "shop": the object has been modified; ' +
        'please apply your changes to the latest version and try again',
    );
    await page.locator('.monaco-diff-editor').waitFor();
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await page.locator('.monaco-diff-editor .line-delete').first().waitFor();
  });

  test('both changes can be had', async () => {
    await page.getByRole('button', { name: 'Merge both' }).click();
    await page.getByText('Both changes are in.').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.locator('.editor-actions', { hasText: 'applied' }).waitFor();
    await backToTerminal(visit);
    await visit.run('clear');
    await visit.run(`kubectl get service shop -o jsonpath='{.metadata.labels.tier} and {.metadata.annotations.note}'`);
    await visit.shows('front and theirs');
  });

  test('one can win', async () => {
    await page.locator('.view-line', { hasText: 'tier: front' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type('-row');
    await backToTerminal(visit);
    await visit.run('kubectl label service shop tier=back --overwrite');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await page.locator('.view-line', { hasText: 'tier: back' }).click();
    await page.keyboard.press('End');
    await page.keyboard.type('-row');
    await backToTerminal(visit);
    await visit.run('kubectl label service shop tier=side --overwrite');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await page.locator('.editor-actions', { hasText: 'applied' }).waitFor();
    await backToTerminal(visit);
    await visit.run('clear');
    await visit.run('kubectl get service shop --show-labels');
    await visit.shows('tier=back-row');
    expect(visit.complaints).toEqual([]);
  });
});

test('a status that the kubelet has written is no conflict', async () => {
  const visit = await site.open('?seed=7');
  const { page } = visit;
  await visit.run('kubectl run web --image=nginx:1.27');
  await visit.run('kubectl wait --for=condition=Ready pod/web');
  await openEditor(visit, 'web');
  await endOfLine(page, 'run: web');
  await page.keyboard.type('\ntier: front');
  await backToTerminal(visit);
  await visit.run('kubectl exec web -- kill 1');
  await visit.run('kubectl wait --for=jsonpath="{.status.containerStatuses[0].restartCount}"=1 pod/web');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.editor-actions', { hasText: 'applied' }).waitFor();
  await backToTerminal(visit);
  await visit.run('kubectl get pod web -L tier');
  await visit.shows('front');
  await page.context().close();
});

test('a phone has a plain text field that keeps the indentation, and shows both sides of a conflict', async () => {
  const visit = await site.open('?seed=7', { viewport: { width: 390, height: 844 } });
  const { page } = visit;
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name, exact: true }).click();
  await visit.run('kubectl create service clusterip shop --tcp=80:8080');
  await tab('YAML');
  await page.getByRole('button', { name: 'New YAML' }).click();
  const field = page.getByLabel('YAML of new.yaml');
  await field.fill('apiVersion: v1\nkind: ConfigMap\nmetadata:');
  await field.press('End');
  await field.press('Enter');
  await field.pressSequentially('name: notes');
  expect(await field.inputValue()).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: notes');
  expect(await page.locator('.monaco-editor').count()).toBe(0);
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('configmap/notes created').waitFor();

  await page.getByRole('button', { name: 'Find' }).click();
  await page.keyboard.type('shop');
  await page.getByRole('option', { name: 'shop' }).first().click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const object = page.getByLabel('YAML of service/shop');
  await object.fill((await object.inputValue()).replace('app: shop', 'app: shop\n    tier: front'));
  await tab('Terminal');
  await backToTerminal(visit);
  await visit.run('kubectl annotate service shop note=theirs');
  await tab('YAML');
  await page.getByRole('button', { name: 'Apply' }).click();
  expect(await page.getByLabel('What the cluster has').inputValue()).toContain('note: theirs');
  await page.getByRole('button', { name: 'Merge both' }).click();
  expect(await object.inputValue()).toMatch(/note: theirs[\s\S]*tier: front/);
  await page.context().close();
});

test('what is not applied yet comes back with its world', async () => {
  const visit = await site.open('');
  const { page } = visit;
  await visit.run('echo "kind: Pod" > pod.yaml');
  await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'YAML' }).click();
  await page.getByRole('button', { name: 'New YAML' }).click();
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# half a thought\n');
  await keptIn(page, 'documents', 'half a thought');
  await keptIn(page, 'screens', 'pod.yaml');
  await keptIn(page, 'worlds', 'pod.yaml');
  await page.reload();
  await page.locator('.view-line', { hasText: 'half a thought' }).waitFor();
  await page.getByRole('button', { name: 'New YAML' }).click();
  expect(await page.getByLabel('Document').locator('option').allTextContents()).toEqual(['new.yaml •', 'new-2.yaml']);
  await page.context().close();
});
