// Tab in the terminal: kubectl's own completion, under every name that the shell was told of.
import { beforeAll, describe, expect, test } from 'vitest';
import { suggest } from '../src/worker/suggest.ts';
import { type RecordedSession, recordedSession } from './support/session.ts';

let recorded: RecordedSession;
beforeAll(async () => {
  recorded = await recordedSession();
  await recorded.line('source <(kubectl completion bash); alias k=kubectl; complete -o default -F __start_kubectl kc');
  await recorded.line("alias kgn='kubectl get nodes'; echo x > a.yaml; echo x > a.txt; kubectl create cm one");
});

async function words(text: string): Promise<string> {
  const { session } = recorded;
  const { words: shell, cwd } = await session.shell();
  const sources = {
    machine: session.machine,
    cwd,
    kube: session.kubePort,
    shell,
    now: () => session.driver.simulation.now,
  };
  const found = await session.driver.runUntil(suggest(text, sources));
  return `${found.from}: ${found.words.join('|')}`;
}

describe('the words offered for a line', () => {
  test.each([
    ['kubectl rollout re', '16: restart |resume '],
    ['kubectl get nodes w', '18: worker-1 |worker-2 '],
    ['k get node/w', '6: node/worker-1 |node/worker-2 '],
    ['kc delete cm o', '13: one '],
    ['kgn control', '4: control-plane '],
    ['echo x | kubectl get -n kube-s', '24: kube-system '],
    ['kubectl get --namespace=kube-s', '12: --namespace=kube-system '],
    ['kubectl apply -f a', '17: a.yaml '],
    ['kubectl get pods -o jsonpath-', '20: jsonpath-as-json |jsonpath-file '],
    ['kubectl logs deploy', '13: deployments/'],
    ['kubectl drain --ig', '14: --ignore-daemonsets '],
    ['cat a', '4: a.txt |a.yaml '],
  ])('%s', async (text, offered) => {
    expect(await words(text)).toBe(offered);
  });

  test('complete tells and forgets what it was told', async () => {
    expect(await recorded.line('complete -p kc; complete -r kc; complete -p kc; complete -Z x')).toMatchInlineSnapshot(`
      "complete -o default -F __start_kubectl kc
      bash: complete: kc: no completion specification
      bash: complete: -Z: not supported in this shell
      "
    `);
  });

  test('asking changes no file', async () => {
    const { files } = recorded.session.machine;
    await recorded.line('rm -rf ~/.kube/cache');
    await words('kubectl get po');
    expect(files.exists('/home/learner/.kube/cache')).toBe(false);
  });
});
