// Runs programs on the machines of clusters: what `minikube ssh` and `ssh NODE` lead to.
import type { Attachment } from '../api/docker.ts';
import type { NetworkHost } from '../api/network.ts';
import type { ProgramHost } from '../api/program.ts';
import { type FileTree, programNode } from '../base/files.ts';
import { installPrograms } from '../shell/programs/programs.ts';
import { attachment } from './attachment.ts';
import type { Driver } from './driver.ts';

export interface MachineProgram {
  readonly node: string;
  readonly argv: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly user: { readonly name: string; readonly uid: number; readonly home: string };
}

export function startOnMachine(
  driver: Driver,
  programs: ProgramHost,
  machine: { readonly host: NetworkHost; readonly files: FileTree },
  { node, argv, stdin, tty, user }: MachineProgram,
): Attachment {
  const { files, host } = machine;
  if (!files.exists('/bin/sh')) {
    installPrograms(files, 'gnu');
    for (const name of ['sudo', 'systemctl', 'service', 'journalctl', 'openssl', 'kubectl', 'kubeadm'])
      files.place(`/usr/bin/${name}`, programNode(name));
    for (const name of ['etcdctl', 'etcdutl', 'crictl']) files.place(`/usr/local/bin/${name}`, programNode(name));
    files.makeDirectory(user.home, { parents: true });
  }
  return attachment(driver, (events) =>
    programs.start(
      {
        machine: { id: `node/${node}`, hostname: node, files },
        network: host,
        argv,
        env: new Map([
          ['HOME', user.home],
          ['USER', user.name],
          ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        ]),
        cwd: user.home,
        user,
        terminal: tty ? { columns: 80, rows: 24 } : undefined,
        stdin,
      },
      events,
    ),
  );
}
