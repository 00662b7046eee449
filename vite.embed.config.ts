import { defineConfig } from 'vite';

// What other pages and programs take: the custom element that frames the page, and the cluster without a page.
export default defineConfig({
  build: {
    lib: { entry: { playground: 'src/embed/playground.ts', engine: 'src/embed/engine.ts' }, formats: ['es'] },
    outDir: 'dist/embed',
    target: 'es2022',
    rollupOptions: {
      external: ['quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'engine/[name]-[hash].js' },
    },
  },
});
