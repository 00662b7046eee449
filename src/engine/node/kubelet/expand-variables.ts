// `$(NAME)` in commands, arguments, environment values and subPathExpr.

/** Known names are replaced, unknown ones stay as they are, `$$` is a dollar sign. */
export function expandVariables(text: string, values: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$(\$|\(([^)]*)\))/g, (whole, what: string, name: string | undefined) => {
    if (what === '$') return '$';
    return values.get(name ?? '') ?? whole;
  });
}
