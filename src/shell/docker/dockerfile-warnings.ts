// What buildkit finds questionable in a Dockerfile, after it was built: a part of its checks.
import type { BuildInstruction } from '../../api/docker.ts';

type Check = (instruction: BuildInstruction) => string | undefined;

const secret = /(^|_)(apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)($|_)/i;
const notSecret = /(^|_)public($|_)/i;

const checks: readonly Check[] = [
  ({ name, isJson }) =>
    (name === 'CMD' || name === 'ENTRYPOINT') && !isJson
      ? `JSONArgsRecommended: JSON arguments recommended for ${name} to prevent unintended behavior related to OS signals`
      : undefined,
  ({ name, words, text }) =>
    name === 'FROM' && words[1] === 'as' && !/^from/.test(text)
      ? "FromAsCasing: 'as' and 'FROM' keywords' casing do not match"
      : undefined,
  ({ name, words }) =>
    (name === 'ENV' || name === 'LABEL') && !words[0]?.includes('=')
      ? `LegacyKeyValueFormat: "${name} key=value" should be used instead of legacy "${name} key value" format`
      : undefined,
  ({ name, words }) => {
    const key = words[0]?.split('=')[0] ?? '';
    return (name === 'ENV' || name === 'ARG') && secret.test(key) && !notSecret.test(key)
      ? `SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (${name} "${key}")`
      : undefined;
  },
  ({ name, words }) =>
    name === 'FROM' && /[A-Z]/.test(words[2] ?? '')
      ? `StageNameCasing: Stage name '${words[2]}' should be lowercase`
      : undefined,
];

/** Each with its line, in the order of the file. */
export function dockerfileWarnings(instructions: readonly BuildInstruction[]): readonly string[] {
  return instructions.flatMap((instruction) =>
    checks.flatMap((check) => {
      const found = check(instruction);
      return found === undefined ? [] : [`${found} (line ${instruction.line})`];
    }),
  );
}
