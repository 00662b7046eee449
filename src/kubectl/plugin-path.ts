// Whether a path holds something that can be run.
import type { Process } from '../api/program.ts';

export function isExecutable(process: Process, path: string): boolean {
  if (!process.machine.files.exists(path)) return false;
  const node = process.machine.files.stat(path);
  return node.kind === 'file' && (node.mode & 0o111) !== 0;
}
