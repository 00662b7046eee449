// code, vi, vim, nano: all open files in the editor beside the terminal; all but a plain `code` wait until it closes.
import type { DesktopPort } from '../../api/desktop.ts';
import type { Program } from '../../api/program.ts';
import { FileError, normalizePath } from '../../base/files.ts';

export const editorNames = ['code', 'vi', 'vim', 'nano'] as const;

export function editorProgram(desktop: DesktopPort): Program {
  return async (process) => {
    const [called = 'code', ...words] = process.argv;
    const name = called.slice(called.lastIndexOf('/') + 1);
    const names = words.filter((word) => !/^[-+]/.test(word));
    if (names.length === 0) {
      await process.stderr.write(`${name}: name a file to edit\n`);
      return 1;
    }
    const waits = name !== 'code' || words.includes('--wait') || words.includes('-w');
    if (waits && process.terminal)
      await process.stderr.write(`Edit ${names.join(', ')} beside the terminal, then save and close it there.\n`);
    const { files } = process.machine;
    for (const path of names.map((one) => normalizePath(one, process.cwd))) {
      try {
        if (!files.exists(path)) files.writeFile(path, '');
        files.readText(path);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await process.stderr.write(`${name}: ${path}: ${error.message}\n`);
        return 1;
      }
      const closed = desktop.edit(path, process.cancel);
      if (waits) await closed;
      else closed.catch(() => {}); // nobody waits
    }
    return 0;
  };
}
