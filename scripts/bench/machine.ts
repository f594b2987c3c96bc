import { createHash } from 'node:crypto';
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

/** Bytes that are hashed to see how fast the machine is at the moment. */
const CALIBRATION_BYTES = 200e6;
const CALIBRATION_BLOCK = 1e6;

/** Seconds of processor time for a fixed piece of work, about half a second of it. */
export function calibrate(): number {
  const block = Buffer.alloc(CALIBRATION_BLOCK, 'break glass');
  const before = process.cpuUsage();
  const hash = createHash('sha256');
  for (let done = 0; done < CALIBRATION_BYTES; done += CALIBRATION_BLOCK) hash.update(block);
  hash.digest();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The version in a package's package.json. */
export function packageVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}
