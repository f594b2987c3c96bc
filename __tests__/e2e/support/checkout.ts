import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** The project as a user has it: a folder of its own, so that no test leaves anything in the working tree. */
export interface Checkout {
  readonly root: string;
  /** Runs `npm run <script> -- ...args` there without npm's own lines; a failing exit code is a result. */
  script(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ScriptResult>;
  remove(): void;
}

export interface ScriptResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Every file that git tracks or would track, and the installed packages by a link. */
export function checkout(): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'break-glass-checkout-'));
  const { stdout } = execaSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: PROJECT,
  });
  for (const file of stdout.split('\n').filter(Boolean)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(PROJECT, file), join(root, file));
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    async script(name, args, env) {
      const started = Date.now();
      const { exitCode, stdout, stderr } = await execa('npm', ['run', '--silent', name, '--', ...args], {
        cwd: root,
        env: { ...env, NODE_OPTIONS: '' },
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
      });
      return { exitCode: exitCode ?? -1, stdout, stderr, seconds: (Date.now() - started) / 1000 };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
