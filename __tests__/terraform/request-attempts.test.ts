import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { limitRequestAttempts } from '../../src/terraform/request-attempts.ts';
import { temporaryFolder } from '../fixtures/terraform/fake.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const REQUEST_ATTEMPTS = 6;
const file = () => join(folder.path, 'break-glass_override.tf.json');
const limit = async (aws: unknown, env: Record<string, string> = {}) => {
  writeFileSync(join(folder.path, 'cdk.tf.json'), JSON.stringify(aws === undefined ? {} : { provider: { aws } }));
  await limitRequestAttempts(folder.path, env);
  return existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as unknown) : null;
};
const attempts = (max_retries: number) => ({ provider: { aws: [{ max_retries }] } });

describe("the provider's patience with one request", () => {
  it('is bounded in every stack', async () => {
    expect(await limit([{ region: 'eu-west-1' }])).toEqual(attempts(REQUEST_ATTEMPTS));
  });

  it('is what AWS_MAX_ATTEMPTS says', async () => {
    expect(await limit([{ region: 'eu-west-1' }], { AWS_MAX_ATTEMPTS: '12' })).toEqual(attempts(12));
  });

  it.each(['0', '-1', '2.5', 'many', ''])('is the usual one when AWS_MAX_ATTEMPTS is %p', async value => {
    expect(await limit([{}], { AWS_MAX_ATTEMPTS: value })).toEqual(attempts(REQUEST_ATTEMPTS));
  });

  it('is bounded for each alias too', async () => {
    expect(await limit([{}, { alias: 'other' }])).toEqual({
      provider: { aws: [{ max_retries: REQUEST_ATTEMPTS }, { alias: 'other', max_retries: REQUEST_ATTEMPTS }] },
    });
  });

  it.each([[[{ max_retries: 3 }]], [undefined]])('is left alone with the provider %j', async aws => {
    writeFileSync(file(), 'of before');
    expect(await limit(aws)).toBeNull();
  });

  it('is not written again while it stays', async () => {
    await limit([{}]);
    utimesSync(file(), 1, 1);
    await limit([{}]);
    expect(statSync(file()).mtimeMs).toBe(1000);
  });
});
