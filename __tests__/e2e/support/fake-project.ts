/** A checkout whose terraform is the fake one: what each stack does is written down, and each signal is recorded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageHash } from '../../../src/terraform/package-identity.ts';
import { fakeTerraform, fileSays, recorded, type Recorded } from '../../fixtures/terraform/fake.ts';
import type { Checkout } from './checkout.ts';

export interface FakeProject {
  readonly env: Readonly<Record<string, string>>;
  /** How terraform behaves in one folder of the project; see the fake's own description. */
  play(folder: string, behaviour: Readonly<Record<string, unknown>>): void;
  /** Everything recorded for commands that ran in the stack's folder, in order. */
  record(stack: string): readonly Recorded[];
  /** Resolves when the record satisfies the condition; rejects when the run has ended before. */
  until(ended: Promise<unknown>, fits: (record: readonly Recorded[]) => boolean): Promise<void>;
}

export const PROVIDER_FOLDER = '.break-glass/provider';
export const stackFolder = (stack: string) => join('cdktf.out/stacks', stack);

/** What terraform says when an apply is complete. */
export const APPLIED = {
  type: 'change_summary',
  changes: { add: 1, change: 0, remove: 0, operation: 'apply' },
};

const PLATFORM = 'registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64';

export async function fakeProject(project: Checkout): Promise<FakeProject> {
  const record = join(project.root, 'record.jsonl');
  const all = { record, lines: [APPLIED], files: { '.terraform/terraform.tfstate': '{"backend":1}' } };
  const installs = {
    files: {
      [`.terraform/providers/${PLATFORM}/provider`]: 'binary',
      '.terraform.lock.hcl': [
        'provider "registry.terraform.io/hashicorp/aws" {',
        '  version = "5.100.0"',
        `  hashes = ["${await hashOf('binary')}"]`,
        '}',
        '',
      ].join('\n'),
    },
  };
  const pids = () => new Map(recorded(record).flatMap(entry => (entry.cwd ? [[entry.pid, entry.cwd] as const] : [])));
  const play: FakeProject['play'] = (folder, behaviour) => {
    const file = join(project.root, folder, 'fake-terraform.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ record, ...behaviour }));
  };
  play(PROVIDER_FOLDER, installs);
  return {
    env: { TERRAFORM_BINARY_NAME: fakeTerraform.path, TF_FAKE: JSON.stringify(all) },
    play,
    record: stack => recorded(record).filter(entry => pids().get(entry.pid)?.endsWith(stackFolder(stack))),
    until: (ended, fits) =>
      Promise.race([
        fileSays(record, () => fits(recorded(record))),
        ended.then(end => {
          if (!fits(recorded(record))) throw new Error(`the run ended before: ${JSON.stringify(end)}`);
        }),
      ]),
  };
}

async function hashOf(content: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bg-package-'));
  try {
    writeFileSync(join(folder, 'provider'), content);
    return await packageHash(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
