import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeModules } from '../../src/modules/write-modules.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'break-glass-write-'));
  folder = join(parent, 'modules');
});
afterEach(() => rmSync(parent, { recursive: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const all = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('writing the modules', () => {
  it('makes the folders that are missing, and the same bytes the second time', () => {
    const files = new Map([['a/main.tf.json', '{}\n']]);
    expect(writeModules(folder, files)).toEqual({ removed: [] });
    const first = all().map(path => readFileSync(join(folder, path), 'utf8'));
    expect(writeModules(folder, files)).toEqual({ removed: [] });
    expect(all()).toEqual(['.written.json', 'a/main.tf.json']);
    expect(all().map(path => readFileSync(join(folder, path), 'utf8'))).toEqual(first);
  });

  it('removes what an earlier run wrote and this one does not, with the folders that are empty then', () => {
    writeModules(
      folder,
      new Map([
        ['a/main.tf.json', '1'],
        ['old/tests/x.tftest.hcl', '2'],
      ]),
    );
    expect(writeModules(folder, new Map([['a/main.tf.json', '3']]))).toEqual({ removed: ['old/tests/x.tftest.hcl'] });
    expect(all()).toEqual(['.written.json', 'a/main.tf.json']);
    expect(existsSync(join(folder, 'old'))).toBe(false);
    expect(readFileSync(join(folder, 'a/main.tf.json'), 'utf8')).toBe('3');
  });

  it('leaves what others put there, such as the state of an applied example', () => {
    writeModules(folder, new Map([['old/main.tf.json', '1']]));
    put('old/terraform.tfstate', 'state');
    writeModules(folder, new Map([['a/main.tf.json', '1']]));
    expect(all()).toEqual(['.written.json', 'a/main.tf.json', 'old/terraform.tfstate']);
  });

  it('refuses to replace a file that no earlier run wrote, before it writes any', () => {
    put('b/README.md', 'mine');
    const files = new Map([
      ['a/main.tf.json', '1'],
      ['b/README.md', 'ours'],
    ]);
    expect(() => writeModules(folder, files)).toThrow(
      expect.objectContaining({
        code: 'module-file',
        exitCode: 2,
        what: expect.stringContaining(join(folder, 'b/README.md')),
      }),
    );
    expect(all()).toEqual(['b/README.md']);
  });

  it('removes nothing outside its folder, whatever the list of the last run says', () => {
    put('.written.json', JSON.stringify(['../precious', join(parent, 'precious'), 'a/../../precious', 7]));
    writeFileSync(join(parent, 'precious'), 'x');
    expect(writeModules(folder, new Map())).toEqual({ removed: [] });
    expect(existsSync(join(parent, 'precious'))).toBe(true);
  });
});
