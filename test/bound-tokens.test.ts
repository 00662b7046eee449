// Tokens that count as long as an object exists: it has to exist when they are made.
import { expect, test } from 'vitest';
import { recordedSession } from './support/session.ts';

test('a token is bound only to what is there, with the uid that it has', async () => {
  const { line } = await recordedSession();
  const lines = [
    'kubectl create token default --bound-object-kind Pod --bound-object-name web',
    'kubectl create token default --bound-object-kind Secret --bound-object-name login',
    'kubectl create token default --bound-object-kind Node --bound-object-name nowhere',
    'kubectl create secret generic login; kubectl create serviceaccount amy; kubectl run web --image nginx',
    'kubectl create token default --bound-object-kind Secret --bound-object-name login --bound-object-uid x',
    'kubectl create token amy --bound-object-kind Pod --bound-object-name web',
    'kubectl create token default --bound-object-kind Secret --bound-object-name login | cut -d. -f2 | base64 -d 2>/dev/null | grep -o "secret.*login"',
    'kubectl create token default --bound-object-kind Pod --bound-object-name web | cut -c1-2',
    'echo {} > own; kubectl create secret docker-registry pull --from-file=own -o jsonpath={.data}',
    'kubectl create secret docker-registry pull2 --from-file=key=own',
  ];
  let text = '\n';
  for (const one of lines) text += `$ ${one}\n${await line(one)}`;
  expect(text).toMatchInlineSnapshot(`
    "
    $ kubectl create token default --bound-object-kind Pod --bound-object-name web
    error: failed to create token: pods "web" not found
    $ kubectl create token default --bound-object-kind Secret --bound-object-name login
    error: failed to create token: secrets "login" not found
    $ kubectl create token default --bound-object-kind Node --bound-object-name nowhere
    error: failed to create token: nodes "nowhere" not found
    $ kubectl create secret generic login; kubectl create serviceaccount amy; kubectl run web --image nginx
    secret/login created
    serviceaccount/amy created
    pod/web created
    $ kubectl create token default --bound-object-kind Secret --bound-object-name login --bound-object-uid x
    error: failed to create token: Operation cannot be fulfilled on Secret "login": the UID in the bound object reference (x) does not match the UID in record. The object might have been deleted and then recreated
    $ kubectl create token amy --bound-object-kind Pod --bound-object-name web
    error: failed to create token: cannot bind token for serviceaccount "amy" to pod running with different serviceaccount name.
    $ kubectl create token default --bound-object-kind Secret --bound-object-name login | cut -d. -f2 | base64 -d 2>/dev/null | grep -o "secret.*login"
    secret":{"name":"login
    $ kubectl create token default --bound-object-kind Pod --bound-object-name web | cut -c1-2
    ey
    $ echo {} > own; kubectl create secret docker-registry pull --from-file=own -o jsonpath={.data}
    {".dockerconfigjson":"e30K"}$ kubectl create secret docker-registry pull2 --from-file=key=own
    error: failed to create secret Secret "pull2" is invalid: data[.dockerconfigjson]: Required value
    "
  `);
});
