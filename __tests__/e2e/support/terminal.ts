/** A person at a terminal: reads the screen, types. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findPython } from '../../../emulator/find-python.ts';
import { newFamily, type Family } from './processes.ts';

export interface Terminal {
  readonly family: Family;
  /** Everything that was written to the screen so far, with its control characters. */
  raw(): string;
  /** Resolves when the text appears after what was waited for before; rejects when the command ends without it. */
  shows(text: string): Promise<void>;
  /** `\r` is the enter key, `\x03` is Ctrl-C. */
  type(keys: string): void;
  readonly exitCode: Promise<number | null>;
}

const SCRIPT = fileURLToPath(new URL('terminal.py', import.meta.url));

export async function openTerminal(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Terminal> {
  const family = newFamily();
  const python = await findPython();
  const env = { ...options.env, ...family.env, NODE_OPTIONS: '', TERM: 'xterm-256color' };
  const child = spawn(python, [SCRIPT, ...command], { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let seen = 0;
  let over = false;
  const looks = new Set<() => void>();
  const wake = () => [...looks].forEach(look => look());
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    wake();
  });
  const exitCode = once(child, 'close').then(([code]) => {
    over = true;
    wake();
    return code as number | null;
  });
  const plain = () => stripVTControlCharacters(text);
  return {
    family,
    raw: () => text,
    shows: wanted =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = plain().indexOf(wanted, seen);
          if (at === -1 && !over) return;
          looks.delete(look);
          if (at === -1) return reject(new Error(`never on the screen: ${wanted}\n${plain()}`));
          seen = at + wanted.length;
          resolve();
        };
        looks.add(look);
        look();
      }),
    type: keys => child.stdin.write(keys),
    exitCode,
  };
}
