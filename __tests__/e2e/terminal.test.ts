import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/start.ts';
import { checkout, type Checkout } from './support/checkout.ts';
import { APPLIED, fakeProject, stackFolder, type FakeProject } from './support/fake-project.ts';
import { quickDeployment } from './support/run.ts';
import { openTerminal, type Terminal } from './support/terminal.ts';

jest.setTimeout(120_000);

const CTRL_C = '\x03';
const ENTER = '\r';
const FORWARDER = 'regional-forwarder-eu-west-1';
// eslint-disable-next-line no-control-regex -- the sequences that colour text
const COLOURS = /\x1b\[(3[0-7]|9[0-7]|4[0-7])m/;

describe('npm run deploy:all at a terminal', () => {
  let emulator: Emulator;
  let project: Checkout;
  let fake: FakeProject;
  let terminal: Terminal;

  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.stop());
  beforeEach(async () => {
    project = checkout();
    fake = await fakeProject(project);
  });
  afterEach(() => {
    terminal.family.kill('SIGKILL');
    project.remove();
  });

  const open = async (more: Readonly<Record<string, string>> = {}) => {
    const {
      CI: _ci,
      NO_COLOR: _noColor,
      ...env
    } = {
      ...quickDeployment(project.root, emulator.endpoint, ['us-east-1', 'eu-west-1'], { alerts: { emails: [] } }),
      ...fake.env,
    };
    terminal = await openTerminal(['npm', 'run', 'deploy:all'], { cwd: project.root, env: { ...env, ...more } });
  };
  const toRegion = async () => {
    await terminal.shows('E-mail address for the alerts');
    terminal.type(`ana@example.com${ENTER}`);
    await terminal.shows('Primary region');
  };
  const toConfirmation = async () => {
    await toRegion();
    terminal.type(ENTER);
    await terminal.shows('Deploy to 2 regions?');
  };

  it('asks for address, region and confirmation, shows the table, and ends with what is covered', async () => {
    await open();
    await toConfirmation();
    expect(terminal.raw()).toContain('ana@example.com');
    terminal.type('y');
    await terminal.shows('bg-user');
    await terminal.shows('done');
    await terminal.shows('2 of 2 stacks done');
    await terminal.shows('covered 2/17 regions');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.raw()).toMatch(COLOURS);
  });

  it('has no colours with NO_COLOR', async () => {
    await open({ NO_COLOR: '1' });
    await toConfirmation();
    terminal.type('y');
    await terminal.shows('covered 2/17 regions');
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.raw()).not.toMatch(COLOURS);
  });

  it.each<[string, () => Promise<void>]>([
    ['the address', () => terminal.shows('E-mail address for the alerts')],
    ['the region', toRegion],
    ['the confirmation', toConfirmation],
  ])('is left by Ctrl-C at %s: nothing was changed, exit 130', async (_name, reach) => {
    await open();
    await reach();
    terminal.type(CTRL_C);
    await terminal.shows('Nothing was changed.');
    expect(await terminal.exitCode).toBe(130);
    expect(fake.record('bg-user')).toEqual([]);
  });

  it('changes nothing when the answer is no, exit 2', async () => {
    await open();
    await toConfirmation();
    terminal.type('n');
    await terminal.shows('Nothing was changed.');
    expect(await terminal.exitCode).toBe(2);
    expect(fake.record('bg-user')).toEqual([]);
  });

  it('is interrupted by Ctrl-C while it draws: one SIGINT for terraform, the summary, exit 130', async () => {
    fake.play(stackFolder(FORWARDER), { hold: true, after: [APPLIED] });
    await open();
    await toConfirmation();
    terminal.type('y');
    await terminal.shows('1 of 2 done');
    await terminal.shows('applying');
    await fake.until(terminal.exitCode, () => fake.record(FORWARDER).length > 0);
    terminal.type(CTRL_C);
    await terminal.shows('Interrupted. 1 of 2 stacks done');
    await terminal.shows('eu-west-1 is NOT monitored.');
    expect(await terminal.exitCode).toBe(130);
    expect(fake.record(FORWARDER).flatMap(entry => entry.signal ?? [])).toEqual(['SIGINT']);
    expect(terminal.family.members()).toEqual([]);
  });
});
