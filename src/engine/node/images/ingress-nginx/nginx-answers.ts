// What nginx itself answers: its pages for errors and redirects.
import { type HttpReply, statusText } from '../../../../base/http.ts';

/** Where nginx has words of its own. */
const titles: Readonly<Record<number, string>> = {
  302: 'Moved Temporarily',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

export function errorAnswer(status: number): HttpReply {
  return { status, statusText: titleOf(status), headers: { 'Content-Type': 'text/html' }, body: page(status) };
}

export function redirectAnswer(status: number, location: string): HttpReply {
  const { headers, ...rest } = errorAnswer(status);
  return { ...rest, headers: { ...headers, Location: location } };
}

function page(status: number): string {
  const title = `${status} ${titleOf(status)}`;
  const lines = ['<html>', `<head><title>${title}</title></head>`, '<body>', `<center><h1>${title}</h1></center>`];
  return `${[...lines, '<hr><center>nginx</center>', '</body>', '</html>'].join('\r\n')}\r\n`;
}

function titleOf(status: number): string {
  return titles[status] ?? statusText(status);
}
