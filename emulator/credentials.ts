import { devNull } from 'node:os';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost'];

export interface EmulatorEnvOptions {
  /** The environment to build on. @default - that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default us-east-1 */
  readonly region?: string;
}

/**
 * The environment in which an SDK or terraform can reach the emulator and nothing else. Every `AWS_*` variable of the
 * person is left out (keys, profile, SSO, certificate bundle, endpoints of single services), and the shared files are
 * empty, so that no real account can be touched.
 *
 * @param endpoint such as `http://127.0.0.1:5000`
 */
export function emulatorEnv(endpoint: string, options: EmulatorEnvOptions = {}): Record<string, string> {
  const region = options.region ?? 'us-east-1';
  const kept = Object.entries(options.env ?? process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].toUpperCase().startsWith('AWS_'),
  );
  const env = Object.fromEntries(kept);
  // Both spellings are in use, and a proxy must not see loopback requests.
  const noProxy = withLoopback(env['NO_PROXY'] ?? env['no_proxy']);
  return {
    ...env,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

function withLoopback(list: string | undefined): string {
  const hosts = (list ?? '').split(',').map(host => host.trim());
  return [...new Set([...hosts.filter(Boolean), ...LOOPBACK_HOSTS])].join(',');
}
