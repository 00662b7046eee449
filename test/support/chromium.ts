// Runs a module of ours in a Web Worker of a headless Chromium, bundled as the page would be.
import { createServer, type Server } from 'node:http';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export type Files = ReadonlyMap<string, string | Uint8Array>;

const contentTypes = new Map([
  ['js', 'text/javascript'],
  ['css', 'text/css'],
  ['woff2', 'font/woff2'],
  ['wasm', 'application/wasm'],
]);

export interface WorkerHost {
  /** Sends one message to a new worker; resolves with its first answer. */
  ask(message: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: quietFlags });
}

/** `entry`: path of the worker's module. */
export async function workerInChromium(entry: string): Promise<WorkerHost> {
  const server = await serveFiles(await bundle(entry));
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(server.url);
  return {
    ask: (message) =>
      page.evaluate(
        (sent) =>
          new Promise<unknown>((resolve, reject) => {
            const worker = new Worker('/worker.js', { type: 'module' });
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message: problem }) => reject(new Error(`worker: ${problem}`));
            worker.postMessage(sent);
          }),
        message,
      ),
    stop: async () => {
      await browser.close();
      server.server.closeAllConnections();
      server.server.close();
    },
  };
}

async function bundle(entry: string): Promise<Files> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      modulePreload: false,
      rollupOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'worker.js', chunkFileNames: '[name]-[hash].js', format: 'es' },
      },
    },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const files = new Map<string, string | Uint8Array>();
  for (const output of outputs) {
    if (!('output' in output)) throw new Error('the bundler watches instead of building');
    for (const file of output.output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
  }
  return files;
}

/** Serves files on loopback; the root is index.html, or an empty page. */
export async function serveFiles(files: Files): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '/';
    const file = files.get(path === '/' ? '/index.html' : path);
    const type = contentTypes.get(path.split('.').at(-1) ?? '') ?? 'text/html';
    response.writeHead(file === undefined && path !== '/' ? 404 : 200, { 'content-type': type });
    response.end(file ?? '<!doctype html><title>worker</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/` };
}
