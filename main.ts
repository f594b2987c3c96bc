import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from './src/config/load.ts';
import { planRegions } from './src/config/region-plan.ts';
import { UserError } from './src/errors.ts';
import { createApp } from './src/stacks/app.ts';

/** Configuration to stacks to Terraform JSON. `npx cdktf synth` and `npm run synth` both run this file. */
try {
  const root = dirname(fileURLToPath(import.meta.url));
  const { config } = await loadConfig({ root, env: process.env });
  const { secondaries } = planRegions(config, null);
  createApp({ config, secondaryRegions: secondaries }).synth();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
