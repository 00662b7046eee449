// `kubectl set`
import type { Command } from '../command.ts';
import { setEnv } from './set/env.ts';
import { setImage } from './set/image.ts';
import { setResources } from './set/resources.ts';
import { setSelector } from './set/selector.ts';
import { setServiceAccount } from './set/service-account.ts';
import { setSubject } from './set/subject.ts';

export const setCommand: Command = {
  use: 'set SUBCOMMAND',
  long: 'Configure application resources: images, environment, resources and so on of existing objects.',
  subcommands: [setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject],
};
