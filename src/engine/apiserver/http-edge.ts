// The API server as HTTP clients reach it.
export { serveHttp } from './http.ts';
export { connectUpgrade } from './upgrade.ts';
