import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/config/schema.ts';
import { formerStacks } from '../../src/operations/former-stacks.ts';
import type { Preflight } from '../../src/operations/preflight.ts';
import { stackGraph } from '../../src/operations/stack-graph.ts';
import { workspaceAt, type Workspace } from '../../src/operations/workspace.ts';

const checked = { identity: { accountId: '123456789012', arn: 'a', partition: 'aws' } } as Preflight;
const wanted = stackGraph(parseConfig({}, 'test'), '123456789012', ['eu-west-1']);

describe('stacks that only a state remembers', () => {
  let workspace: Workspace;
  const state = (stack: string, text: string) => writeFileSync(join(workspace.stateDir, `${stack}.tfstate`), text);
  const full = JSON.stringify({ resources: [{}] });

  beforeEach(() => {
    workspace = workspaceAt(mkdtempSync(join(tmpdir(), 'break-glass-former-')));
    mkdirSync(workspace.stateDir);
  });
  afterEach(() => rmSync(workspace.root, { recursive: true }));

  it('are none while every state is wanted, or none is there', () => {
    expect(formerStacks(workspaceAt('/nowhere'), checked, wanted).nodes).toEqual([]);
    for (const { id } of wanted) state(id, full);
    expect(formerStacks(workspace, checked, wanted)).toMatchObject({ nodes: [], regions: [] });
  });

  it('are forwarders of regions that nobody wants any more, and a teardown takes them along', () => {
    state('regional-forwarder-af-south-1', full);
    const former = formerStacks(workspace, checked, wanted);
    expect(former.nodes).toEqual([
      { id: 'regional-forwarder-af-south-1', account: '123456789012', region: 'af-south-1', dependsOn: ['bg-user'] },
    ]);
    expect(former.regions).toEqual(['af-south-1']);
    expect(former.notices('apply', false)).toEqual([expect.stringContaining('regional-forwarder-af-south-1')]);
    expect(former.notices('destroy', false)).toEqual([]);
  });

  it('are not states that a teardown has emptied', () => {
    state('regional-forwarder-af-south-1', JSON.stringify({ resources: [] }));
    expect(formerStacks(workspace, checked, wanted).nodes).toEqual([]);
  });

  it('are states that nobody can read, as they may hold something', () => {
    state('regional-forwarder-af-south-1', '{');
    expect(formerStacks(workspace, checked, wanted).regions).toEqual(['af-south-1']);
  });

  it('are forwarders of accounts that nobody watches any more, which are no regions of the own account', () => {
    state('regional-forwarder-444455556666-eu-west-1', full);
    mkdirSync(join(workspace.outdir, 'stacks', 'regional-forwarder-444455556666-eu-west-1'), { recursive: true });
    const former = formerStacks(workspace, checked, wanted);
    expect(former.regions).toEqual([]);
    expect(former.nodes.map(node => node.id)).toEqual(['regional-forwarder-444455556666-eu-west-1']);
  });

  it('are roles whose entry is gone, while their folder still knows how to destroy them', () => {
    state('bg-role-444455556666', full);
    state('bg-role-777788889999', full);
    mkdirSync(join(workspace.outdir, 'stacks', 'bg-role-444455556666'), { recursive: true });
    const former = formerStacks(workspace, checked, wanted);
    expect(former.nodes.map(node => node.id)).toEqual(['bg-role-444455556666']);
    expect(former.notices('destroy', false)).toEqual([
      expect.stringContaining('state/bg-role-777788889999.tfstate is left as it is'),
    ]);
  });
});
