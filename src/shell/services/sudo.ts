// sudo: runs a program; everybody may do everything here.
import { CannotExecute, type Program } from '../../api/program.ts';

export const sudo: Program = async (process) => {
  const argv = process.argv.slice(1).filter((word, at) => at > 0 || !/^-[EHn]$/.test(word));
  try {
    const { env, cwd, stdin, stdout, stderr, terminal } = process;
    const child = await process.spawn({ argv, env, cwd, stdin, stdout, stderr, terminal });
    return await child.wait();
  } catch (error) {
    if (!(error instanceof CannotExecute)) throw error;
    await process.stderr.write(`sudo: ${argv[0] ?? ''}: command not found\n`);
    return 1;
  }
};
