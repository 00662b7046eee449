// A playground inside of a page of another origin: what it shows, what it does for that page, and for no other.
import type { Server } from 'node:http';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage } from './support/build-page.ts';
import { serveFiles } from './support/chromium.ts';
import { type Site, servePage } from './support/page.ts';

let site: Site;
/** The page around, and one that has nothing to do with either: each a port, so an origin, of its own. */
let docs: { readonly server: Server; readonly url: string };
let stranger: { readonly server: Server; readonly url: string };

beforeAll(async () => {
  site = await servePage();
  const script = buildPage('vite.embed.config.ts').get('/playground.js') ?? '';
  docs = await serveFiles(new Map([['/playground.js', script]]));
  stranger = await serveFiles(new Map());
});

afterAll(async () => {
  await site.close();
  for (const { server } of [docs, stranger]) {
    server.closeAllConnections();
    server.close();
  }
});

/** A docs page with one playground of 600 by 400; resolves once it is ready. */
async function embed(attributes: string): Promise<{ readonly page: Page; readonly frame: FrameLocator }> {
  const page = await site.browser.newPage({ viewport: { width: 900, height: 700 } });
  page.setDefaultTimeout(30_000);
  await page.goto(docs.url);
  await page.setContent(`
    <h1>How to run an app</h1>
    <input aria-label="Search the docs" autofocus>
    <tabernetes-playground src="${site.url}" seed="7" style="width: 600px; height: 400px" ${attributes}>
    </tabernetes-playground>
    <script>
      const heard = [];
      for (const name of ['ready', 'ran', 'progress'])
        addEventListener('tabernetes-' + name, ({ detail }) => heard.push([name, detail]));
    </script>
    <script type="module" src="${docs.url}playground.js"></script>`);
  await heard(page, 'ready');
  return { page, frame: page.frameLocator('tabernetes-playground iframe') };
}

/** Waits for an event of the element that contains a text. */
async function heard(page: Page, text: string): Promise<void> {
  await page.waitForFunction(`heard.some((event) => JSON.stringify(event).includes(${JSON.stringify(text)}))`);
}

function run(page: Page, command: string): Promise<unknown> {
  return page.evaluate(`document.querySelector('tabernetes-playground').run(${JSON.stringify(command)})`);
}

async function panes(frame: FrameLocator): Promise<readonly string[]> {
  return frame.locator('.pane:visible').evaluateAll((all) => all.map((pane) => pane.ariaLabel ?? ''));
}

describe('what shows', () => {
  test('only the panes that were asked for, with nothing around them', async () => {
    const { page, frame } = await embed('panes="terminal" theme="light"');
    expect(await panes(frame)).toEqual(['Terminal']);
    expect(await frame.locator('.header, .rail, .tabs, .strip, .key-row').count()).toBe(0);
    expect(await frame.locator('html').getAttribute('data-theme')).toBe('light');
    const { width, height } = (await frame.locator('.terminal-place').boundingBox()) ?? { width: 0, height: 0 };
    expect(width).toBeGreaterThan(570);
    expect(height).toBeGreaterThan(380);
    await page.close();
  });

  test('in a small frame several panes are tabs, in a wide one they stand side by side', async () => {
    const { page, frame } = await embed('panes="diagram,terminal"');
    expect(await panes(frame)).toEqual(['Terminal']);
    await frame.getByRole('button', { name: 'Map' }).click();
    expect(await panes(frame)).toEqual(['Diagram']);
    expect(await frame.locator('.tabs button').allTextContents()).toEqual(['Terminal', 'Map']);
    await page.locator('tabernetes-playground').evaluate((one) => one.setAttribute('style', 'width: 860px'));
    await frame.locator('.wide').waitFor();
    expect(await panes(frame)).toEqual(['Diagram', 'Terminal']);
    await page.close();
  });

  test('the focus stays in the page around', async () => {
    const { page } = await embed('panes="terminal"');
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Search the docs');
    await page.close();
  });
});

