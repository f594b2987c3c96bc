import { describe, expect, it } from '@jest/globals';
import { terraformEnvironment } from '../../src/terraform/environment.ts';

const ALWAYS = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1', GOGC: '600', GOMEMLIMIT: '1500MiB' };

describe('the environment of terraform', () => {
  it('has five settings of ours when the caller has none', () => {
    expect(terraformEnvironment({})).toEqual(ALWAYS);
  });

  it('keeps what terraform, the provider and credential helpers need', () => {
    const env = {
      PATH: '/bin', HOME: '/h', LANG: 'C', LC_ALL: 'C', TMPDIR: '/t', https_proxy: 'p', NO_PROXY: 'n', SSL_CERT_FILE: 'c',
      AWS_PROFILE: 'x', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_CA_BUNDLE: 'b', XDG_DATA_HOME: 'd', SystemRoot: 's',
      TF_CLI_CONFIG_FILE: 'f', TF_PLUGIN_CACHE_DIR: 'd', TF_VAR_emailAddress: 'a@b', TF_TOKEN_app_terraform_io: 't', TF_LOG: 'x',
    }; // prettier-ignore
    expect(terraformEnvironment(env)).toEqual({ ...ALWAYS, ...env });
  });

  it('keeps out everything else', () => {
    expect(
      terraformEnvironment({ GITHUB_TOKEN: 't', NODE_OPTIONS: 'o', npm_config_x: 'y', PATHOLOGICAL: 'z' }),
    ).toEqual(ALWAYS);
  });

  it.each(['TF_CLI_ARGS', 'TF_CLI_ARGS_apply', 'TF_DATA_DIR', 'TF_WORKSPACE', 'TF_REATTACH_PROVIDERS'])(
    'keeps out %s, which would change what a command does',
    name => {
      expect(terraformEnvironment({ [name]: 'x' })).not.toHaveProperty(name);
    },
  );

  it('does not let the caller ask for input', () => {
    expect(terraformEnvironment({ TF_INPUT: '1', TF_IN_AUTOMATION: '' })).toEqual(ALWAYS);
  });

  it('leaves the garbage collector to a caller who has set it', () => {
    expect(terraformEnvironment({ GOGC: '100' })).toEqual({ ...ALWAYS, GOGC: '100' });
  });

  it("sets one command's own variables unfiltered, and removes those that it says are undefined", () => {
    const own = { TF_DATA_DIR: '/d', TF_PLUGIN_CACHE_DIR: undefined };
    expect(terraformEnvironment({ TF_PLUGIN_CACHE_DIR: 'c' }, own)).toEqual({ ...ALWAYS, TF_DATA_DIR: '/d' });
  });
});
