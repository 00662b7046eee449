// Components as the trace names them: `kubelet/worker-1`, and where there are several of a kind `apiserver/control-plane-2`.

/** `apiserver` of `apiserver/control-plane-2`. */
export function partOf(component: string): string {
  const slash = component.indexOf('/');
  return slash === -1 ? component : component.slice(0, slash);
}
