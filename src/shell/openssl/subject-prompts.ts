// Asks for the parts of a name as `openssl req` does, or takes them from a configuration that says not to.
import { decodeUtf8 } from '../../base/bytes.ts';
import { takeUntil } from '../text/line-reader.ts';
import { type OpensslCall, OpensslError } from './call.ts';
import { type Configuration, entriesOf } from './config-file.ts';
import { isAttributeType, type NameAttribute } from './names.ts';

const introduction = `You are about to be asked to enter information that will be incorporated
into your certificate request.
What you are about to enter is what is called a Distinguished Name or a DN.
There are quite a few fields but you can leave some blank
For some fields there will be a default value,
If you enter '.', the field will be left blank.
-----
`;

const attributesIntroduction = `
Please enter the following 'extra' attributes
to be sent with your certificate request
`;

/** The section that `req` names for its subject. */
export async function configuredSubject(
  call: OpensslCall,
  configuration: Configuration,
): Promise<readonly NameAttribute[]> {
  const request = configuration.get('req');
  const section = request?.get('distinguished_name');
  if (section === undefined) throw new OpensslError("Unable to find 'distinguished_name' in config");
  if (!configuration.has(section)) throw new OpensslError(`Unable to get '${section}' section`);
  if (request?.get('prompt') === 'no')
    return entriesOf(configuration, section).flatMap(([name, value]) => {
      const type = typeIn(name);
      return isAttributeType(type) ? [{ type, value }] : [];
    });
  await call.process.stderr.write(introduction);
  return ask(call, configuration, section);
}

/** The further attributes of a request: a challenge password, a company's name. */
export async function configuredAttributes(
  call: OpensslCall,
  configuration: Configuration,
): Promise<readonly NameAttribute[]> {
  const request = configuration.get('req');
  const section = request?.get('attributes');
  if (section === undefined || request?.get('prompt') === 'no') return [];
  await call.process.stderr.write(attributesIntroduction);
  return ask(call, configuration, section);
}

/** `0.organizationName` and `1.organizationName` are of one type. */
function typeIn(name: string): string {
  return name.replace(/^\w*[.:,]/, '');
}

const triesMax = 20;

async function ask(
  call: OpensslCall,
  configuration: Configuration,
  section: string,
): Promise<readonly NameAttribute[]> {
  const given = configuration.get(section) ?? new Map<string, string>();
  const attributes: NameAttribute[] = [];
  for (const [name, prompt] of given) {
    if (/_(default|min|max|value)$/.test(name)) continue;
    const setting = (what: string): string | undefined => given.get(`${name}_${what}`);
    const value = await answer(call, prompt, {
      default: setting('default'),
      min: Number(setting('min') ?? 0),
      max: Number(setting('max') ?? Number.POSITIVE_INFINITY),
    });
    if (value !== '') attributes.push({ type: typeIn(name), value });
  }
  return attributes;
}

interface Limits {
  readonly default: string | undefined;
  readonly min: number;
  readonly max: number;
}

async function answer(call: OpensslCall, prompt: string, { default: preset, min, max }: Limits): Promise<string> {
  const { stdin, stderr } = call.process;
  for (let tries = 0; tries < triesMax; tries++) {
    await stderr.write(`${prompt} [${preset ?? ''}]:`);
    const { bytes, complete } = await takeUntil(stdin, { delimiter: 10 });
    if (!complete && bytes.length === 0) throw new OpensslError('Error making certificate request');
    const typed = decodeUtf8(bytes);
    const value = typed === '' ? (preset ?? '') : typed;
    if (value === '' || value === '.') return '';
    if (value.length < min) await stderr.write(`String too short, must be at least ${min} bytes long\n`);
    else if (value.length > max) await stderr.write(`String too long, must be at most ${max} bytes long\n`);
    else return value;
  }
  throw new OpensslError('Error making certificate request');
}
