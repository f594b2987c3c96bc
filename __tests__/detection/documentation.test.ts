import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { alertingActs, innocentActs } from '../fixtures/acts.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const page = read('docs/detection.md');

describe('docs/detection.md', () => {
  it('has a row for every act that is proven to alert, under the rule that sees it, and no other', () => {
    const rows = [...page.matchAll(/^\| (.+?) \| `.*\| `([\w-]+)` \|$/gm)].map(([, act, rule]) => `${act}: ${rule}`);
    expect(rows).toEqual(alertingActs({ primary: 'k', standby: 'k' }).map(act => `${act.name}: ${act.rule}`));
  });

  it('lists every act that is proven to stay silent', () => {
    for (const act of innocentActs()) expect(page).toContain(`\n- ${act.name}\n`);
    expect(page).toContain(`${innocentActs().length} records prove it`);
  });

  it('names tests that exist', () => {
    for (const [, file, title] of page.matchAll(/`(__tests__\/[\w/.-]+)`, "([^<"]+)/g)) {
      expect(read(file ?? '')).toContain(title);
    }
    expect(page.match(/`__tests__\/[\w/.-]+`, "/g)).toHaveLength(2);
  });

  it('is linked from the README', () => {
    expect(read('README.md')).toContain('](docs/detection.md)');
  });
});
