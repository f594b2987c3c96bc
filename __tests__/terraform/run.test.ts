import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forwardInterrupt, runTerraform, type TerraformRun } from '../../src/terraform/run.ts';
import { fakeTerraform, fileSays, playing, recorded, temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
let record: string;
beforeEach(() => {
  folder = temporaryFolder();
  record = join(folder.path, 'record');
});
afterEach(() => folder.remove());

const run = (play: Record<string, unknown>, more: Partial<TerraformRun> = {}) =>
  runTerraform({
    terraform: fakeTerraform,
    cwd: folder.path,
    args: ['apply', '-json'],
    env: playing({ record, ...play }),
    logFile: join(folder.path, 'logs', 'stack.log'),
    ...more,
  });
const started = () => fileSays(record, text => text.includes('"start"'));
const signals = () => recorded(record).flatMap(entry => entry.signal ?? []);

describe('running terraform', () => {
  it('hands out each line, also the last one without an end, and keeps everything in a private log', async () => {
    const lines: string[] = [];
    const exit = await run(
      { lines: ['{"type":"version"}', 'junk é'], stderr: 'no end' },
      { onLine: line => lines.push(line) },
    );
    expect(exit).toEqual({ exitCode: 0, signal: null, interrupted: false, errors: [], lastLines: 'junk é\nno end' });
    expect(lines.sort()).toEqual(['junk é', 'no end', '{"type":"version"}']);
    const log = join(folder.path, 'logs', 'stack.log');
    expect(readFileSync(log, 'utf8')).toContain('# terraform apply -json\n');
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'logs')).mode & 0o777).toBe(0o700);
  });

  it('appends to a log that exists and does not hand out its old lines', async () => {
    await run({ lines: ['first'] });
    const lines: string[] = [];
    await run({ lines: ['second'] }, { onLine: line => lines.push(line) });
    expect(lines).toEqual(['second']);
    expect(readFileSync(join(folder.path, 'logs', 'stack.log'), 'utf8')).toContain('first');
  });

  it('hands out lines while terraform still runs', async () => {
    const go = join(folder.path, 'go');
    const seen: string[] = [];
    await run({ lines: ['early'], hold: go }, { onLine: line => seen.push(line) && writeFileSync(go, '') });
    expect(seen).toEqual(['early']);
  });

  it('collects the errors of JSON output, and of text when there is no other', async () => {
    const diagnostic = { severity: 'error', summary: 'S', detail: 'D', address: 'aws_x.y' };
    const warning = { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'W' } };
    const json = await run({ lines: [{ type: 'diagnostic', diagnostic }, warning], exit: 1 });
    expect(json.errors).toEqual([diagnostic]);
    const text = await run({ stderr: '\u001b[31m╷\n│ Error: bad\n│ \n│ really\n╵\n', exit: 1 });
    expect(text.errors).toEqual([{ severity: 'error', summary: 'bad', detail: 'really', address: null }]);
  });

  it('gives it a group of its own, no stdin and the clean environment', async () => {
    await run(
      {},
      { env: playing({ record }, { TF_CLI_ARGS: '-lock=false', SECRET: 's' }), ownEnv: { TF_DATA_DIR: '/d' } },
    );
    const [start] = recorded(record);
    expect(start?.args).toEqual(['apply', '-json']);
    expect(start?.env).toMatchObject({
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      CHECKPOINT_DISABLE: '1',
      GOGC: '600',
      TF_DATA_DIR: '/d',
    });
    expect(Object.keys(start?.env ?? {})).not.toEqual(expect.arrayContaining(['TF_CLI_ARGS']));
    expect(start?.env).not.toHaveProperty('SECRET');
  });

  it('names the program when it cannot be started', async () => {
    const terraform = { ...fakeTerraform, path: join(folder.path, 'none') };
    await expect(run({}, { terraform })).rejects.toMatchObject({ code: 'terraform-cannot-run' });
  });

  it('reports the signal that ended it', async () => {
    const result = run({ hold: true });
    await started();
    process.kill(recorded(record)[0]?.pid ?? 0, 'SIGKILL');
    expect(await result).toMatchObject({ exitCode: null, signal: 'SIGKILL', interrupted: false });
  });
});

describe('interrupting terraform', () => {
  it('sends exactly one SIGINT when aborted, however often, and waits for the end', async () => {
    const stop = new AbortController();
    const result = run({ hold: 2, onSignal: ['stopping'] }, { signal: stop.signal });
    await started();
    stop.abort();
    stop.abort();
    await fileSays(join(folder.path, 'logs', 'stack.log'), text => text.includes('stopping'));
    expect(signals()).toEqual(['SIGINT']);
    // It waits for a second one, which only a person sends.
    expect(forwardInterrupt()).toBe(1);
    expect(await result).toMatchObject({ exitCode: 1, interrupted: true });
    expect(signals()).toEqual(['SIGINT', 'SIGINT']);
  });

  it('does not start at all when already aborted', async () => {
    const result = await run({}, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ exitCode: null, interrupted: true });
    expect(recorded(record)).toEqual([]);
  });

  it('has nobody to forward to when nothing runs', () => {
    expect(forwardInterrupt()).toBe(0);
  });

  it('is not reached by a signal to our own group', async () => {
    const result = run({ hold: true });
    await started();
    const pid = recorded(record)[0]?.pid ?? 0;
    const group = (of: number) => execFileSync('ps', ['-o', 'pgid=', '-p', String(of)], { encoding: 'utf8' }).trim();
    expect(group(pid)).toBe(String(pid));
    expect(group(pid)).not.toBe(group(process.pid));
    forwardInterrupt();
    await result;
  });

  it('survives our own SIGKILL and ends its work, its output still going to the log', async () => {
    const go = join(folder.path, 'go');
    const log = join(folder.path, 'logs', 'stack.log');
    const module = pathToFileURL(join(process.cwd(), 'src/terraform/run.ts')).href;
    const play = { record, lines: ['before'], hold: go, after: ['after'] };
    const options = { terraform: fakeTerraform, cwd: folder.path, args: ['apply'], env: playing(play), logFile: log };
    const script = `import { runTerraform } from ${JSON.stringify(module)}; await runTerraform(${JSON.stringify(options)});`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: 'ignore',
    });
    const dead = new Promise(done => parent.once('exit', done));
    await started();
    parent.kill('SIGKILL');
    await dead;
    writeFileSync(go, '');
    await fileSays(record, text => text.includes('"end"'));
    expect(recorded(record).at(-1)).toMatchObject({ event: 'end', code: 0 });
    expect(readFileSync(log, 'utf8')).toMatch(/before\nafter\n$/);
  });
});
