import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { pythonTooOld } from '../src/errors.ts';
import { installPrivatePython, privatePython } from './private-python.ts';

/** What the emulator's shims were written against. */
const MOTO_VERSION = /^5\.(?:[2-9]|\d{2,})\./;
/** The oldest Python that moto 5.2 runs on (`Requires-Python` of its package). */
const MIN_PYTHON = [3, 10] as const;
const PROBE_TIMEOUT_MS = 20_000;

/** Importing moto takes a second; looking at what is installed takes a tenth of that. */
const PROBE = `
import importlib.metadata as metadata, importlib.util as util, json, sys
def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
complete = all(util.find_spec(name) for name in ("moto", "werkzeug", "flask", "flask_cors", "jsonpath_ng"))
print(json.dumps({"executable": sys.executable, "python": sys.version_info[:2], "moto": version("moto") if complete else None}))
`;

const probeResult = z.object({
  executable: z.string(),
  python: z.tuple([z.number(), z.number()]),
  moto: z.string().nullable(),
});
type ProbeResult = z.infer<typeof probeResult>;

export interface FindPythonOptions {
  /** @default - that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Where `.break-glass/` is. @default - the working directory */
  readonly projectRoot?: string;
  /** Told before something is installed. @default - nobody is told */
  readonly onNotice?: (message: string) => void;
  /** Stops an installation. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

/**
 * The path of a Python that can run the emulator: one that belongs to a `moto_server` on PATH, else `python3` or
 * `python` on PATH, else the project's private one, which is made with venv and pip when it is missing.
 *
 * @throws UserError `emulator-missing` with the command that installs moto
 */
export async function findPython(options: FindPythonOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const privatePath = privatePython(options.projectRoot ?? process.cwd());
  const found: ProbeResult[] = [];
  for (const candidate of [...candidates(env), privatePath]) {
    const result = await probe(candidate, env);
    if (result?.moto && MOTO_VERSION.test(result.moto)) return result.executable;
    if (result) found.push(result);
  }
  const base = found.find(isRecent);
  if (!base) throw pythonTooOld(MIN_PYTHON.join('.'), found[0]?.python.join('.'));
  await installPrivatePython(base.executable, privatePath, { ...options, env });
  const installed = await probe(privatePath, env);
  return installed?.executable ?? privatePath;
}

function isRecent({ python: [major, minor] }: ProbeResult): boolean {
  return major > MIN_PYTHON[0] || (major === MIN_PYTHON[0] && minor >= MIN_PYTHON[1]);
}

/** In the order in which they are tried, each path once. */
function candidates(env: NodeJS.ProcessEnv): string[] {
  const servers = onPath('moto_server', env);
  const paths = [...servers.flatMap(beside), ...['python3', 'python'].flatMap(name => onPath(name, env))];
  return [...new Set(paths)];
}

/** The Pythons that a `moto_server` script belongs to: of its first line, of its folder, of the folder it links to. */
function beside(script: string): string[] {
  const folders = [dirname(script), dirname(realpathSync(script))];
  const neighbours = folders.flatMap(folder => ['python3', 'python'].map(name => join(folder, name)));
  return [...interpreterOf(script), ...neighbours].filter(isExecutable);
}

function interpreterOf(script: string): string[] {
  const line = readFileSync(script, 'utf8').split('\n', 1)[0] ?? '';
  const path = /^#!\s*(\S+)/.exec(line)?.[1];
  return path !== undefined && isAbsolute(path) && /python[\d.]*$/.test(path) ? [path] : [];
}

function onPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map(folder => join(folder, name)).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function probe(python: string, env: NodeJS.ProcessEnv): Promise<ProbeResult | undefined> {
  if (!isExecutable(python)) return undefined;
  const { stdout } = await execa(python, ['-c', PROBE], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: PROBE_TIMEOUT_MS,
  });
  try {
    return probeResult.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}
