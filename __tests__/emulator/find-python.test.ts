import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { findPython } from '../../emulator/find-python.ts';

let root: string;
let notices: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'find-python-'));
  notices = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function executable(path: string, text: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), 0o755);
  return join(root, path);
}

/**
 * A Python that answers the question what is installed. It can make virtual environments, whose own Python has moto
 * 5.2.9 once `pip install` has run there; `broken` names the module at which it fails.
 */
function python(path: string, moto: string | null, version = [3, 11], broken = ''): string {
  const self = join(root, path);
  const answer = (name: string, motoVersion: string | null) =>
    JSON.stringify({ executable: name, python: version, moto: motoVersion });
  return executable(
    path,
    `#!/bin/sh
PATH=/usr/bin:/bin
echo "$0 $*" | head -1 >> '${root}/calls'
case "$1 $2" in
  "-m ${broken}") echo "first line"; echo "no network" >&2; exit 1 ;;
  "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  "-m pip") touch "$(dirname "$0")/installed" ;;
  "-c "*) if [ -e "$(dirname "$0")/installed" ]; then echo '${answer('PRIVATE', '5.2.9')}'; else echo '${answer(self, moto)}'; fi ;;
esac
`,
  );
}

function find(...folders: string[]): Promise<string> {
  const PATH = folders.map(folder => join(root, folder)).join(':');
  return findPython({ env: { PATH }, projectRoot: root, onNotice: notice => notices.push(notice) });
}

describe('a Python that has moto', () => {
  it('is the one of the first line of moto_server', async () => {
    const wanted = python('pipx/venvs/moto/bin/python', '5.2.1');
    python('bin/python3', '5.2.1');
    executable('bin/moto_server', `#!${wanted}\nprint()`);
    expect(await find('bin')).toBe(wanted);
  });

  it('is the one beside moto_server', async () => {
    const wanted = python('venv/bin/python3', '5.2.1');
    executable('venv/bin/moto_server', '#!/usr/bin/env bash\n');
    python('first/python3', '5.2.1');
    expect(await find('first', 'venv/bin')).toBe(wanted);
  });

  it('is the one beside what moto_server links to', async () => {
    const wanted = python('opt/moto/bin/python', '5.3.0');
    executable('opt/moto/bin/moto_server', '#!/bin/sh\n');
    mkdirSync(join(root, 'bin'));
    symlinkSync(join(root, 'opt/moto/bin/moto_server'), join(root, 'bin/moto_server'));
    expect(await find('bin')).toBe(wanted);
  });

  it('is python3 or python on PATH, whichever has it', async () => {
    python('a/python3', null);
    const wanted = python('b/python', '5.2.0');
    expect(await find('a', 'b')).toBe(wanted);
    expect(notices).toEqual([]);
  });

  it('is the private one of the project, without a notice', async () => {
    python('a/python3', null);
    const wanted = python('.break-glass/emulator-venv/bin/python', '5.2.1');
    expect(await find('a')).toBe(wanted);
    expect(notices).toEqual([]);
  });

  it('is asked for nothing when something else on PATH calls itself python3', async () => {
    executable('a/python3', '#!/bin/sh\necho hello\n');
    const wanted = python('b/python3', '5.2.1');
    expect(await find('a', 'b')).toBe(wanted);
  });
});

describe('without moto', () => {
  it.each([null, '4.2.14', '5.1.22', '6.0.0'])('%s, a private environment is made, and said', async moto => {
    const base = python('bin/python3', moto);
    expect(await find('bin')).toBe('PRIVATE');
    expect(notices).toEqual([expect.stringMatching(/^The emulator needs moto, .*emulator-venv \(once/)]);
    const calls = readFileSync(join(root, 'calls'), 'utf8').split('\n');
    expect(calls.filter(call => call.startsWith(`${base} -m venv`))).toHaveLength(1);
    expect(calls.find(call => call.includes(' -m pip '))).toMatch(
      /-m pip install .*--requirement .*emulator\/requirements\.txt$/,
    );
    // The second time it is simply found.
    expect(await find('bin')).toBe('PRIVATE');
    expect(notices).toHaveLength(1);
    expect(readdirSync(join(root, '.break-glass'))).toEqual(['emulator-venv']);
  });

  it.each(['venv', 'pip'])('a failing %s is told with its last words and the command that mends it', async step => {
    python('bin/python3', null, [3, 12], step);
    await expect(find('bin')).rejects.toMatchObject({
      name: 'UserError',
      code: 'emulator-missing',
      exitCode: 2,
      why: `"python -m ${step}" failed:\n  first line\n  no network`,
      fix: "python3 -m pip install 'moto[server]>=5.2,<6'",
    });
    expect(existsSync(join(root, '.break-glass')) && readdirSync(join(root, '.break-glass'))).toEqual([]);
  });

  it('and with too old a Python, says which is needed', async () => {
    python('bin/python3', null, [3, 9]);
    await expect(find('bin')).rejects.toMatchObject({
      code: 'emulator-missing',
      what: 'The AWS emulator needs Python 3.10 or newer, and PATH has only 3.9.',
    });
  });

  it('and without any Python, says which is needed', async () => {
    await expect(find('empty')).rejects.toMatchObject({
      code: 'emulator-missing',
      what: 'The AWS emulator needs Python 3.10 or newer, and none is on PATH.',
    });
  });

  it('stops the installation when it is interrupted, and leaves no half of it', async () => {
    const abort = new AbortController();
    python('bin/python3', null);
    const onNotice = () => abort.abort(new Error('Ctrl-C'));
    const options = { env: { PATH: join(root, 'bin') }, projectRoot: root, onNotice, signal: abort.signal };
    await expect(findPython(options)).rejects.toThrow('Ctrl-C');
    expect(readdirSync(join(root, '.break-glass'))).toEqual([]);
  });
});
