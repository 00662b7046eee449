// node: answers HTTP with what can be read from a script without running it: listen(PORT), answers given as literals,
// routes of express. JavaScript itself is not run; what cannot be read is named on standard error.
import type { HttpReply, HttpRequest } from '../../../base/http.ts';
import { httpListener } from '../../../base/http.ts';
import { isObject, type JsonObject } from '../../../base/json.ts';
import { busyboxPrograms } from './busybox-programs.ts';
import { defineImage, type NativeContext, type NativeProgram, untilStopped } from './define-image.ts';
import { readServerScript, type ServerScript } from './node-script.ts';

const version = 'v20.19.5';

const node: NativeProgram = (context) => {
  const [, ...args] = context.argv;
  const script = args.find((arg) => !arg.startsWith('-'));
  if (args.includes('--version') || args.includes('-v')) return finish(context, `${version}\n`);
  if (script === undefined) return args.length === 0 ? untilStopped(context) : unreadable(context, args.join(' '));
  return serve(context, script);
};

/** `npm start`: what package.json says, when that is `node SCRIPT`. */
const npm: NativeProgram = (context) => {
  const name = context.argv[1] === 'run' ? context.argv[2] : context.argv[1];
  const place = inDirectory(context.cwd, 'package.json');
  const scripts = context.files().exists(place) ? scriptsOf(context.files().readText(place)) : {};
  const line = name !== undefined && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (typeof line !== 'string') {
    context.stderr(`npm error Missing script: "${name ?? ''}"\n`);
    context.exit(1);
    return { signal() {} };
  }
  context.stdout(`\n> ${name}\n> ${line}\n\n`);
  const script = /^(?:node|nodemon)\s+(\S+)$/.exec(line)?.[1];
  return script === undefined ? unreadable(context, line) : serve(context, script);
};

export const nodeImage = defineImage({
  names: ['docker.io/library/node'],
  sizeBytes: 55_110_304,
  command: ['node'],
  env: { NODE_VERSION: version.slice(1), YARN_VERSION: '1.22.22' },
  programs: {
    ...busyboxPrograms,
    '/usr/local/bin/node': 'node',
    '/usr/local/bin/npm': 'npm',
    '/usr/local/bin/yarn': 'yarn',
    '/sbin/apk': 'apk',
  },
  natives: { '/usr/local/bin/node': node, '/usr/local/bin/npm': npm },
});

function serve(context: NativeContext, name: string): ReturnType<NativeProgram> {
  const files = context.files();
  const place = [name, `${name}.js`, `${name}/index.js`]
    .map((each) => inDirectory(context.cwd, each))
    .find((each) => files.exists(each) && files.stat(each).kind === 'file');
  if (place === undefined) return cannotFind(context, inDirectory(context.cwd, name));
  const script = readServerScript(files.readText(place), { env: context.env, hostname: context.hostname });
  const missing = script.modules.find((module) => !isInstalled(context, place, module));
  if (missing !== undefined) return cannotFind(context, missing);
  if (script.problem !== undefined) return unreadable(context, `${place}: ${script.problem}`);
  const stop = context.network.listen(
    script.port,
    httpListener((request, reply) => reply(answer(script, request))),
  );
  if (!stop) {
    context.stderr(`Error: listen EADDRINUSE: address already in use :::${script.port}\n\nNode.js ${version}\n`);
    context.exit(1);
    return { signal() {} };
  }
  context.stdout(script.greeting);
  return untilStopped(context);
}

function answer(script: ServerScript, request: HttpRequest): HttpReply {
  const path = request.target.split('?')[0] ?? '/';
  const route = script.routes.find((each) => each.path === undefined || each.path === path);
  if (route) return { status: route.status, headers: { 'content-type': route.type }, body: route.body };
  const page = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot ${request.method} ${path}</pre>\n</body>\n</html>\n`;
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}

function scriptsOf(manifest: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(manifest);
    return isObject(parsed) && isObject(parsed.scripts) ? parsed.scripts : {};
  } catch {
    return {};
  }
}

function isInstalled(context: NativeContext, place: string, module: string): boolean {
  for (let at = place; at !== ''; ) {
    at = at.slice(0, at.lastIndexOf('/'));
    if (context.files().exists(`${at}/node_modules/${module}`)) return true;
  }
  return false;
}

function cannotFind(context: NativeContext, module: string): ReturnType<NativeProgram> {
  context.stderr(
    `node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '${module}'\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js ${version}\n`,
  );
  context.exit(1);
  return { signal() {} };
}

function unreadable(context: NativeContext, what: string): ReturnType<NativeProgram> {
  context.stderr(`node: the simulator does not run JavaScript; it serves what it can read, and not this: ${what}\n`);
  context.exit(1);
  return { signal() {} };
}

function finish(context: NativeContext, text: string): ReturnType<NativeProgram> {
  context.stdout(text);
  context.exit(0);
  return { signal() {} };
}

function inDirectory(cwd: string, name: string): string {
  if (name.startsWith('/')) return name;
  return `${cwd === '/' ? '' : cwd}/${name.replace(/^\.\//, '')}`;
}
