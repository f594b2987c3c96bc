import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

/**
 * What every SDK client is made with. The environment is passed in, never read here; the SDK's own chain still reads
 * `AWS_*`, profiles and SSO from the process, as terraform's does.
 */
export interface AwsSettings {
  readonly region: string;
  /** `AWS_ENDPOINT_URL`; @default - AWS's own */
  readonly endpoint?: string;
  /** Fixed keys, for the emulator. @default - the SDK's chain */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** Milliseconds that a call may take to connect and to answer: an unreachable endpoint is said soon, not after minutes. */
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** Settings for one SDK client. */
export function clientSettings(settings: AwsSettings) {
  return {
    region: settings.region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    credentials: settings.credentials ?? fromNodeProviderChain(),
  };
}

/** The settings that an environment asks for. */
export function settingsFrom(env: NodeJS.ProcessEnv, region: string): AwsSettings {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = env;
  const keys =
    AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY && !AWS_PROFILE
      ? {
          credentials: {
            accessKeyId: AWS_ACCESS_KEY_ID,
            secretAccessKey: AWS_SECRET_ACCESS_KEY,
            ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
          },
        }
      : {};
  return { region, ...(AWS_ENDPOINT_URL ? { endpoint: AWS_ENDPOINT_URL } : {}), ...keys };
}
