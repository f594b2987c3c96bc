import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/**
 * How often the provider makes one request at most. Its own default is 25 with waits of up to five minutes each, more
 * than an hour of silence for a region that is down (https://github.com/hashicorp/terraform-provider-aws/issues/1209).
 * 6 are about 15 seconds; with the 4 attempts of a stack that makes 24 in all.
 */
const REQUEST_ATTEMPTS = 6;

interface Synthesized {
  readonly provider?: { readonly aws?: readonly Readonly<Record<string, unknown>>[] };
}

/** Terraform lays `*_override.tf.json` over the rest. https://developer.hashicorp.com/terraform/language/files/override */
const FILE = 'break-glass_override.tf.json';

/**
 * Bounds the provider's patience in a stack folder. AWS_MAX_ATTEMPTS comes first: the provider's documentation promises
 * it, but 5.100.0 sets its own 25 over it (seen in the `amz-sdk-request` header).
 */
export async function limitRequestAttempts(stackDir: string, env: Environment): Promise<void> {
  const file = join(stackDir, FILE);
  const { provider = {} } = JSON.parse(await readFile(join(stackDir, 'cdk.tf.json'), 'utf8')) as Synthesized;
  const own = provider.aws?.filter(block => block.max_retries === undefined) ?? [];
  if (own.length === 0) return rm(file, { force: true });
  const wanted = Number(env.AWS_MAX_ATTEMPTS);
  const attempts = Number.isInteger(wanted) && wanted > 0 ? wanted : REQUEST_ATTEMPTS;
  const blocks = own.map(({ alias }) => ({ ...(alias === undefined ? {} : { alias }), max_retries: attempts }));
  const text = JSON.stringify({ provider: { aws: blocks } });
  if ((await readFile(file, 'utf8').catch(() => null)) !== text) await writeFile(file, text);
}
