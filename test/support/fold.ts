// Masks what no two runs share: ages, times, uids, addresses, generated names. Runs of blanks count as one.

const suffix = '[bcdfghjklmnpqrstvwxz2456789]';

const masks: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, '<date>'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>'],
  [/\b[0-9a-f]{64}\b/g, '<id>'],
  [/("?resourceVersion"?: ?)"\d+"/g, '$1"<rv>"'],
  [/("?uid"?: ?)"[^"]*"/g, '$1"<uid>"'],
  [new RegExp(`-[0-9a-f]{6,10}-${suffix}{5}\\b`, 'g'), '-<hash>-<suffix>'],
  [/(pod-template-hash"?[=:] ?"?)[0-9a-z]{6,10}/g, '$1<hash>'],
  [new RegExp(`-(${suffix}|[0-9a-f]){8,10}\\b`, 'g'), '-<hash>'],
  [new RegExp(`-${suffix}{5}\\b`, 'g'), '-<suffix>'],
  [/\b10\.\d+\.\d+\.\d+/g, '<ip>'],
  [/\b3[0-2]\d{3}\b/g, '<node-port>'],
  [/\bworker-[12]\b/g, '<node>'],
  [/\b172\.18\.0\.\d+/g, '<node-ip>'],
  [/(?<![\w.-])(<invalid>|(\d+[dhm])?\d+(\.\d+)?(ms|[smhd]))(?![\w.-])/g, '<age>'],
];

export function fold(text: string): string {
  const masked = masks.reduce((kept, [pattern, mask]) => kept.replace(pattern, mask), text);
  return masked
    .split('\n')
    .map((line) => line.replace(/[ \t]{2,}/g, '  ').trimEnd())
    .join('\n');
}
