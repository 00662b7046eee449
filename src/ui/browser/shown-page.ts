// What the browser pane shows of what an address answered: a document in a frame that can do nothing, or text.
import type { FetchedPage } from '../../api/desktop.ts';

export type ShownPage =
  | { readonly kind: 'document'; readonly html: string; readonly title: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failure'; readonly title: string; readonly message: string; readonly code: string };

/**
 * No scripts, no network, no forms: the frame is sandboxed, and this policy is the second lock. The page's own policy
 * is the third.
 */
const policy =
  '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'; img-src data:">';
const style = '<style>html{background:#fff;color:#000;color-scheme:light}body{font:16px/1.4 serif}</style>';

export function shownPage(page: FetchedPage): ShownPage {
  if (page.kind === 'failed')
    return { kind: 'failure', title: 'This site can’t be reached', message: page.message, code: page.code };
  if (page.status >= 400 && page.body.trim() === '')
    return {
      kind: 'failure',
      title: 'This page isn’t working',
      message: `The server answered with ${page.status} ${page.statusText}.`,
      code: `HTTP ERROR ${page.status}`,
    };
  if (/^text\/html\b|^application\/xhtml\+xml\b/i.test(page.contentType))
    return { kind: 'document', html: `<!doctype html>${policy}${style}${page.body}`, title: titleOf(page.body) };
  return { kind: 'text', text: readable(page) };
}

/** What a person types, as the address that it means. */
export function addressOf(typed: string): string {
  const text = typed.trim();
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text === '' ? text : `http://${text}`;
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(html)?.[1] ?? '';
  return title.trim().slice(0, 100);
}

function readable({ body, contentType }: Extract<FetchedPage, { readonly kind: 'page' }>): string {
  if (!/\bjson\b/i.test(contentType)) return body;
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body; // shown as it came
  }
}
