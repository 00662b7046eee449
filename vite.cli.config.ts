import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// The command line program: one entry, code that a command does not need stays in chunks of its own.
export default defineConfig({
  // The package's ES modules, of which unused ones can be left out; its Node build is CommonJS, taken whole.
  resolve: {
    alias: [
      { find: /^yaml$/, replacement: fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url)) },
    ],
  },
  build: {
    ssr: 'src/cli/tabernetes.ts',
    outDir: 'dist/cli',
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' } },
  },
  ssr: { noExternal: true, external: ['ws', 'quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'] },
});
