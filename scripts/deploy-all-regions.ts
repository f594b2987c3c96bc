import { main } from './cli/main.ts';
import { rolloutScript } from './cli/rollout.ts';

await main(() => rolloutScript('deploy:all', process.argv.slice(2)));
