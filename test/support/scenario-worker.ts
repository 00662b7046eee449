// The scenario in a Web Worker, begun as the page's worker begins: takes a seed, answers with what it made of it.
import { runScenario } from './scenario.ts';

declare const self: {
  onmessage: ((event: { readonly data: number }) => void) | null;
  postMessage(message: unknown): void;
};

self.onmessage = ({ data: seed }) => {
  runScenario(seed, true).then(
    (result) => self.postMessage(result),
    (error: unknown) =>
      self.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
};
