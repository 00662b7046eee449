// node's http and a small express, in JavaScript, over the requests that the machine hands in.

export const httpSource = String.raw`
const EventEmitter = builtins.events;
const servers = new Map();
let lastServer = 0;

class IncomingMessage extends EventEmitter {
  constructor({ method, url, headers, body, ip }) {
    super();
    Object.assign(this, { method, url, headers, httpVersion: '1.1', socket: { remoteAddress: ip }, complete: true });
    this.text = body;
  }
  get connection() { return this.socket; }
  setEncoding() { return this; }
  on(name, run) {
    super.on(name, run);
    if (name === 'end') queueMicrotask(() => { if (this.text) this.emit('data', this.text); this.emit('end'); });
    return this;
  }
  async *[Symbol.asyncIterator]() { if (this.text) yield this.text; }
}

class ServerResponse extends EventEmitter {
  constructor(id, request) {
    super();
    Object.assign(this, { id, req: request, statusCode: 200, statusMessage: undefined, headersSent: false, writableEnded: false });
    this.named = {};
    this.pieces = [];
  }
  setHeader(name, value) { this.named[String(name).toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value); return this; }
  getHeader(name) { return this.named[String(name).toLowerCase()]; }
  getHeaders() { return { ...this.named }; }
  hasHeader(name) { return String(name).toLowerCase() in this.named; }
  removeHeader(name) { delete this.named[String(name).toLowerCase()]; }
  writeHead(status, message, headers) {
    this.statusCode = status;
    const given = typeof message === 'object' ? message : headers;
    if (typeof message === 'string') this.statusMessage = message;
    for (const [name, value] of Object.entries(given ?? {})) this.setHeader(name, value);
    this.headersSent = true;
    return this;
  }
  write(text) { this.headersSent = true; this.pieces.push(String(text)); return true; }
  end(text) {
    if (this.writableEnded) return this;
    if (text !== undefined && typeof text !== 'function') this.pieces.push(String(text));
    this.headersSent = this.writableEnded = true;
    host('respond', this.id, this.statusCode, this.statusMessage ?? null, this.named, this.pieces.join(''));
    this.emit('finish');
    this.emit('close');
    return this;
  }
}

class Server extends EventEmitter {
  constructor(handler) { super(); if (handler) this.on('request', handler); }
  listen(port, ...rest) {
    const done = rest.find((one) => typeof one === 'function');
    this.id = ++lastServer;
    this.port = Number(typeof port === 'object' ? port.port : port) || 0;
    servers.set(this.id, this);
    if (done) this.once('listening', done);
    host('listen', this.id, this.port);
    return this;
  }
  address() { return { address: '::', family: 'IPv6', port: this.port }; }
  close(done) { if (done) this.once('close', done); host('unlisten', this.id); servers.delete(this.id); queueMicrotask(() => this.emit('close')); return this; }
  get listening() { return servers.has(this.id); }
}

whenTold('listening', ({ server, port }) => { const one = servers.get(server); if (one) { one.port = port; one.emit('listening'); } });
whenTold('refused', ({ server, port }) => {
  const error = Object.assign(new Error('listen EADDRINUSE: address already in use :::' + port), { code: 'EADDRINUSE', port });
  servers.get(server)?.emit('error', error);
});
whenTold('request', (event) => {
  const request = new IncomingMessage(event);
  servers.get(event.server)?.emit('request', request, new ServerResponse(event.id, request));
});

const STATUS_CODES = host('statusTexts');
builtins.http = { createServer: (options, handler) => new Server(typeof options === 'function' ? options : handler), Server, STATUS_CODES, IncomingMessage, ServerResponse };

const fetches = new Map();
let lastFetch = 0;
globalThis.fetch = (url, options = {}) => new Promise((resolve, reject) => {
  fetches.set(++lastFetch, { resolve, reject });
  host('fetch', lastFetch, String(url), options.method ?? 'GET', { ...(options.headers ?? {}) }, options.body ?? null);
});
whenTold('fetched', ({ id, problem, status, headers, body }) => {
  const { resolve, reject } = fetches.get(id);
  fetches.delete(id);
  if (problem !== undefined) reject(Object.assign(new TypeError('fetch failed'), { cause: new Error(problem) }));
  else resolve({ ok: status >= 200 && status < 300, status, statusText: STATUS_CODES[status] ?? '',
    headers: { get: (name) => headers[String(name).toLowerCase()] ?? null }, text: async () => body, json: async () => JSON.parse(body) });
});

function query(url) {
  const found = {};
  for (const pair of (url.split('?')[1] ?? '').split('&')) {
    if (pair === '') continue;
    const [name, value = ''] = pair.split('=').map((text) => decodeURIComponent(text.replace(/\+/g, ' ')));
    if (Object.hasOwn(found, name)) found[name] = [].concat(found[name], value);
    else Object.defineProperty(found, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return found;
}

function pattern(route, whole) {
  if (route instanceof RegExp) return { matches: (path) => route.exec(path), names: [] };
  const names = [];
  const text = String(route).replace(/\/+$/, '').replace(/[.+?^$\x7b()|[\]\\]/g, '\\$&')
    .replace(/:(\w+)/g, (_, name) => { names.push(name); return '([^/]+)'; }).replace(/\*\w*/g, '.*');
  const shape = new RegExp('^' + text + (whole ? '/?$' : '(?=/|$)'));
  return { matches: (path) => shape.exec(path), names };
}

const types = { html: 'text/html', json: 'application/json', text: 'text/plain', txt: 'text/plain', css: 'text/css', js: 'text/javascript',
  xml: 'application/xml', svg: 'image/svg+xml' };
const charset = (type) => (/^text\/|json|javascript/.test(type) && !/charset/.test(type) ? type + '; charset=utf-8' : type);

const answering = {
  status(code) { this.statusCode = code; return this; },
  set(name, value) { if (typeof name === 'object') for (const key in name) this.setHeader(key, name[key]); else this.setHeader(name, value); return this; },
  get(name) { return this.getHeader(name); },
  type(name) { return this.set('content-type', charset(types[name] ?? name)); },
  json(value) { if (!this.hasHeader('content-type')) this.type('json'); return this.end(JSON.stringify(value)); },
  send(value) {
    if (value !== null && typeof value === 'object') return this.json(value);
    if (!this.hasHeader('content-type')) this.type('html');
    return this.end(value === undefined || value === null ? '' : String(value));
  },
  sendStatus(code) { this.statusCode = code; return this.type('text').send(STATUS_CODES[code] ?? String(code)); },
  redirect(code, url) { if (url === undefined) [code, url] = [302, code]; this.statusCode = code; this.setHeader('location', url); return this.type('text').end((STATUS_CODES[code] ?? '') + '. Redirecting to ' + url); },
  sendFile(place) { this.type(builtins.path.extname(place).slice(1)); return this.end(builtins.fs.readFileSync(place)); },
};
answering.header = answering.set;

function router() {
  const layers = [];
  const handle = (request, response, out) => {
    let at = 0;
    const outer = request.baseUrl ?? '';
    const next = (error) => {
      const path = request.path;
      while (at < layers.length) {
        const { method, shape, run, mounted } = layers[at++];
        const match = method === undefined || method === request.method || (method === 'GET' && request.method === 'HEAD') ? shape.matches(path) : null;
        if (!match || (run.length === 4) !== (error !== undefined)) continue;
        shape.names.forEach((name, i) => { request.params[name] = decodeURIComponent(match[i + 1]); });
        const [url, whole] = [request.url, request.path];
        const back = (problem) => { [request.url, request.path, request.baseUrl] = [url, whole, outer]; next(problem === 'route' ? undefined : problem); };
        if (mounted) {
          request.baseUrl = outer + match[0];
          request.url = url.slice(match[0].length) || '/';
          if (!request.url.startsWith('/')) request.url = '/' + request.url;
          request.path = request.url.split('?')[0];
        }
        try {
          const made = error !== undefined ? run(error, request, response, back) : run(request, response, back);
          if (made && typeof made.catch === 'function') made.catch(back);
        } catch (problem) { if (problem === 'exit') throw problem; back(problem); }
        return;
      }
      out(error);
    };
    next();
  };
  const flat = (all) => all.flat(Infinity);
  handle.use = (route, ...runs) => {
    const [at, all] = typeof route === 'function' || Array.isArray(route) ? ['/', [route, ...runs]] : [route, runs];
    for (const run of flat(all)) layers.push({ shape: pattern(at, false), run: run.handle ?? run, mounted: true });
    return handle;
  };
  for (const method of ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all'])
    handle[method] = (route, ...runs) => {
      for (const run of flat(runs)) layers.push({ method: method === 'all' ? undefined : method.toUpperCase(), shape: pattern(route, true), run });
      return handle;
    };
  handle.route = (route) => {
    const one = {};
    for (const method of ['get', 'post', 'put', 'patch', 'delete', 'all']) one[method] = (...runs) => { handle[method](route, ...runs); return one; };
    return one;
  };
  return handle;
}

const page = (title, text) => '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>' + title + '</title>\n</head>\n<body>\n<pre>' + text + '</pre>\n</body>\n</html>\n';
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => '&#' + letter.charCodeAt(0) + ';');

function express() {
  const routes = router();
  const settings = {};
  const app = (request, response, out) => {
    Object.assign(response, answering);
    Object.assign(request, { query: query(request.url), path: request.url.split('?')[0], params: {}, originalUrl: request.originalUrl ?? request.url,
      hostname: (request.headers.host ?? '').split(':')[0], ip: request.socket.remoteAddress, protocol: 'http', app,
      get: (name) => request.headers[String(name).toLowerCase()] });
    response.app = app;
    if (!response.hasHeader('x-powered-by')) response.setHeader('x-powered-by', 'Express');
    routes(request, response, out ?? ((error) => {
      if (error !== undefined) {
        console.error(error);
        response.statusCode = error?.status ?? error?.statusCode ?? 500;
        response.type('html').end(page('Error', escaped(process.env.NODE_ENV === 'production' ? STATUS_CODES[response.statusCode] : String(error?.stack ? error + '\n' + error.stack : error))));
      } else response.status(404).type('html').end(page('Error', escaped('Cannot ' + request.method + ' ' + request.path)));
    }));
  };
  const read = routes.get;
  Object.assign(app, routes);
  app.get = (name, ...runs) => (runs.length === 0 ? settings[name] : (read(name, ...runs), app));
  app.set = (name, value) => { settings[name] = value; return app; };
  app.enable = (name) => app.set(name, true);
  app.disable = (name) => app.set(name, false);
  app.locals = {};
  app.listen = (...args) => builtins.http.createServer(app).listen(...args);
  return app;
}
express.Router = router;
express.json = () => (request, _response, next) => {
  if (!/json/.test(request.headers['content-type'] ?? '') || !request.text) { request.body ??= {}; return next(); }
  try { request.body = JSON.parse(request.text); } catch (error) { return next(Object.assign(error, { status: 400 })); }
  next();
};
express.urlencoded = () => (request, _response, next) => {
  if (/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '')) request.body = query('?' + request.text);
  next();
};
express.text = () => (request, _response, next) => { request.body = request.text; next(); };
express.static = (folder) => (request, response, next) => {
  const place = builtins.path.join(builtins.path.resolve(folder), request.path.endsWith('/') ? request.path + 'index.html' : request.path);
  if (!place.startsWith(builtins.path.resolve(folder)) || !builtins.fs.existsSync(place) || !builtins.path.extname(place)) return next();
  response.sendFile(place);
};
express.default = express;
builtins.express = express;
`;
