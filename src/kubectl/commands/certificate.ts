// `kubectl certificate approve` and `deny`
import { formatTime } from '../../api/meta.ts';
import { objectAt, objectsAt, textAt } from '../../base/fields.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError, isConflict } from '../errors.ts';
import { flag } from '../flags.ts';
import { printFlags } from '../print/printer.ts';
import { findResources } from '../resource/builder.ts';
import { fileChoice, fileFlags, isFileChoiceEmpty } from '../resource/files.ts';
import { infoPath, type LoadedInfo, loadInfo } from '../resource/info.ts';
import { resultPrinter } from '../result-printer.ts';
import { aboutInfo } from '../write-object.ts';

interface Decision {
  readonly type: 'Approved' | 'Denied';
  readonly opposite: 'Approved' | 'Denied';
  readonly reason: string;
  readonly message: string;
}

export const certificate: Command = {
  use: 'certificate SUBCOMMAND',
  long: 'Modify certificate resources.',
  helpAlone: 'succeeds',
  subcommands: [
    decisionCommand('approve', 'Approve a certificate signing request', {
      type: 'Approved',
      opposite: 'Denied',
      reason: 'KubectlApprove',
      message: 'This CSR was approved by kubectl certificate approve.',
    }),
    decisionCommand('deny', 'Deny a certificate signing request', {
      type: 'Denied',
      opposite: 'Approved',
      reason: 'KubectlDeny',
      message: 'This CSR was denied by kubectl certificate deny.',
    }),
  ],
};

function decisionCommand(name: string, short: string, decision: Decision): Command {
  return {
    use: `${name} (-f FILENAME | NAME)`,
    short,
    example: `kubectl certificate ${name} csr-sqgzp`,
    flags: [
      ...printFlags(),
      ...fileFlags('identifying the resource to update'),
      flag.bool('force', 'Update the request even if it has been decided.'),
    ],
    run: (context) => decide(context, decision),
  };
}

async function decide(context: Context, decision: Decision): Promise<void> {
  const files = fileChoice(context.flags);
  if (context.args.length === 0 && isFileChoiceEmpty(files)) {
    throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
  }
  const print = resultPrinter(context, 'none');
  const args = context.args.length > 0 ? ['certificatesigningrequests', ...context.args] : [];
  const found = await findResources(context, { args, files, latest: true, continueOnError: true });
  let count = 0;
  await found.visit(async (info) => {
    count++;
    print(await update(context, { ...info, object: info.object ?? {} }, decision), decision.type.toLowerCase());
  });
  if (count === 0) context.out('No resources found\n');
}

const triesMax = 10;

async function update(context: Context, info: LoadedInfo, decision: Decision): Promise<JsonObject> {
  let object = info.object;
  for (let tries = 1; ; tries++) {
    const wanted = decided(context, object, decision);
    if (!wanted) return object;
    try {
      return await context.client().object({
        method: 'PUT',
        path: infoPath(info, 'approval'),
        body: wanted,
        about: aboutInfo(info),
      });
    } catch (error) {
      if (!isConflict(error) || tries >= triesMax) throw error;
      object = (await loadInfo(context.client(), info)).object;
    }
  }
}

/** The request with the decision in it; undefined when it is there already. */
function decided(context: Context, object: JsonObject, decision: Decision): JsonObject | undefined {
  const conditions = objectsAt(object, 'status.conditions');
  const has = (type: string) => conditions.some((item) => textAt(item, 'type') === type);
  if (has(decision.opposite)) {
    throw new CommandError(
      `certificate signing request ${JSON.stringify(textAt(object, 'metadata.name'))} is already ${decision.opposite}`,
    );
  }
  const force = context.flags.bool('force');
  if (has(decision.type) && !force) return undefined;
  const others = conditions.filter((item) => textAt(item, 'type') !== decision.type);
  const { type, reason, message } = decision;
  const condition = { type, status: 'True', reason, message, lastUpdateTime: formatTime(context.now()) };
  return { ...object, status: { ...objectAt(object, 'status'), conditions: [...others, condition] } };
}
