// The files that `kubectl proxy --www` serves, as Go's file server does: index.html or a list for a directory.
import { FileError, type FileTree } from '../../../base/files.ts';
import type { HttpReply } from '../../../base/http.ts';

export function fileReply(files: FileTree, path: string): HttpReply {
  try {
    if (files.stat(path).kind !== 'directory') return { status: 200, body: files.readFile(path) };
    if (files.exists(`${path}/index.html`))
      return { status: 200, headers: html, body: files.readFile(`${path}/index.html`) };
    return { status: 200, headers: html, body: listing(files, path) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };
  }
}

const html = { 'content-type': 'text/html; charset=utf-8' };

function listing(files: FileTree, path: string): string {
  const lines = files.list(path).map((name) => {
    const shown = files.statLink(`${path}/${name}`).kind === 'directory' ? `${name}/` : name;
    return `<a href="${encodeURI(shown)}">${escaped(shown)}</a>\n`;
  });
  return `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join('')}</pre>\n`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