describe('what the page around may ask for', () => {
  test('commands run in the terminal, or behind the scenes', async () => {
    const { page, frame } = await embed('panes="terminal"');
    expect(await run(page, 'kubectl create configmap menu --from-literal=drink=milk')).toEqual({
      exitCode: 0,
      output: 'configmap/menu created\r\n',
    });
    await frame.locator('.xterm-rows', { hasText: 'configmap/menu created' }).waitFor();
    expect(await Promise.all([run(page, 'echo one\necho two'), run(page, 'false')])).toEqual([
      { exitCode: 0, output: 'one\r\ntwo\r\n' },
      { exitCode: 1, output: '' },
    ]);
    await heard(page, '["ran",{"line":"false","exitCode":1}]');
    await page.close();

    const { page: other, frame: map } = await embed('panes="diagram"');
    await run(other, 'kubectl create deployment web --image=nginx:1.27');
    await map.locator('.pod.is-running').waitFor();
    expect(await run(other, 'kubectl get pod none')).toMatchObject({ exitCode: 1 });
    expect(await panes(map)).toEqual(['Diagram']);
    await other.close();
  });

  test('a command put into the prompt waits for Enter', async () => {
    const { page, frame } = await embed('panes="terminal"');
    await page.evaluate(`document.querySelector('tabernetes-playground').insert('echo "by hand"')`);
    await frame.locator('.xterm-rows', { hasText: 'by hand' }).waitFor();
    expect(await page.evaluate('heard.filter(([name]) => name === "ran")')).toEqual([]);
    await page.keyboard.press('Enter');
    await heard(page, 'by hand');
    await page.close();
  });

  test('YAML opens in the editor, and the theme changes without a new cluster', async () => {
    const { page, frame } = await embed('panes="terminal" theme="dark"');
    await run(page, 'touch kept');
    await page.evaluate(`document.querySelector('tabernetes-playground').load('kind: Pod # yours to finish')`);
    await frame.getByLabel('YAML of new.yaml').waitFor();
    expect(await frame.getByLabel('YAML of new.yaml').inputValue()).toBe('kind: Pod # yours to finish');
    await page.locator('tabernetes-playground').evaluate((one) => one.setAttribute('theme', 'light'));
    await frame.locator('html[data-theme=light]').waitFor();
    expect(await run(page, 'ls kept')).toEqual({ exitCode: 0, output: 'kept\r\n' });
    await page.close();
  });

  test('a lesson tells how far it has come', async () => {
    const { page } = await embed('lesson="run-it"');
    await heard(page, '"done":0');
    await run(page, 'kubectl create deployment first-app --image=ada/nodejs-app');
    await heard(page, '"done":1');
    await page.close();
  });
});

describe('what nobody else may', () => {
  test('messages of another window are ignored, and so is what makes no sense', async () => {
    const { page, frame } = await embed('panes="terminal"');
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    // A frame beside the playground posts into it what the page around might post.
    await page.evaluate((url) => {
      const beside = document.createElement('iframe');
      beside.src = url;
      beside.name = 'stranger';
      const loaded = new Promise((resolve) => beside.addEventListener('load', resolve));
      document.body.append(beside);
      return loaded;
    }, stranger.url);
    const forged = { tabernetes: 1, kind: 'run', id: 1, command: 'touch forged' };
    await page.frame('stranger')?.evaluate((message) => {
      for (let i = 0; i < (parent.length ?? 0); i++) parent.frames[i]?.postMessage(message, '*');
    }, forged);
    // What the page around posts itself is heard, unless it is no message.
    await page.evaluate(
      (messages) => {
        for (const message of messages) window.frames[0]?.postMessage(message, '*');
      },
      [null, 'run', { ...forged, tabernetes: 3 }, { ...forged, command: 7 }, { ...forged, command: 'touch a\rrm a' }],
    );
    expect(await run(page, 'ls')).toEqual({ exitCode: 0, output: 'sample-nodejs-app\r\n' });
    expect(await frame.locator('.fault').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a frame whose address names another origin tells this one nothing', async () => {
    const page = await site.browser.newPage();
    await page.goto(docs.url);
    await page.setContent(`
      <script>const heard = []; addEventListener('message', ({ data }) => heard.push(data));</script>
      <iframe name="framed" src="${site.url}?embed=1&panes=terminal&origin=${encodeURIComponent(stranger.url)}"></iframe>`);
    await page.frameLocator('iframe').locator('.xterm-rows', { hasText: '$' }).waitFor();
    await page.evaluate(
      `frames[0].postMessage({ tabernetes: 1, kind: 'insert', command: 'forged' }, '*');
       frames[0].postMessage({ tabernetes: 1, kind: 'run', id: 1, command: 'echo forged' }, '*')`,
    );
    await page.frameLocator('iframe').locator('.xterm-screen').click();
    await page.keyboard.type('echo own');
    await page.keyboard.press('Enter');
    await page.frameLocator('iframe').locator('.xterm-rows', { hasText: 'echo own' }).waitFor();
    expect(await page.frameLocator('iframe').locator('.xterm-rows').textContent()).not.toContain('forged');
    expect(await page.evaluate('heard')).toEqual([]);
    await page.close();
  });
});
