import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { lessonsPlugin } from './scripts/lessons-plugin.ts';

// The page: its frame first, terminal, diagram and inspector in chunks of their own, the cluster in a worker.
export default defineConfig({
  base: './',
  plugins: [react(), lessonsPlugin()],
  // What monaco-yaml is made of still says where Monaco's files were before 0.55.
  resolve: { alias: [{ find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' }] },
  optimizeDeps: { include: ['monaco-yaml > monaco-worker-manager', 'monaco-yaml > yaml'] },
  build: { outDir: 'dist/page', target: 'es2023', assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  worker: { format: 'es' },
});
