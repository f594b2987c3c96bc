import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { parseConfig } from '../../src/config/schema.ts';
import { failureOf } from './failure.ts';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'break-glass-config-'));
  // As in the project: without it, a .ts file would be taken for CommonJS.
  await write('package.json', '{"type": "module"}');
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(root, name), text);
const region = (primaryRegion: string) => `export default { primaryRegion: '${primaryRegion}' };`;

describe('which file is read', () => {
  it('none: the defaults', async () => {
    expect(await loadConfig({ root, env: {} })).toEqual({
      config: parseConfig({}, 'x'),
      source: 'defaults',
      notices: [],
    });
  });

  it('break-glass.config.json alone', async () => {
    await write('break-glass.config.json', '\uFEFF{"primaryRegion": "eu-west-2"}');
    const { config, source, notices } = await loadConfig({ root, env: {} });
    expect([config.primaryRegion, source, notices]).toEqual(['eu-west-2', 'break-glass.config.json', []]);
  });

  it('break-glass.config.ts before the JSON one, and says that the other is not read', async () => {
    await write('break-glass.config.json', '{"primaryRegion": "eu-west-2"}');
    await write('break-glass.config.ts', region('eu-west-1'));
    const { config, source, notices } = await loadConfig({ root, env: {} });
    expect([config.primaryRegion, source]).toEqual(['eu-west-1', 'break-glass.config.ts']);
    expect(notices).toEqual([
      'break-glass.config.json is not read, because break-glass.config.ts is there: remove one, or choose by --config.',
    ]);
  });

  it('BREAK_GLASS_CONFIG before those, --config before all', async () => {
    await write('break-glass.config.ts', region('eu-west-1'));
    await write('env.json', '{"primaryRegion": "eu-west-2"}');
    await write('flag.ts', region('eu-west-3'));
    const env = { BREAK_GLASS_CONFIG: 'env.json' };
    expect((await loadConfig({ root, env })).config.primaryRegion).toBe('eu-west-2');
    const { config, source } = await loadConfig({ root, env, file: join(root, 'flag.ts') });
    expect([config.primaryRegion, source]).toEqual(['eu-west-3', 'flag.ts']);
  });

  it('the project’s own file, which holds the defaults', async () => {
    const { config, source } = await loadConfig({ root: PROJECT, env: {}, file: 'break-glass.config.ts' });
    expect(source).toBe('break-glass.config.ts');
    expect(config).toEqual(parseConfig({}, 'x'));
  });

  it('JSON with comments, as the documented example has them, and leaves // in texts alone', async () => {
    await write(
      'break-glass.config.json',
      '{\n // a "b"\n "alerts": {"httpsEndpoints": ["https://a.io//b"]}, /* c\n d */ "tags": {"a": "/*x"}}'.replace(
        '/*x',
        'x',
      ),
    );
    const { config } = await loadConfig({ root, env: {} });
    expect(config.alerts.httpsEndpoints).toEqual(['https://a.io//b']);
  });
});

