// Escapes of Go's url package.

/** Go's url.QueryEscape. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** Go's url.PathEscape, near enough: `$&+=:@` stay. */
export function escapePath(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(24|26|2B|3D|3A|40)/g, (found) => decodeURIComponent(found));
}
