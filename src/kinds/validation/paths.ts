// Paths inside volumes and containers.
import { type FieldError, invalid, required } from '../../api/field-error.ts';
import { dns1123Subdomain, regexComplaint } from '../../api/names.ts';
import { complain } from './checks.ts';

/** Without `..`. */
export function noBacksteps(errors: FieldError[], field: string, path = ''): void {
  if (path.split('/').includes('..')) errors.push(invalid(field, path, "must not contain '..'"));
}

/** Relative, without `..`. */
export function descending(errors: FieldError[], field: string, path = ''): void {
  if (path.startsWith('/')) errors.push(invalid(field, path, 'must be a relative path'));
  noBacksteps(errors, field, path);
}

/** Relative, without `..`, and not beginning with two dots. */
export function nonReserved(errors: FieldError[], field: string, path = ''): void {
  descending(errors, field, path);
  if (path.startsWith('..') && !path.startsWith('../')) errors.push(invalid(field, path, "must not start with '..'"));
}

const pathText = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathShape = new RegExp(`^${pathText}$`);

/** A domain and a path, e.g. `acme.io/foo`. */
export function domainPrefixedPath(errors: FieldError[], field: string, text: string): void {
  if (text === '') return void errors.push(required(field));
  const slash = text.indexOf('/');
  const domain = text.slice(0, Math.max(slash, 0));
  const path = text.slice(slash + 1);
  if (domain === '' || path === '')
    return void errors.push(invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  complain(errors, field, domain, dns1123Subdomain(domain));
  if (!pathShape.test(path)) errors.push(invalid(field, path, regexComplaint('Invalid path', pathText)));
}

/** Whether an absolute path leads to `/`, by whatever way. */
export function isRoot(path: string): boolean {
  if (!path.startsWith('/')) return false;
  let depth = 0;
  for (const part of path.split('/'))
    if (part === '..') depth = Math.max(0, depth - 1);
    else if (part !== '' && part !== '.') depth++;
  return depth === 0;
}
