// Job control in a terminal: Ctrl-Z, jobs, fg, bg and kill, as bash prints them.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

const ctrlZ = '\x1a';
const ctrlC = '\x03';

/** Types lines; after `…` a key is pressed while the line runs. What the terminal shows, prompts included. */
async function typed(...lines: readonly string[]): Promise<string> {
  const { session, output } = await recordedSession({ terminals: true });
  const { driver } = session;
  let shown = '';
  for (const line of lines) {
    const [text = '', ...keys] = line.split('…');
    const before = output().length;
    let over = false;
    const done = session.input({ kind: 'line', text }).then(() => {
      over = true;
    });
    for (const key of keys) {
      await driver.runFor(1500);
      if (!over) await driver.runUntil(session.input({ kind: 'keys', text: key }));
    }
    await driver.runUntil(done);
    const shell = await session.shell();
    shown += `$ ${text}\n${output().slice(before)}${shell.endedJobs()}`;
  }
  return `\n${shown.replaceAll('\r', '').replace(/^(\[\d+\][+-]? +)\d{2,}/gm, '$1<pid>')}`;
}

test('Ctrl-Z stops what runs, fg goes on with it', async () => {
  expect(await typed(`sleep 4…${ctrlZ}`, 'echo $?; jobs', 'sleep 10', 'fg', 'jobs')).toMatchInlineSnapshot(`
    "
    $ sleep 4
    ^Z
    [1]+  Stopped                 sleep 4
    $ echo $?; jobs
    148
    [1]+  Stopped                 sleep 4
    $ sleep 10
    $ fg
    sleep 4
    $ jobs
    "
  `);
});

test('bg goes on with it behind the prompt', async () => {
  expect(await typed(`sleep 4…${ctrlZ}`, 'bg', 'jobs', 'bg', 'sleep 5', 'bg')).toMatchInlineSnapshot(`
    "
    $ sleep 4
    ^Z
    [1]+  Stopped                 sleep 4
    $ bg
    [1]+ sleep 4 &
    $ jobs
    [1]+  Running                 sleep 4 &
    $ bg
    bash: bg: job 1 already in background
    $ sleep 5
    [1]+  Done                    sleep 4
    $ bg
    bash: bg: current: no such job
    "
  `);
});

test('kill ends a stopped job; of several the one stopped last is the current one', async () => {
  expect(
    await typed(
      `sleep 100…${ctrlZ}`,
      `sleep 200…${ctrlZ}`,
      'sleep 300 &',
      'jobs',
      'kill %1',
      'jobs',
      'kill -9 %+',
      'jobs -l',
    ),
  ).toMatchInlineSnapshot(`
    "
    $ sleep 100
    ^Z
    [1]+  Stopped                 sleep 100
    $ sleep 200
    ^Z
    [2]+  Stopped                 sleep 200
    $ sleep 300 &
    [3] 4
    $ jobs
    [1]-  Stopped                 sleep 100
    [2]+  Stopped                 sleep 200
    [3]   Running                 sleep 300 &
    $ kill %1
    [1]-  Terminated              sleep 100
    $ jobs
    [2]+  Stopped                 sleep 200
    [3]-  Running                 sleep 300 &
    $ kill -9 %+
    [2]+  Killed                  sleep 200
    $ jobs -l
    [3]+ 4 Running                 sleep 300 &
    "
  `);
});

test('a pipeline is stopped and goes on as one', async () => {
  expect(await typed(`sleep 3 | cat…${ctrlZ}`, 'jobs', `fg…${ctrlC}`, 'jobs')).toMatchInlineSnapshot(`
    "
    $ sleep 3 | cat
    ^Z
    [1]+  Stopped                 sleep 3 | cat
    $ jobs
    [1]+  Stopped                 sleep 3 | cat
    $ fg
    sleep 3 | cat
    ^C$ jobs
    "
  `);
});

test('a loop around what is stopped ends; a list goes on', async () => {
  expect(await typed(`for i in 1 2 3; do sleep 9; echo $i; done…${ctrlZ}`, 'kill %%')).toMatchInlineSnapshot(`
    "
    $ for i in 1 2 3; do sleep 9; echo $i; done
    ^Z
    [1]+  Stopped                 sleep 9
    $ kill %%
    [1]+  Terminated              sleep 9
    "
  `);
  expect(await typed(`sleep 9; echo then…${ctrlZ}`, 'kill %%')).toMatchInlineSnapshot(`
    "
    $ sleep 9; echo then
    ^Z
    [1]+  Stopped                 sleep 9
    then
    $ kill %%
    [1]+  Terminated              sleep 9
    "
  `);
});

test('a watch that is stopped says nothing until it goes on', async () => {
  const shown = await typed(
    `kubectl get configmaps -w -o name…${ctrlZ}`,
    'kubectl create configmap seen; sleep 2',
    `fg…${ctrlC}`,
  );
  expect(shown).toMatchInlineSnapshot(`
    "
    $ kubectl get configmaps -w -o name
    configmap/kube-root-ca.crt
    ^Z
    [1]+  Stopped                 kubectl get configmaps -w -o name
    $ kubectl create configmap seen; sleep 2
    configmap/seen created
    $ fg
    kubectl get configmaps -w -o name
    configmap/seen
    ^C"
  `);
});

test('exit tells of stopped jobs once', async () => {
  expect(await typed(`sleep 9…${ctrlZ}`, 'exit', 'exit')).toMatchInlineSnapshot(`
    "
    $ sleep 9
    ^Z
    [1]+  Stopped                 sleep 9
    $ exit
    There are stopped jobs.
    $ exit
    "
  `);
});

test('no such job', async () => {
  expect(await typed('fg', 'bg', 'fg %3', 'kill %2')).toMatchInlineSnapshot(`
    "
    $ fg
    bash: fg: current: no such job
    $ bg
    bash: bg: current: no such job
    $ fg %3
    bash: fg: %3: no such job
    $ kill %2
    bash: kill: %2: no such job
    "
  `);
});
