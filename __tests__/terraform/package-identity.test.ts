import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { packageHash, packageIdentity } from '../../src/terraform/package-identity.ts';
import { temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, 'sub'));
  writeFileSync(join(folder.path, 'provider'), 'binary');
  writeFileSync(join(folder.path, 'sub', 'LICENSE'), 'text');
});
afterEach(() => folder.remove());

describe('the identity of a package', () => {
  it("has the hash that Go's dirhash gives", async () => {
    // printf '%s  %s\n' $(sha256 of each file) name, sorted by name, through sha256 and base64
    expect(await packageHash(folder.path)).toBe('h1:hpw6U837Nw5NfxQx692qoT14rSv8WTRQeoFNBiWktwA=');
  });

  it('cannot be hashed when it is gone', async () => {
    await expect(packageHash(join(folder.path, 'none'))).rejects.toThrow(/ENOENT/);
    expect(await packageIdentity(join(folder.path, 'none'))).toBeNull();
  });

  it('stays while nothing happens, and changes with content, size and further files', async () => {
    const first = await packageIdentity(folder.path);
    expect(await packageIdentity(folder.path)).toBe(first);
    writeFileSync(join(folder.path, 'more'), '');
    const second = await packageIdentity(folder.path);
    expect(second).not.toBe(first);
    writeFileSync(join(folder.path, 'provider'), 'longer binary');
    expect(await packageIdentity(folder.path)).not.toBe(second);
  });

  it('changes even when someone sets the time of change back', async () => {
    const file = join(folder.path, 'provider');
    const before = await packageIdentity(folder.path);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'yranib');
    utimesSync(file, atime, mtime);
    expect(await packageIdentity(folder.path)).not.toBe(before);
  });
});
