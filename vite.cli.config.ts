import { defineConfig } from 'vite';

// The command line program: one entry, code that a command does not need stays in chunks of its own.
export default defineConfig({
  build: {
    ssr: 'src/cli/tabernetes.ts',
    outDir: 'dist/cli',
    target: 'node20',
    minify: false,
    rollupOptions: { output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' } },
  },
  ssr: { noExternal: true, external: ['ws', 'quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'] },
});
