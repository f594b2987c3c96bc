import { devNull } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import { emulatorEnv } from '../../emulator/credentials.ts';

const ENDPOINT = 'http://127.0.0.1:5005';
const ONLY_EMULATOR = {
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: ENDPOINT,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
};

describe('emulatorEnv', () => {
  it('points every client to the emulator', () => {
    expect(emulatorEnv(ENDPOINT, { env: {} })).toEqual(ONLY_EMULATOR);
  });

  it('leaves out every AWS variable of the person, and keeps the others', () => {
    const person = {
      PATH: '/bin',
      TF_PLUGIN_CACHE_DIR: '/cache',
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'real',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_ROLE_ARN: 'arn:aws:iam::111111111111:role/real',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x',
      AWS_CA_BUNDLE: '/ca.pem',
      AWS_ENDPOINT_URL_STS: 'https://sts.amazonaws.com',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      aws_profile: 'lower case',
      GONE: undefined,
    };
    expect(emulatorEnv(ENDPOINT, { env: person })).toEqual({
      ...ONLY_EMULATOR,
      PATH: '/bin',
      TF_PLUGIN_CACHE_DIR: '/cache',
    });
  });

  it('takes the region that is asked for', () => {
    expect(emulatorEnv(ENDPOINT, { env: {}, region: 'eu-west-1' })).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
  });

  it.each([
    [{ NO_PROXY: 'corp.example, 127.0.0.1' }, 'corp.example,127.0.0.1,localhost'],
    [{ no_proxy: 'corp.example' }, 'corp.example,127.0.0.1,localhost'],
  ])('adds this machine to the hosts without proxy: %j', (env, expected) => {
    expect(emulatorEnv(ENDPOINT, { env })).toMatchObject({ NO_PROXY: expected, no_proxy: expected });
  });
});
