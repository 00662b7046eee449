// What every program written in Go tells of itself: its process, its memory, its garbage collection. There is no such
// process here; the numbers follow from how long it has been up, how much it has done and how much memory it has.
//
// Left out: the finer families of Go's runtime (go_gc_…, go_sched_… and the like) and process_network_….
import { counter, gauge, type MetricFamily } from './metrics-text.ts';

export interface GoProcess {
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly now: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly goroutines: number;
  readonly openFiles: number;
}

export const goVersion = 'go1.26.10';

export function processMetrics(process: GoProcess): readonly MetricFamily[] {
  const { startedAt, cpuSeconds, residentBytes, openFiles } = process;
  return [
    ...goMetrics(process),
    counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', hundredths(cpuSeconds)),
    gauge('process_max_fds', 'Maximum number of open file descriptors.', 1_048_576),
    gauge('process_open_fds', 'Number of open file descriptors.', openFiles),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', pages(residentBytes)),
    startTime('', startedAt),
    gauge('process_virtual_memory_bytes', 'Virtual memory size in bytes.', pages(residentBytes) + 1_207_959_552),
    gauge(
      'process_virtual_memory_max_bytes',
      'Maximum amount of virtual memory available in bytes.',
      18_446_744_073_709_552_000,
    ),
  ];
}

/** `stability`: a prefix of the help, e.g. `[ALPHA] `. */
export function startTime(stability: string, startedAt: number): MetricFamily {
  const help = `${stability}Start time of the process since unix epoch in seconds.`;
  return gauge('process_start_time_seconds', help, Math.floor(startedAt / 10) / 100);
}

function goMetrics({ startedAt, now, cpuSeconds, residentBytes, goroutines }: GoProcess): readonly MetricFamily[] {
  const heap = pages(residentBytes * 0.45);
  const idle = pages(residentBytes * 0.1);
  const stack = pages(goroutines * 8192);
  const system = { hash: 1_474_107, collector: 4_223_216, other: 930_645, spans: 538_560, caches: 16_072 };
  const allocated = pages(heap + cpuSeconds * 60e6);
  const collections = Math.floor(cpuSeconds / 2) + 8;
  const pause = 0.000_25;
  const objects = Math.floor(heap / 120);
  const bytes = (name: string, help: string, value: number): MetricFamily =>
    gauge(`go_memstats_${name}_bytes`, help, Math.floor(value));
  return [
    {
      name: 'go_gc_duration_seconds',
      help: 'A summary of the wall-time pause (stop-the-world) duration in garbage collection cycles.',
      type: 'summary',
      series: [
        ...[0.000_05, 0.000_1, pause, 0.000_4, 0.001_2].map((value, i) => ({
          labels: `quantile="${i / 4}"`,
          value,
        })),
        { suffix: '_sum', value: collections * pause },
        { suffix: '_count', value: collections },
      ],
    },
    gauge('go_gc_gogc_percent', 'Heap size target percentage, 100 where nobody has set GOGC.', 100),
    gauge('go_gc_gomemlimit_bytes', 'Memory limit of the Go runtime; math.MaxInt64 where nobody has set one.', 2 ** 63),
    gauge('go_goroutines', 'Number of goroutines that currently exist.', goroutines),
    gauge('go_info', 'Information about the Go environment.', [{ labels: `version="${goVersion}"`, value: 1 }]),
    gauge('go_sched_gomaxprocs_threads', 'How many threads may run Go code at once (GOMAXPROCS).', 2),
    gauge('go_threads', 'Number of OS threads created.', 12),
    bytes('alloc', 'Number of bytes allocated in heap and currently in use.', heap),
    counter('go_memstats_alloc_bytes_total', 'Total number of bytes allocated in heap until now.', allocated),
    bytes('buck_hash_sys', 'Number of bytes used by the profiling bucket hash table.', system.hash),
    counter('go_memstats_frees_total', 'Total number of heap objects frees.', Math.floor((allocated - heap) / 120)),
    bytes('gc_sys', 'Number of bytes used for garbage collection system metadata.', system.collector),
    bytes('heap_alloc', 'Number of heap bytes allocated and currently in use.', heap),
    bytes('heap_idle', 'Number of heap bytes waiting to be used.', idle),
    bytes('heap_inuse', 'Number of heap bytes that are in use.', heap * 1.1),
    gauge('go_memstats_heap_objects', 'Number of currently allocated objects.', objects),
    bytes('heap_released', 'Number of heap bytes released to OS.', idle * 0.6),
    bytes('heap_sys', 'Number of heap bytes obtained from system.', heap * 1.1 + idle),
    gauge(
      'go_memstats_last_gc_time_seconds',
      'Number of seconds since 1970 of last garbage collection.',
      (startedAt + Math.floor((now - startedAt) / 120_000) * 120_000) / 1000,
    ),
    counter('go_memstats_mallocs_total', 'Total number of heap objects allocated.', Math.floor(allocated / 120)),
    bytes('mcache_inuse', 'Number of bytes in use by mcache structures.', system.caches * 0.3),
    bytes('mcache_sys', 'Number of bytes used for mcache structures obtained from system.', system.caches),
    bytes('mspan_inuse', 'Number of bytes in use by mspan structures.', system.spans * 0.9),
    bytes('mspan_sys', 'Number of bytes used for mspan structures obtained from system.', system.spans),
    bytes('next_gc', 'Number of heap bytes when next garbage collection will take place.', heap * 1.6),
    bytes('other_sys', 'Number of bytes used for other system allocations.', system.other),
    bytes('stack_inuse', 'Number of bytes obtained from system for stack allocator in non-CGO environments.', stack),
    bytes('stack_sys', 'Number of bytes obtained from system for stack allocator.', stack),
    bytes('sys', 'Number of bytes obtained from system.', residentBytes * 0.9),
  ];
}

function pages(bytes: number): number {
  return Math.floor(bytes / 4096) * 4096;
}

function hundredths(seconds: number): number {
  return Math.floor(seconds * 100) / 100;
}
