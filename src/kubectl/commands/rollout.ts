// `kubectl rollout`
import type { Command } from '../command.ts';
import { rolloutHistory } from './rollout/history.ts';
import { rolloutPause, rolloutRestart, rolloutResume } from './rollout/pause.ts';
import { rolloutStatus } from './rollout/status.ts';
import { rolloutUndo } from './rollout/undo.ts';

export const rollout: Command = {
  use: 'rollout SUBCOMMAND',
  long: 'Manage the rollout of one or many resources: deployments, daemon sets, stateful sets.',
  example: `# Go back to the deployment before
kubectl rollout undo deployment/abc

# Is the rollout done?
kubectl rollout status daemonset/foo

# New pods
kubectl rollout restart deployment/abc`,
  helpAlone: 'on standard output',
  subcommands: [rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutStatus, rolloutUndo],
};
