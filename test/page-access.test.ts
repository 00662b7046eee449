// Nobody is kept out: axe finds no violation in any pane, in either theme, on a desktop and on a phone; keys reach all
// that a mouse does; and who asks for less motion gets none.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, servePage, type Visit, violations } from './support/page.ts';

let site: Site;

beforeAll(async () => {
  site = await servePage();
});

afterAll(() => site.close());

/** The policy of the page keeps foreign code out; a test's is let in. */
const withAxe = { bypassCSP: true } as const;
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

async function busyCluster({ page, run }: Visit): Promise<void> {
  await run('kubectl create deployment web --image=nginx:1.27; kubectl create deployment no --image=nodejs-app');
  await run('kubectl expose deployment web --port=80');
  await run('kubectl rollout status deployment/web');
  await page.locator('.pod.is-failing').first().waitFor({ state: 'attached' });
}

function pane(page: Page, name: string): Promise<void> {
  return page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name, exact: true }).click();
}

/** Something that the palette finds. */
async function find(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: 'Find' }).click();
  await page.keyboard.type(label);
  await page.getByRole('option', { name: label }).first().click();
}

/** What the inspector shows of the failing pod, tab by tab. */
async function inspector(page: Page): Promise<Record<string, readonly string[]>> {
  await page.locator('.pod.is-failing').first().click();
  await page.locator('.why-sentence').waitFor();
  const found: Record<string, readonly string[]> = { why: await violations(page, '[data-pane=inspector]') };
  for (const [tab, shows] of [
    ['YAML', 'kind: Pod'],
    ['Describe', 'Controlled By:'],
    ['Events', 'Scheduled'],
    ['Logs', 'waiting to start'],
  ] as const) {
    await page.locator('.segments').getByRole('button', { name: tab }).click();
    await page.locator('.inspector-body', { hasText: shows }).waitFor();
    found[tab] = await violations(page, '[data-pane=inspector]');
  }
  return found;
}

async function trace(page: Page): Promise<Record<string, readonly string[]>> {
  const commands = await violations(page, '[data-pane=trace]');
  await page.locator('.command-list button').last().click();
  await page.locator('.story-row button').nth(2).click();
  await page.locator('.part-sentence').first().waitFor();
  return { commands, story: await violations(page, '[data-pane=trace]') };
}

/** Axe takes its time. */
const longMs = 180_000;

const none = (found: Record<string, readonly string[]>): Record<string, readonly string[]> =>
  Object.fromEntries(Object.keys(found).map((name) => [name, []]));

