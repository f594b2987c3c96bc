import { existsSync } from 'node:fs';
import type { RunMode, StackNode } from '../rollout/types.ts';
import { forwarderStackId, isAccountForwarder, PRIMARY_STACK_ID, ROLE_STACK_ID } from '../stacks/ids.ts';
import type { Preflight } from './preflight.ts';
import { localStates, stackDir, type Workspace } from './workspace.ts';

/** Stacks that a local state remembers and that the configuration no longer wants. */
export interface FormerStacks {
  /** What a teardown takes along. */
  readonly nodes: readonly StackNode[];
  /** Regions whose forwarders must be synthesized for that. */
  readonly regions: readonly string[];
  /** @param prune whether this run destroys them beside a deployment */
  notices(mode: RunMode, prune: boolean): readonly string[];
}

const FORWARDER_PREFIX = forwarderStackId('');

/** Looks for states without a wanted stack, so that a teardown leaves none behind and a deployment names them. */
export function formerStacks(
  workspace: Workspace,
  { identity }: Preflight,
  wanted: readonly StackNode[],
): FormerStacks {
  const former = localStates(workspace).filter(state => !wanted.some(node => node.id === state));
  const forwarders = former.filter(state => state.startsWith(FORWARDER_PREFIX) && !isAccountForwarder(state));
  const regions = forwarders.map(state => state.slice(FORWARDER_PREFIX.length));
  // Other stacks can't be made again from the configuration, but the folder of their last synthesis still knows how.
  const [others, lost] = partition(
    former.filter(state => !forwarders.includes(state) && state !== PRIMARY_STACK_ID),
    state => existsSync(stackDir(workspace, state)) && state !== ROLE_STACK_ID,
  );
  const node = (id: string, region: string): StackNode => ({
    id,
    account: region === 'global' ? null : identity.accountId,
    region,
    dependsOn: [PRIMARY_STACK_ID],
  });
  const here = [...forwarders, ...others];
  return {
    nodes: [...regions.map(region => node(forwarderStackId(region), region)), ...others.map(id => node(id, 'global'))],
    regions,
    notices: (mode, prune) => [
      ...(here.length > 0 && mode !== 'destroy'
        ? [
            `the configuration no longer wants ${here.join(', ')}: ${prune ? 'destroyed by this run' : 'left as it is, --prune destroys it'}.`,
          ]
        : []),
      ...lost.map(
        id => `state/${id}.tfstate is left as it is: destroy it by terraform destroy in cdktf.out/stacks/${id}.`,
      ),
    ],
  };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): readonly [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))];
}
