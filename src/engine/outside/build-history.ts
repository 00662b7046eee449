// What `docker history` tells of the instructions that made an image.
import type { BuildInstruction, HistoryLayer } from '../../api/docker.ts';
import type { TreeNode } from '../../base/files.ts';

export function historyLayer(
  instruction: BuildInstruction,
  { createdAt, sizeBytes }: { readonly createdAt: number; readonly sizeBytes: number },
): HistoryLayer {
  return { createdAt, createdBy: createdBy(instruction), sizeBytes, comment: 'buildkit.dockerfile.v0' };
}

function createdBy({ name, words, isJson, text }: BuildInstruction): string {
  const rest = text.replace(/^\S+\s+/, '');
  const list = (all: readonly string[]): string => `[${all.map((word) => JSON.stringify(word)).join(' ')}]`;
  switch (name) {
    case 'RUN':
      return `RUN ${isJson ? words.join(' ') : `/bin/sh -c ${rest}`} # buildkit`;
    case 'COPY':
    case 'ADD':
      return `${text} # buildkit`;
    case 'CMD':
    case 'ENTRYPOINT':
      return `${name} ${list(isJson ? words : ['/bin/sh', '-c', rest])}`;
    case 'EXPOSE':
      return `EXPOSE ${words.map((port) => `map[${port.includes('/') ? port : `${port}/tcp`}:{}]`).join(' ')}`;
    case 'VOLUME':
      return `VOLUME [${words.join(' ')}]`;
    default:
      return text;
  }
}

export function bytesIn(node: TreeNode): number {
  if (node.kind === 'file') return node.content.length;
  let sum = 0;
  if (node.kind === 'directory') for (const child of node.entries.values()) sum += bytesIn(child);
  return sum;
}