describe.each(['dark', 'light'] as const)('in the %s theme', (colorScheme) => {
  test(
    'every pane beside the others',
    async () => {
      const visit = await site.open('?seed=7', { ...withAxe, colorScheme });
      const { page } = visit;
      await busyCluster(visit);
      const found: Record<string, readonly string[]> = { page: await violations(page), ...(await inspector(page)) };
      await page.getByRole('button', { name: 'List' }).click();
      found.list = await violations(page, '[data-pane=diagram]');
      await page.getByRole('button', { name: 'Map' }).click();
      await page.getByRole('slider', { name: 'Look back' }).press('ArrowLeft');
      found.timeline = await violations(page, '.strip');
      await page.getByRole('button', { name: 'Back to now' }).click();
      await pane(page, 'YAML');
      found.noDocument = await violations(page, '[data-pane=editor]');
      await page.getByRole('button', { name: 'New YAML' }).click();
      await page.locator('.monaco-editor .view-line').first().waitFor();
      found.editor = await violations(page, '[data-pane=editor]');
      await pane(page, 'Trace');
      Object.assign(found, await trace(page));
      await find(page, 'Open the dashboard');
      await page.locator('.dashboard td').first().waitFor();
      found.dashboard = await violations(page, '[data-pane=dashboard]');
      await find(page, 'Open the browser');
      await page.getByLabel('Address').fill('127.0.0.1:1');
      await page.keyboard.press('Enter');
      await page.locator('.browser-failure').waitFor();
      found.browser = await violations(page, '[data-pane=browser]');
      expect(found).toEqual(none(found));
      await page.context().close();
    },
    longMs,
  );

  test('what lies over the page, and a second terminal', async () => {
    const visit = await site.open('?seed=7', { ...withAxe, colorScheme });
    const { page } = visit;
    const found: Record<string, readonly string[]> = {};
    await page.getByRole('button', { name: 'New terminal' }).click();
    await page.keyboard.press('Control+Shift+F');
    await page.getByLabel('Search the screen').fill('nowhere');
    await page.getByText('not there').waitFor();
    found.search = await violations(page, '[data-pane=terminal]');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('.palette [role=option]').first().waitFor();
    found.palette = await violations(page, '.palette');
    await page.keyboard.type('nothing like it');
    found.emptyPalette = await violations(page, '.palette');
    await page.keyboard.press('Escape');
    for (const name of ['Help', 'Share']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.locator('dialog[open]').waitFor();
      found[name] = await violations(page, 'dialog');
      await page.keyboard.press('Escape');
    }
    expect(found).toEqual(none(found));
    await page.context().close();
  });

  test('a lesson', async () => {
    const { page } = await site.open('?seed=7&lesson=run-it', { ...withAxe, colorScheme });
    await page.locator('.checks').waitFor();
    await page.getByRole('button', { name: 'Give me a hint' }).click();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  test(
    'a phone',
    async () => {
      const visit = await site.open('?seed=7', { ...withAxe, ...phone, colorScheme });
      const { page } = visit;
      await busyCluster(visit);
      const found: Record<string, readonly string[]> = {};
      for (const tab of ['Lesson', 'Terminal', 'YAML', 'Map']) {
        await pane(page, tab);
        await page.locator('.pane:visible').first().waitFor();
        found[tab] = await violations(page);
      }
      Object.assign(found, await inspector(page));
      await page.getByRole('tab', { name: 'Trace' }).click();
      Object.assign(found, await trace(page));
      await page.getByRole('button', { name: 'Find' }).click();
      found.palette = await violations(page, '.palette');
      expect(found).toEqual(none(found));
      await page.context().close();
    },
    longMs,
  );
});

test(
  'the tabulator reaches everything that can be pressed',
  async () => {
    const visit = await site.open('?seed=7');
    const { page } = visit;
    await busyCluster(visit);
    await page.locator('.pod.is-failing').first().click();
    await page.locator('.why-sentence').waitFor();
    await page.getByRole('slider', { name: 'Look back' }).focus();
    // Backwards: in the terminal, the tabulator itself completes words.
    for (let i = 0; i < 150; i++) {
      await page.keyboard.press('Shift+Tab');
      await page.evaluate(() => document.activeElement?.setAttribute('data-reached', ''));
    }
    const left = await page.evaluate(() =>
      Array.from(document.querySelectorAll<HTMLElement>('button, a[href], input, select, textarea, [tabindex="0"]'))
        .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.tabIndex >= 0)
        .filter((one) => !one.matches(':disabled, [data-reached], [aria-hidden=true] *'))
        .map((one) => one.outerHTML.slice(0, 120)),
    );
    expect(left).toEqual([]);
    await page.context().close();
  },
  longMs,
);

test('F6 goes from pane to pane, and out of the terminal', async () => {
  const { page } = await site.open('?seed=7');
  const seen: string[] = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('F6');
    seen.push(await page.evaluate(() => document.activeElement?.closest('[data-pane]')?.ariaLabel ?? 'none'));
  }
  expect(seen).toEqual(['Timeline', 'Lesson', 'Diagram', 'Terminal']);
  await page.context().close();
});

test('who asks for less motion sees ways light up, and nothing move', async () => {
  const visit = await site.open('?seed=7', { reducedMotion: 'reduce' });
  const { page } = visit;
  await visit.type('kubectl create deployment web --image=nginx:1.27 --replicas=3');
  const moving = await page.evaluate(async () => {
    const seen = new Set<string>();
    for (const until = performance.now() + 3000; performance.now() < until; ) {
      await new Promise(requestAnimationFrame);
      for (const { effect } of document.getAnimations()) {
        if (!(effect instanceof KeyframeEffect) || effect.getComputedTiming().duration === 0) continue;
        const changed = effect.getKeyframes().flatMap((frame) => Object.keys(frame));
        const moves = changed.filter((name) => !['offset', 'computedOffset', 'easing', 'composite'].includes(name));
        for (const name of moves)
          if (name !== 'opacity') seen.add(`${name} of ${effect.target?.outerHTML.slice(0, 80)}`);
      }
    }
    return [...seen];
  });
  expect(moving).toEqual([]);
  await page.locator('.pod.is-running').nth(2).waitFor();
  await page.context().close();
});
