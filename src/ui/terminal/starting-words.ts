// What the terminal says while its world begins: what is being started there.

const beginnings: ReadonlyMap<string, string> = new Map([
  ['3-node', 'Starting a control plane and two workers'],
  ['cloud', 'Starting a control plane and two workers in a cloud'],
  ['ha', 'Starting three control plane nodes and three workers'],
  ['minikube', 'Setting up a machine with docker and minikube'],
  ['bare', 'Starting an API server and controllers'],
]);

/** `shared`: a link tells what has happened in the world so far. */
export function startingWords(profile: string, shared: boolean): string {
  if (shared) return 'Letting it all happen again…';
  return `${beginnings.get(profile) ?? 'Starting'}…`;
}
