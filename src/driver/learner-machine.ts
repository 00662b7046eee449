// The machine in front of the learner: its files, its programs, and the kubeconfig that leads to the cluster.
import type { Machine } from '../api/program.ts';
import { encodeBase64, encodeUtf8 } from '../base/bytes.ts';
import type { CertificateAuthority } from '../base/certificate-authority.ts';
import { FileTree, programNode } from '../base/files.ts';
import { emitYaml } from '../base/yaml-emit.ts';
import { editorNames } from '../shell/programs/edit.ts';
import { installPrograms } from '../shell/programs/programs.ts';
import { sampleApp } from './sample-app.ts';

export const learnerHome = '/home/learner';
export const learnerUser = { name: 'learner', uid: 1000 };

/** Environment of a fresh terminal. */
export const learnerEnvironment: ReadonlyMap<string, string> = new Map([
  ['HOME', learnerHome],
  ['USER', learnerUser.name],
  ['LOGNAME', learnerUser.name],
  ['SHELL', '/bin/bash'],
  ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  ['LANG', 'C.UTF-8'],
  ['TERM', 'xterm-256color'],
  ['PWD', learnerHome],
]);

/** The same where an editor opens beside the terminal. */
export const desktopEnvironment: ReadonlyMap<string, string> = new Map([
  ...learnerEnvironment,
  ['EDITOR', 'code --wait'],
  ['KUBE_EDITOR', 'code --wait'],
]);

/** Where there is a desktop, the names of common editors open the page's own. */
export function installEditors({ files }: Machine): void {
  for (const name of editorNames) files.place(`/usr/local/bin/${name}`, programNode('editor'));
}

export function learnerMachine(now: () => number): Machine {
  const files = new FileTree(now);
  installPrograms(files, 'gnu');
  files.place('/usr/local/bin/kubectl', programNode('kubectl'));
  for (const name of ['docker', 'minikube', 'systemctl', 'service', 'sudo', 'ssh', 'openssl'])
    files.place(`${name === 'minikube' ? '/usr/local/bin' : '/usr/bin'}/${name}`, programNode(name));
  for (const name of ['node', 'npm']) files.place(`/usr/local/bin/${name}`, programNode(name));
  files.makeDirectory(learnerHome, { parents: true });
  for (const [name, text] of Object.entries(sampleApp))
    files.writeFile(`${learnerHome}/${name}`, text, { parents: true });
  files.makeDirectory('/tmp', { mode: 0o1777 });
  files.writeFile('/etc/hostname', 'laptop\n', { parents: true });
  files.writeFile('/etc/hosts', '127.0.0.1\tlocalhost\n127.0.1.1\tlaptop\n');
  files.writeFile(
    '/etc/os-release',
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  );
  files.writeFile(
    '/etc/passwd',
    `root:x:0:0:root:/root:/bin/bash\n${learnerUser.name}:x:1000:1000::${learnerHome}:/bin/bash\n`,
  );
  return { id: 'learner', hostname: 'laptop', files };
}

/** Writes ~/.kube/config as kubeadm names things: user kubernetes-admin of cluster kubernetes. */
export function writeKubeconfig(
  machine: Machine,
  cluster: { readonly server: string; readonly authority: CertificateAuthority; readonly at: number },
): void {
  const { authority, server, at } = cluster;
  const subject = { commonName: 'kubernetes-admin', organizations: ['kubeadm:cluster-admins'] };
  const { certificate, key } = authority.issueWithKey({ subject, usages: ['client'], at });
  const data = (text: string): string => encodeBase64(encodeUtf8(text));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'kubernetes-admin@kubernetes',
    clusters: [
      {
        name: 'kubernetes',
        cluster: { 'certificate-authority-data': data(authority.certificate), server },
      },
    ],
    contexts: [{ name: 'kubernetes-admin@kubernetes', context: { cluster: 'kubernetes', user: 'kubernetes-admin' } }],
    users: [
      {
        name: 'kubernetes-admin',
        user: {
          'client-certificate-data': data(certificate),
          'client-key-data': data(key),
        },
      },
    ],
  };
  machine.files.writeFile(`${learnerHome}/.kube/config`, emitYaml(config), { parents: true, mode: 0o600 });
}