describe('a file that cannot be used', () => {
  const cases: [name: string, text: string | null, what: string, why: RegExp | undefined][] = [
    ['gone.ts', null, 'The configuration file gone.ts does not exist.', /^--config names it\.$/],
    ['a.yaml', 'x: 1', 'The configuration file a.yaml is neither TypeScript nor JSON.', undefined],
    ['none.ts', 'export const config = {};', 'The configuration file none.ts has no default export.', undefined],
    [
      'boom.ts',
      "throw new Error('no luck\\nat all');\nexport default {};",
      "The configuration file boom.ts can't be run.",
      /^no luck$/,
    ],
    [
      'a.json',
      '{\n  "tags": {},\n  "users": x\n}',
      'The configuration file a.json is not JSON: line 3, column 12.',
      /^Unexpected token/,
    ],
    [
      'b.json',
      '{\n  "tags": {},\n}',
      'The configuration file b.json is not JSON: line 3, column 1.',
      /^Expected double-quoted/,
    ],
    [
      'c.json',
      '{\n  "tags": {\n',
      'The configuration file c.json is not JSON: line 3, column 1.',
      /^(Expected property|Unexpected end)/,
    ],
    ['d.json', '', 'The configuration file d.json is not JSON: line 1, column 1.', /^Unexpected end/],
    [
      'e.json',
      '{"tags": {"a": "b\n"}}',
      'The configuration file e.json is not JSON: line 1, column 18.',
      /^Bad control character/,
    ],
    [
      'f.json',
      '{"tags": {}} {}',
      'The configuration file f.json is not JSON: line 1, column 14.',
      /^Unexpected non-whitespace/,
    ],
  ];

  it.each(cases)('%s: one clear error, exit code 2', async (file, text, what, why) => {
    if (text !== null) await write(file, text);
    const error = await failureOf(() => loadConfig({ root, file, env: {} }));
    expect({ code: error.code, exitCode: error.exitCode, what: error.what }).toEqual({
      code: 'configuration-file',
      exitCode: 2,
      what,
    });
    expect(error.fix).not.toBe('');
    if (why) expect(error.why).toMatch(why);
    else expect(error.why).toBeUndefined();
  });

  it('names BREAK_GLASS_CONFIG when that chose a file that is missing', async () => {
    const error = await failureOf(() => loadConfig({ root, env: { BREAK_GLASS_CONFIG: 'gone.ts' } }));
    expect(error.why).toBe('BREAK_GLASS_CONFIG names it.');
  });

  it('a directory with the name of a file', async () => {
    const error = await failureOf(() => loadConfig({ root: dirname(root), file: `${root}/../x.json`, env: {} }));
    expect(error.code).toBe('configuration-file');
  });

  it.each(['null', '[]', '3'])('holds %s, which is no object', async text => {
    await write('a.json', text);
    const error = await failureOf(() => loadConfig({ root, file: 'a.json', env: { EMAIL_ADDRESS: 'x' } }));
    expect(error.message).toBe(
      `a.json has 1 error; nothing was touched.\n\n  (the whole file)   got ${text}   must be an object`,
    );
  });
});

