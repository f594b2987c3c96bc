import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * The `h1:` checksum that terraform records for an unpacked package (golang.org/x/mod/sumdb/dirhash, Hash1).
 * On a thread of its own: a provider is 700 MB, one or two seconds of a core.
 */
export function packageHash(folder: string): Promise<string> {
  return new Promise((done, failed) => {
    // Its own (empty) argument list: --import of a TypeScript loader would only cost start-up time.
    const worker = new Worker(new URL('./hash-worker.mjs', import.meta.url), { workerData: { folder }, execArgv: [] });
    worker.once('message', done);
    worker.once('error', failed);
    worker.once('exit', code => failed(new Error(`the hash of ${folder} ended with ${code}`)));
  });
}

/**
 * What can't change without leaving a trace here: the files of a folder with device, inode, size, time of change of
 * content and of inode (the last can't be set back). Null when the folder isn't there.
 */
export async function packageIdentity(folder: string): Promise<string | null> {
  try {
    const names = (await readdir(folder, { recursive: true })).sort();
    const stats = await Promise.all(names.map(name => stat(join(folder, name), { bigint: true })));
    const lines = stats.map((s, i) => [names[i], s.dev, s.ino, s.size, s.mtimeNs, s.ctimeNs].join(' '));
    return lines.length > 0 ? lines.join('\n') : null;
  } catch {
    return null;
  }
}
