// minikube addons: lists, enables and disables them.
import { addonNames, disable, enable, findAddon } from './addon.ts';
import {
  drawTable,
  type MinikubeCall,
  type MinikubeCommand,
  MinikubeExit,
  needCluster,
  needRunning,
} from './command.ts';

export const addonsList: MinikubeCommand = {
  name: 'addons list',
  about: 'Lists all available minikube addons as well as their current statuses (enabled/disabled)',
  options: [{ name: 'output', short: 'o', kind: 'text', about: 'minikube addons list --output OUTPUT. json, list' }],
  async run(call) {
    const { addons, name: profile } = await needCluster(call);
    if (call.options.text('output') === 'json') {
      const status = (name: string): string => (addons.includes(name) ? 'enabled' : 'disabled');
      const all = addonNames.map(({ name }) => [name, { Status: status(name), Profile: profile }]);
      await call.out(`${JSON.stringify(Object.fromEntries(all))}\n`);
      return 0;
    }
    const rows = addonNames.map(({ name, maintainer }) => [
      name,
      profile,
      addons.includes(name) ? 'enabled ✅' : 'disabled',
      maintainer,
    ]);
    await call.out(drawTable(['ADDON NAME', 'PROFILE', 'STATUS', 'MAINTAINER'], rows));
    return 0;
  },
};

export const addonsEnable: MinikubeCommand = {
  name: 'addons enable',
  about: 'Enables the addon w/ADDON_NAME within minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const addon = findAddon(nameIn(call, 'enable'), 'enable');
    const { name, maintainer, note } = addon;
    await call.say(
      maintainer.startsWith('3rd party') ? '❗' : '💡',
      `${name} is an addon maintained by ${maintainer}. For any concerns contact minikube on GitHub.\nYou can view the list of minikube maintainers at: https://github.com/kubernetes/minikube/blob/master/OWNERS`,
    );
    if (note !== undefined) await call.say('💡', note);
    await enable(call, cluster, addon);
    await call.say('🌟', `The '${name}' addon is enabled`);
    return 0;
  },
};

export const addonsDisable: MinikubeCommand = {
  name: 'addons disable',
  about: 'Disables the addon w/ADDON_NAME within minikube',
  options: [],
  async run(call) {
    const cluster = await needRunning(call);
    const addon = findAddon(nameIn(call, 'disable'), 'disable');
    await disable(call, cluster, addon);
    await call.say('🌑', `"The '${addon.name}' addon is disabled`);
    return 0;
  },
};

function nameIn({ options }: MinikubeCall, verb: string): string {
  const [name] = options.operands;
  if (name !== undefined && options.operands.length === 1) return name;
  throw new MinikubeExit(`\n❌  Exiting due to MK_USAGE: usage: minikube addons ${verb} ADDON_NAME`, 14);
}
