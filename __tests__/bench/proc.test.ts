import { describe, expect, it } from '@jest/globals';
import { descendants, machineCpuSeconds, parseStat, type Process } from '../../scripts/bench/proc.ts';

describe('a line of /proc/<pid>/stat', () => {
  it('is read with a name that holds brackets and blanks', () => {
    const line = `42 (a) b (c) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 2000 1000 20 0 1 0 12345 0 0`;
    expect(parseStat(line)).toEqual({
      pid: 42,
      name: 'a) b (c',
      state: 'S',
      parent: 7,
      cpuSeconds: 2,
      childrenCpuSeconds: 30,
      startedAt: 123.45,
    });
  });
});

describe('the work of the machine', () => {
  it('is everything but idling and waiting for a disk', () => {
    expect(machineCpuSeconds('cpu  100 10 200 9999 888 1 2 3 0 0\ncpu0 1 2 3')).toBeCloseTo(3.16);
  });
});

describe('the descendants of a process', () => {
  it('are its children and theirs, detached or not, and no one else', () => {
    const process = (pid: number, parent: number): Process => ({
      pid,
      parent,
      name: `p${pid}`,
      state: 'S',
      cpuSeconds: 0,
      childrenCpuSeconds: 0,
      startedAt: 0,
    });
    const all = [process(1, 0), process(30, 20), process(10, 1), process(20, 10), process(11, 1)];
    expect(descendants(10, all).map(({ pid }) => pid)).toEqual([10, 20, 30]);
    expect(descendants(99, all)).toEqual([]);
  });
});
