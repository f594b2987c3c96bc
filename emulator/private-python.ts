import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { emulatorInstallFailed } from '../src/errors.ts';

const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));

export interface InstallOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/** The project's own Python, which may not exist yet. */
export function privatePython(projectRoot: string): string {
  return join(projectRoot, '.break-glass', 'emulator-venv', 'bin', 'python');
}

/**
 * Makes the virtual environment of a private Python, and installs the emulator's requirements into it.
 * The environment is made beside its place and moved there at the end: one that is there is whole.
 *
 * @throws UserError `emulator-missing` with the last lines of what failed
 */
export async function installPrivatePython(base: string, python: string, options: InstallOptions): Promise<void> {
  const folder = dirname(dirname(python));
  const draft = `${folder}.${process.pid}`;
  options.onNotice?.(
    `The emulator needs moto, which no Python on PATH has: installing it into ${relative(process.cwd(), folder)} (once, about a minute).`,
  );
  mkdirSync(dirname(folder), { recursive: true });
  try {
    await run(base, ['-m', 'venv', draft], options);
    const install = [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--requirement',
      REQUIREMENTS,
    ];
    await run(join(draft, 'bin', 'python'), install, options);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function run(python: string, args: string[], options: InstallOptions): Promise<void> {
  const result = await execa(python, args, {
    env: options.env,
    extendEnv: false,
    reject: false,
    all: true,
    stdin: 'ignore',
    ...(options.signal && { cancelSignal: options.signal }),
  });
  if (result.isCanceled) options.signal?.throwIfAborted();
  if (result.failed) throw emulatorInstallFailed(args[1] ?? 'python', result.all || result.shortMessage || '');
}
