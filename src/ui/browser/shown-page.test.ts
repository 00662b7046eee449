// What an address answers, and what the browser makes of it.
import { describe, expect, test } from 'vitest';
import type { FetchedPage } from '../../api/desktop.ts';
import { addressOf, shownPage } from './shown-page.ts';

const answer = (contentType: string, body: string, status = 200): FetchedPage => ({
  kind: 'page',
  url: 'http://127.0.0.1:8181/',
  status,
  statusText: status === 200 ? 'OK' : 'Not Found',
  contentType,
  body,
  cut: false,
});

describe('a page', () => {
  test('of HTML is a document behind a policy that allows nothing but looks', () => {
    const shown = shownPage(answer('text/html; charset=utf-8', '<title>Shop</title><script>alert(1)</script>'));
    expect(shown).toMatchObject({ kind: 'document', title: 'Shop' });
    expect(shown.kind === 'document' && shown.html).toMatch(/^<!doctype html><meta [^>]*default-src 'none'/);
  });

  test('of JSON is laid out, of anything else shown as it is', () => {
    expect(shownPage(answer('application/json', '{"a":1}'))).toEqual({ kind: 'text', text: '{\n  "a": 1\n}' });
    expect(shownPage(answer('application/json', '{oops'))).toEqual({ kind: 'text', text: '{oops' });
    expect(shownPage(answer('text/plain', '<b>'))).toEqual({ kind: 'text', text: '<b>' });
  });

  test('that is an error without words gets the browser’s', () => {
    expect(shownPage(answer('text/html', '', 404))).toMatchObject({ kind: 'failure', code: 'HTTP ERROR 404' });
  });
});

test.each([
  ['127.0.0.1:8181', 'http://127.0.0.1:8181'],
  [' shop/cart ', 'http://shop/cart'],
  ['https://example.com', 'https://example.com'],
  ['', ''],
])('typed %j means %j', (typed, address) => {
  expect(addressOf(typed)).toBe(address);
});
