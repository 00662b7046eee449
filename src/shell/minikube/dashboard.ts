// minikube dashboard: enables the addon of that name and opens the dashboard.
import { enable, findAddon } from './addon.ts';
import { type MinikubeCommand, needRunning, runKubectl } from './command.ts';
import { ended } from './until-ended.ts';

export const dashboard: MinikubeCommand = {
  name: 'dashboard',
  about: 'Access the Kubernetes dashboard running within the minikube cluster',
  options: [{ name: 'url', kind: 'switch', about: 'Display dashboard URL instead of opening a browser' }],
  async run(call) {
    const cluster = await needRunning(call);
    if (!cluster.addons.includes('dashboard')) {
      await call.say('🔌', 'Enabling dashboard ...');
      await enable(call, cluster, findAddon('dashboard', 'enable'));
    }
    await call.say('🤔', 'Verifying dashboard health ...');
    await runKubectl(call.process, [
      '--context',
      cluster.name,
      '-n',
      'kubernetes-dashboard',
      'rollout',
      'status',
      'deployment/kubernetes-dashboard',
      '--timeout=60s',
    ]);
    await call.say('🚀', 'Launching proxy ...');
    await call.say('🤔', 'Verifying proxy health ...');
    const url =
      'http://127.0.0.1:45567/api/v1/namespaces/kubernetes-dashboard/services/http:kubernetes-dashboard:/proxy/';
    if (call.options.has('url')) await call.out(`${url}\n`);
    else {
      await call.say('🎉', `Opening ${url} in your default browser...`);
      call.desktop.open({ kind: 'dashboard', url });
    }
    if (call.process.terminal) await ended(call.process);
    return 0;
  },
};
