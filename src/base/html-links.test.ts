import { expect, test } from 'vitest';
import { rewriteLinks } from './html-links.ts';

const shout = (address: string): string => address.toUpperCase();

test.each([
  ['<a href="/x">/x</a>', '<a href="/X">/x</a>'],
  [`<A HREF='/x' class=y>x</A>`, '<a href="/X" class="y">x</A>'],
  ['<img src=/a.png />', '<img src="/A.PNG"/>'],
  ['<p title="/x">text</p>', '<p title="/x">text</p>'],
  ['<!-- <a href="/x"> -->', '<!-- <a href="/x"> -->'],
  [
    '<script src="/a.js">if (a<b) "<a href=\'/x\'>"</script>',
    '<script src="/A.JS">if (a<b) "<a href=\'/x\'>"</script>',
  ],
  ['<style>a > b {}</style>', '<style>a > b {}</style>'],
  ['<a href="/x?a=1&amp;b=2" disabled>', '<a href="/X?A=1&amp;B=2" disabled="">'],
  ['1 < 2 and <unfinished', '1 < 2 and <unfinished'],
  ['', ''],
])('%s', (html, expected) => {
  expect(rewriteLinks(html, shout)).toBe(expected);
});
