import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './types.ts';

export function thisMachine(withoutSha: boolean): Machine {
  const sha = /\b(sha_ni|sha2)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    shaInstructions: !sha ? 'no' : withoutSha ? 'switched off' : 'yes',
  };
}

/** How much of each is done to see how fast the machine is at the moment. */
const CALIBRATION_STEPS = 2e8;
const CALIBRATION_BYTES = 512e6;
const CALIBRATION_BLOCK = 64e6;
const PAGE_BYTES = 4096;

/**
 * Seconds of processor time for a fixed piece of work, about half a second of it: counting, and touching new memory. A
 * virtual machine that has given free memory back to its host pays for every page again, which hits terraform hard.
 */
export function calibrate(): number {
  const before = process.cpuUsage();
  let number = 1;
  for (let step = 0; step < CALIBRATION_STEPS; step += 1) number = (Math.imul(number, 1_103_515_245) + 12_345) | 0;
  for (let done = 0; done < CALIBRATION_BYTES; done += CALIBRATION_BLOCK) {
    const block = Buffer.alloc(CALIBRATION_BLOCK);
    for (let at = 0; at < block.length; at += PAGE_BYTES) block[at] = number & 0xff;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The version in a package's package.json. */
export function packageVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
