// NodeResourcesBalancedAllocation: prefers nodes on which the pod brings CPU and memory use closer to each other.
import type { PluginFactory } from '../framework.ts';

export const nodeResourcesBalancedAllocation: PluginFactory = () => ({
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  nodeScore: ({ requests }, { allocatable, milliCpu, memory }) => {
    if (requests.milliCpu === 0 && requests.memory === 0) return 0; // best effort: nothing to balance
    const { milliCpu: cpus, memory: bytes } = allocatable;
    const after = balance(milliCpu + requests.milliCpu, cpus, memory + requests.memory, bytes);
    const before = balance(milliCpu, cpus, memory, bytes);
    // Between 50 and 100, about 75 where the pod changes little.
    return 50 + Math.floor((50 + after - before) / 2);
  },
});

/** 100 less the standard deviation of the two shares, in percent. */
function balance(cpu: number, cpuCapacity: number, memory: number, memoryCapacity: number): number {
  if (cpuCapacity === 0 || memoryCapacity === 0) return 100;
  const deviation = Math.abs((Math.min(1, cpu / cpuCapacity) - Math.min(1, memory / memoryCapacity)) / 2);
  return Math.floor((1 - deviation) * 100);
}
