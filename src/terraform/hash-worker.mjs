// Plain JavaScript: a worker is loaded by Node itself, without the TypeScript hooks of the main thread.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Buffer } from 'node:buffer';

const chunk = Buffer.allocUnsafe(4 * 1024 * 1024);

function sha256(file) {
  const hash = createHash('sha256');
  const handle = openSync(file, 'r');
  try {
    for (let size; (size = readSync(handle, chunk, 0, chunk.length, null)) > 0;) hash.update(chunk.subarray(0, size));
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}

function files(folder, prefix = '') {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path, `${prefix}${name}/`) : [[prefix + name, path]];
  });
}

const lines = files(workerData.folder)
  .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  .map(([name, path]) => `${sha256(path)}  ${name}\n`);
parentPort.postMessage(`h1:${createHash('sha256').update(lines.join('')).digest('base64')}`);
