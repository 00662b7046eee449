// httpd: Apache's "It works!" on port 80.
import { FileError } from '../../../base/files.ts';
import { debianPrograms } from './busybox-programs.ts';
import { defineImage, type NativeContext } from './define-image.ts';
import { type text, webServer } from './web-server.ts';

const serve = webServer({
  port: () => 80,
  answer: ({ target }, context) => page(target.split('?')[0] ?? '/', context),
});

export const httpd = defineImage({
  names: ['docker.io/library/httpd'],
  sizeBytes: 59_011_202,
  usage: { idleMillicores: 0.1, memoryMebibytes: 6 },
  command: ['httpd-foreground'],
  workingDir: '/usr/local/apache2',
  programs: debianPrograms,
  natives: { '/usr/local/bin/httpd-foreground': serve },
  files: { '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n' },
});

function page(path: string, context: NativeContext): ReturnType<typeof text> {
  try {
    const place = `/usr/local/apache2/htdocs${path.endsWith('/') ? `${path}index.html` : path}`;
    return {
      status: 200,
      headers: { server: 'Apache/2.4.65 (Unix)', 'content-type': 'text/html' },
      body: context.files().readFile(place),
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const title = '<title>404 Not Found</title>';
    const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n${title}\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n`;
    return {
      status: 404,
      headers: { server: 'Apache/2.4.65 (Unix)', 'content-type': 'text/html; charset=iso-8859-1' },
      body,
    };
  }
}
