import type { BenchResults, BenchRun } from '../../scripts/bench/types.ts';

/** A measurement that counts; each test names what matters to it. */
export function benchRun(values: Partial<BenchRun> = {}): BenchRun {
  return {
    variant: 'ours',
    regions: 16,
    latencyMs: 0,
    phase: 'deploy',
    run: 1,
    wallSeconds: 30,
    cpuSeconds: 51,
    peakMemoryBytes: 3.5e9,
    peakStacks: 4,
    httpCalls: 500,
    emulatorCpuSeconds: 2,
    otherWork: 0.01,
    calibrationSeconds: 0.5,
    failure: null,
    ...values,
  };
}

export function benchResults(values: Partial<BenchResults> = {}): BenchResults {
  return {
    schemaVersion: 1,
    startedAt: '2026-11-20T10:00:00.000Z',
    finishedAt: '2026-11-20T10:40:00.000Z',
    command: 'npm run bench -- --seed 7',
    machine: {
      cpu: 'Test <CPU> & more',
      cores: 2,
      memoryBytes: 24 * 2 ** 30,
      system: 'Linux 6.1',
      shaInstructions: 'no',
    },
    versions: { project: '0.1.0', node: '20.9.0', terraform: '1.11.4', provider: '5.100.0', cdktf: '0.21.0' },
    cdktfParallelism: 4,
    deadLetterQueues: true,
    pilots: [
      { parallelism: 2, regions: 4, wallSeconds: 31, failure: null },
      { parallelism: 4, regions: 4, wallSeconds: 28, failure: null },
    ],
    runs: [benchRun()],
    notRun: [],
    ...values,
  };
}
