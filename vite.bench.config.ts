import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

// Each benchmark as one program in dist/bench, so that what is measured is what ships.
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/bench',
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: readdirSync('test/bench')
        .filter((name) => name.endsWith('.bench.ts'))
        .map((name) => `test/bench/${name}`),
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
  ssr: { noExternal: true, external: ['ws', 'playwright-core', 'vite', 'quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'] },
});
