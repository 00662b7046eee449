// The kuberc file: how it is written, and what its aliases, defaults and policy do to command lines.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

async function shown(...lines: readonly string[]): Promise<string> {
  const { line } = await recordedSession();
  let text = '\n';
  for (const one of lines) text += `$ ${one}\n${await line(one)}`;
  return text;
}

const set = 'kubectl kuberc set';

test('aliases put arguments around those of the command line, and options where it has none', async () => {
  expect(
    await shown(
      `${set} --section aliases --name crns --command "create namespace" --appendarg team`,
      `${set} --section aliases --name getn --command get --prependarg namespace --option output=name`,
      'kubectl crns',
      'kubectl getn team',
      'kubectl getn team -o jsonpath={.status.phase}',
      'kubectl getn -v=1 team 2>&1 | grep -o "original.*"',
      'KUBERC=off kubectl getn team',
      'KUBECTL_KUBERC=false kubectl getn team',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl kuberc set --section aliases --name crns --command "create namespace" --appendarg team
    Updated /home/learner/.kube/kuberc
    $ kubectl kuberc set --section aliases --name getn --command get --prependarg namespace --option output=name
    Updated /home/learner/.kube/kuberc
    $ kubectl crns
    namespace/team created
    $ kubectl getn team
    namespace/team
    $ kubectl getn team -o jsonpath={.status.phase}
    Active$ kubectl getn -v=1 team 2>&1 | grep -o "original.*"
    original command: "kubectl get --output=name  namespace -v=1 team"
    $ KUBERC=off kubectl getn team
    error: unknown command "getn" for "kubectl"

    Did you mean this?
    	set
    	get
    $ KUBECTL_KUBERC=false kubectl getn team
    error: unknown command "getn" for "kubectl"

    Did you mean this?
    	set
    	get
    "
  `);
});

test('defaults count for flags that the command line does not have', async () => {
  expect(
    await shown(
      `${set} --section defaults --command get --option namespace=kube-system --option output=name`,
      'kubectl get configmaps',
      'kubectl get configmaps -oname -ndefault',
      `${set} --section defaults --command get --option output=json`,
      `${set} --section defaults --command get --overwrite --option nosuch=1`,
      'kubectl get pods',
      'kubectl kuberc view',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl kuberc set --section defaults --command get --option namespace=kube-system --option output=name
    Updated /home/learner/.kube/kuberc
    $ kubectl get configmaps
    configmap/extension-apiserver-authentication
    configmap/kube-apiserver-legacy-service-account-token-tracking
    configmap/kube-root-ca.crt
    $ kubectl get configmaps -oname -ndefault
    configmap/kube-root-ca.crt
    $ kubectl kuberc set --section defaults --command get --option output=json
    error: defaults for command "get" already exist, use --overwrite to replace
    $ kubectl kuberc set --section defaults --command get --overwrite --option nosuch=1
    Updated /home/learner/.kube/kuberc
    $ kubectl get pods
    error occurred while applying preferences invalid flag nosuch for command get
    $ kubectl kuberc view
    aliases: []
    apiVersion: kubectl.config.k8s.io/v1beta1
    defaults:
    - command: get
      options:
      - default: "1"
        name: nosuch
    kind: Preference
    "
  `);
});

test('what is wrong with the file is told as upstream does', async () => {
  const header = 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\n';
  const run = (rest: string) => `printf '${header}${rest}' > rc; kubectl version --client --kuberc rc | head -n 1`;
  expect(
    await shown(
      'kubectl version --client --kuberc nosuch',
      run('aliases: 3\\n'),
      run('aliases: [{name: x1, command: get}]\\n'),
      run('defaults: [{command: version, options: [{name: -o, default: json}]}]\\n'),
      run('defaults: [{command: version, options: [{name: client, default: w}]}]\\n'),
      run('unknown: 1\\n'),
      run('credentialPluginPolicy: Allowlist\\n'),
      run('credentialPluginPolicy: DenyAll\\ncredentialPluginAllowlist: [{command: x}]\\n'),
    ),
  ).toMatchInlineSnapshot(`
    "
    $ kubectl version --client --kuberc nosuch
    error occurred while applying preferences kuberc error kuberc: open nosuch: no such file or directory
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\naliases: 3\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    error occurred while applying preferences kuberc error kuberc: no valid preferences found in rc, use --v=5 to see details
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\naliases: [{name: x1, command: get}]\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    error occurred while applying preferences invalid alias name, can only include alphabetical characters
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\ndefaults: [{command: version, options: [{name: -o, default: json}]}]\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    error occurred while applying preferences flag name -o should be in long form without dashes
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\ndefaults: [{command: version, options: [{name: client, default: w}]}]\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    Client Version: v1.36.3
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\nunknown: 1\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    kuberc: ignoring strict decoding error in rc: strict decoding error: unknown field "unknown"Client Version: v1.36.3
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\ncredentialPluginPolicy: Allowlist\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    error occurred while applying preferences credential plugin policy set to "Allowlist", but allowlist is unspecified
    $ printf 'apiVersion: kubectl.config.k8s.io/v1beta1\\nkind: Preference\\ncredentialPluginPolicy: DenyAll\\ncredentialPluginAllowlist: [{command: x}]\\n' > rc; kubectl version --client --kuberc rc | head -n 1
    error occurred while applying preferences misconfigured credential plugin allowlist: plugin policy is "DenyAll" but allowlist is non-nil
    "
  `);
});

test('a policy keeps credential plugins from running', async () => {
  expect(
    await shown(
      "printf '#!/bin/sh\\necho ran >&2\\n' > /usr/local/bin/plugin; chmod +x /usr/local/bin/plugin",
      'kubectl config set-credentials amy --exec-command=plugin --exec-api-version=client.authentication.k8s.io/v1beta1',
      `${set} --section credentialplugin --policy DenyAll`,
      'kubectl get pods --user amy 2>&1 | tail -n 1',
      `${set} --section credentialplugin --policy Allowlist --allowlist-entry command=other`,
      'kubectl get pods --user amy 2>&1 | tail -n 1',
      `${set} --section credentialplugin --policy Allowlist --allowlist-entry command=plugin,name=x`,
      `${set} --section credentialplugin --policy Allowlist --allowlist-entry command=/usr/local/bin/plugin`,
      'kubectl get pods --user amy 2>&1 | head -n 1',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ printf '#!/bin/sh\\necho ran >&2\\n' > /usr/local/bin/plugin; chmod +x /usr/local/bin/plugin
    $ kubectl config set-credentials amy --exec-command=plugin --exec-api-version=client.authentication.k8s.io/v1beta1
    User "amy" set.
    $ kubectl kuberc set --section credentialplugin --policy DenyAll
    Updated /home/learner/.kube/kuberc
    $ kubectl get pods --user amy 2>&1 | tail -n 1
    Unable to connect to the server: getting credentials: plugin "plugin" not allowed: policy set to "DenyAll"
    $ kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=other
    Updated /home/learner/.kube/kuberc
    $ kubectl get pods --user amy 2>&1 | tail -n 1
    Unable to connect to the server: getting credentials: plugin path "/usr/local/bin/plugin" is not permitted by the credential plugin allowlist
    $ kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=plugin,name=x
    error: allowlist entry field "name" is deprecated, use "command" instead
    $ kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=/usr/local/bin/plugin
    Updated /home/learner/.kube/kuberc
    $ kubectl get pods --user amy 2>&1 | head -n 1
    ran
    "
  `);
});
