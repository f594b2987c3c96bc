import { describe, expect, it } from '@jest/globals';
import { lockEntry, lockText } from '../../src/terraform/lock-file.ts';

const AWS = 'registry.terraform.io/hashicorp/aws';
const TEXT = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0, < 7.0.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
    "zh:00ff",
  ]
}
`;

describe('the lock file', () => {
  it('is read and written in one and the same form', () => {
    const entry = lockEntry(TEXT, AWS);
    expect(entry).toEqual({
      version: '5.100.0',
      constraints: '>= 5.100.0, < 7.0.0',
      hashes: ['h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=', 'zh:00ff'],
    });
    expect(lockText(AWS, entry!)).toBe(TEXT);
  });

  it('says nothing of a provider that it does not name', () => {
    expect(lockEntry(TEXT, 'registry.terraform.io/hashicorp/awscc')).toBeNull();
    expect(lockEntry(TEXT, 'registryXterraform.io/hashicorp/aws')).toBeNull();
    expect(lockEntry('', AWS)).toBeNull();
  });

  it("does not take another provider's version", () => {
    const other = TEXT.replace('hashicorp/aws', 'hashicorp/random').replace('5.100.0"', '3.0.0"');
    expect(lockEntry(other + TEXT, AWS)?.version).toBe('5.100.0');
  });

  it('has no list of hashes when there are none', () => {
    expect(lockText(AWS, { version: '6.0.0', constraints: null, hashes: [] }).split('\n').slice(3)).toEqual([
      `provider "${AWS}" {`,
      '  version     = "6.0.0"',
      '}',
      '',
    ]);
  });
});
