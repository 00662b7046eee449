// nginx: serves /usr/share/nginx/html on port 80 and writes an access log.

import type { Socket } from '../../../api/network.ts';
import { decodeUtf8 } from '../../../base/bytes.ts';
import { FileError, type FileTree } from '../../../base/files.ts';
import { type HttpReply, type HttpRequest, httpListener } from '../../../base/http.ts';
import { debianPrograms } from './busybox-programs.ts';
import { defineImage, type NativeContext, type NativeProgram } from './define-image.ts';
import { logTime } from './log-time.ts';

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const defaultServer = `server {
    listen       80;
    server_name  localhost;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }
}
`;

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  svg: 'image/svg+xml',
  xml: 'text/xml',
};

const serve: NativeProgram = (context) => {
  for (const port of listenPorts(context))
    context.network.listen(
      port,
      httpListener<Socket>((request, reply, socket) => {
        const answer = page(context, request);
        logAccess(context, request, answer, socket.remote.ip);
        reply(answer);
      }),
    );
  return {
    signal(signal) {
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') context.exit(0);
    },
  };
};

/** What the image's entrypoint says before nginx itself starts. */
const entrypointLog = `/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/
/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh
10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf
10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf
/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh
/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh
/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh
/docker-entrypoint.sh: Configuration complete; ready for start up
`;

const enter: NativeProgram = (context) => {
  context.stdout(entrypointLog);
  return serve(context);
};

export const nginx = defineImage({
  names: ['docker.io/library/nginx', 'docker.io/nginxinc/nginx-unprivileged'],
  sizeBytes: 72_319_283,
  usage: { idleMillicores: 0, memoryMebibytes: 4 },
  digests: { '1.27': 'sha256:5b8b301519c2f4c7e7cb68ffcbb33bf525d9b5b5adcf6782f562352f4679e2e7' },
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  env: { NGINX_VERSION: '1.27.5', PKG_RELEASE: '1~bookworm' },
  stopSignal: 'SIGQUIT',
  programs: { ...debianPrograms, '/usr/bin/curl': 'curl' },
  natives: { '/docker-entrypoint.sh': enter, '/usr/sbin/nginx': serve },
  files: {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nnginx:x:101:101:nginx user:/nonexistent:/bin/false\n',
    '/etc/nginx/nginx.conf': 'include /etc/nginx/conf.d/*.conf;\n',
    '/etc/nginx/conf.d/default.conf': defaultServer,
    '/usr/share/nginx/html/index.html': welcome,
    '/usr/share/nginx/html/50x.html': '<h1>An error occurred.</h1>\n',
  },
});

/** The ports of `listen` lines in conf.d, 80 where there is none. The rest of the language is not read. */
function listenPorts(context: NativeContext): ReadonlySet<number> {
  const ports = new Set<number>();
  if (!context.mountedIn('/etc')) return new Set([80]);
  for (const text of configurations(context.files()))
    for (const match of text.matchAll(/^\s*listen\s+(?:[\d.*]+:|\[::\]:)?(\d+)/gm)) ports.add(Number(match[1]));
  return ports.size > 0 ? ports : new Set([80]);
}

function configurations(files: FileTree): readonly string[] {
  try {
    const names = files.list('/etc/nginx/conf.d').filter((name) => name.endsWith('.conf'));
    return names.map((name) => files.readText(`/etc/nginx/conf.d/${name}`));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function rootOf(files: FileTree): string {
  for (const text of configurations(files)) {
    const root = /^\s*root\s+([^\s;]+);/m.exec(text)?.[1];
    if (root !== undefined) return root;
  }
  return '/usr/share/nginx/html';
}

function page(context: NativeContext, { method, target }: HttpRequest): HttpReply {
  const files = context.files();
  const path = decodePath(target.split('?')[0] ?? '/');
  try {
    let place = `${rootOf(files)}${path}`;
    if (files.stat(place).kind === 'directory') {
      if (!path.endsWith('/')) return errorPage(301, { location: `http://${context.hostname}${path}/` });
      place += 'index.html';
      if (!files.exists(place)) return errorPage(403);
    }
    if (method !== 'GET' && method !== 'HEAD') return errorPage(405);
    const extension = /\.(\w+)$/.exec(place)?.[1] ?? '';
    const type = Object.hasOwn(types, extension) ? (types[extension] ?? '') : 'application/octet-stream';
    return { status: 200, headers: { server: 'nginx/1.27.5', 'content-type': type }, body: files.readFile(place) };
  } catch (error) {
    if (error instanceof FileError) return errorPage(404);
    throw error;
  }
}

const titles: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Not Allowed',
};

function errorPage(status: number, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const title = titles[status] ?? String(status);
  const lines = ['<html>', `<head><title>${title}</title></head>`, '<body>', `<center><h1>${title}</h1></center>`];
  const body = `${[...lines, '<hr><center>nginx/1.27.5</center>', '</body>', '</html>'].join('\r\n')}\r\n`;
  return { status, headers: { server: 'nginx/1.27.5', 'content-type': 'text/html', ...headers }, body };
}

function logAccess(context: NativeContext, request: HttpRequest, reply: HttpReply, ip: string): void {
  const size = typeof reply.body === 'string' ? reply.body.length : (reply.body?.length ?? 0);
  const agent = request.headers.get('user-agent') ?? '-';
  const line = `${request.method} ${request.target} ${request.version}`;
  context.stdout(`${ip} - - [${logTime(context.scope.now)}] "${line}" ${reply.status} ${size} "-" "${agent}" "-"\n`);
}

/** Percent escapes undone; a text that is none of UTF-8 finds no file. */
function decodePath(path: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < path.length; i++) {
    const code = /^%([0-9a-fA-F]{2})/.exec(path.slice(i, i + 3))?.[1];
    if (code !== undefined) i += 2;
    bytes.push(code === undefined ? path.charCodeAt(i) & 0xff : Number.parseInt(code, 16));
  }
  return decodeUtf8(new Uint8Array(bytes));
}