describe('precedence: flag, environment, file, default', () => {
  const file = {
    primaryRegion: 'eu-west-1',
    regions: ['us-east-1', 'eu-west-1'],
    excludeRegions: ['eu-west-3'],
    securityAccountId: '111122223333',
    alerts: { emails: ['file@b.io'], httpsEndpoints: ['https://a.io'] },
  };
  const env = {
    PRIMARY_REGION: ' eu-west-2 ',
    BREAK_GLASS_REGIONS: 'us-east-1, eu-west-2,',
    EMAIL_ADDRESS: 'env@b.io, second@b.io',
  };
  const overrides = {
    primaryRegion: 'eu-west-3',
    regions: ['us-east-1', 'eu-west-3'],
    excludeRegions: ['eu-west-1'],
    emails: ['flag@b.io'],
    securityAccountId: '444455556666',
  };
  const load = async (options: { env?: NodeJS.ProcessEnv; overrides?: object }) => {
    await write('break-glass.config.json', JSON.stringify(file));
    const { config } = await loadConfig({ root, env: {}, ...options });
    const { primaryRegion, regions, excludeRegions, securityAccountId, alerts } = config;
    return {
      primaryRegion,
      regions,
      excludeRegions,
      securityAccountId,
      emails: alerts.emails,
      https: alerts.httpsEndpoints,
    };
  };
  const ofFile = {
    primaryRegion: 'eu-west-1',
    regions: ['us-east-1', 'eu-west-1'],
    excludeRegions: ['eu-west-3'],
    securityAccountId: '111122223333',
    emails: ['file@b.io'],
    https: ['https://a.io'],
  };

  it('takes the file over the defaults', async () => {
    expect(await load({})).toEqual(ofFile);
  });

  it('takes the environment over the file, and keeps the rest of alerts', async () => {
    expect(await load({ env })).toEqual({
      ...ofFile,
      primaryRegion: 'eu-west-2',
      regions: ['us-east-1', 'eu-west-2'],
      emails: ['env@b.io', 'second@b.io'],
    });
  });

  it('takes flags over everything', async () => {
    expect(await load({ env, overrides })).toEqual({
      primaryRegion: 'eu-west-3',
      regions: ['us-east-1', 'eu-west-3'],
      excludeRegions: ['eu-west-1'],
      securityAccountId: '444455556666',
      emails: ['flag@b.io'],
      https: ['https://a.io'],
    });
  });

  it('takes empty variables and undefined flags for unset', async () => {
    const empty = { PRIMARY_REGION: '', BREAK_GLASS_REGIONS: ' ', EMAIL_ADDRESS: '', BREAK_GLASS_CONFIG: '' };
    expect(await load({ env: empty, overrides: { emails: undefined, regions: undefined } })).toEqual(ofFile);
  });

  it('lets a flag or a variable put a list back to all enabled regions', async () => {
    expect((await load({ env: { BREAK_GLASS_REGIONS: 'all-enabled' } })).regions).toBe('all-enabled');
    expect((await load({ overrides: { regions: ['all-enabled'] } })).regions).toBe('all-enabled');
  });

  it('reports what file, environment and flags have wrong in one pass, each with its origin', async () => {
    await write('break-glass.config.json', '{"role": [], "securityAccountId": "1"}');
    const options = { root, env: { EMAIL_ADDRESS: 'a@b.io,x' }, overrides: { primaryRegion: 'mars' } };
    expect((await failureOf(() => loadConfig(options))).message).toBe(
      [
        'break-glass.config.json has 4 errors; nothing was touched.',
        '',
        '  primaryRegion       got "mars" from --primary-region   must be a region of a known partition',
        '                                                         (for example us-east-1 or eu-west-1)',
        '  securityAccountId   got "1"                            must be an account id of 12 digits',
        '  alerts.emails[1]    got "x" from EMAIL_ADDRESS         must be an e-mail address',
        '  role                unknown key                        did you mean "roles"?',
      ].join('\n'),
    );
  });

  it('names the variable behind a list of regions that leaves us-east-1 out', async () => {
    const error = await failureOf(() => loadConfig({ root, env: { BREAK_GLASS_REGIONS: 'eu-west-1' } }));
    expect(error.message).toMatch(/^The configuration has 1 error/);
    expect(error.message).toContain('regions   got ["eu-west-1"] from BREAK_GLASS_REGIONS   must contain us-east-1: ');
  });

  it('reports alerts of the wrong kind as the file has them', async () => {
    await write('break-glass.config.json', '{"alerts": "mail"}');
    const error = await failureOf(() => loadConfig({ root, env: { EMAIL_ADDRESS: 'a@b.io' } }));
    expect(error.message).toMatch(/alerts {3}got "mail" {3}must be an object$/);
  });
});

describe('under tsx, as the scripts run', () => {
  const load = async () => {
    const url = pathToFileURL(join(PROJECT, 'src/config/load.ts')).href;
    const code = `
      import { loadConfig } from '${url}';
      const run = loadConfig({ root: ${JSON.stringify(root)}, env: {} });
      console.log(await run.then(({ config }) => config.primaryRegion, error => error.message));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
    return (await promisify(execFile)(process.execPath, args, { cwd: PROJECT })).stdout.trim();
  };

  it.each(['module', 'commonjs'])('reads a TypeScript file below a package of type %s', async type => {
    await write('package.json', JSON.stringify({ type }));
    await write(
      'break-glass.config.ts',
      `const region: string = 'eu-west-1';\nexport default { primaryRegion: region };`,
    );
    expect(await load()).toBe('eu-west-1');
  });

  it.each(['module', 'commonjs'])('misses the default export below a package of type %s', async type => {
    await write('package.json', JSON.stringify({ type }));
    await write('break-glass.config.ts', 'export const config = {};');
    expect(await load()).toMatch(/^The configuration file break-glass\.config\.ts has no default export\./);
  });

  it('says that a file with a syntax error cannot be run', async () => {
    await write('break-glass.config.ts', 'export default {');
    expect(await load()).toMatch(/^The configuration file break-glass\.config\.ts can't be run\.\n {2}\S/);
  });
});
