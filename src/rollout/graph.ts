/** The order of stacks: what must end before what. */
import { dependencyCycle, duplicateStack, unknownDependency } from '../errors.ts';
import type { StackNode } from './types.ts';

/**
 * The stacks in an order in which each comes after all that it depends on; otherwise the order given is kept.
 * @throws UserError `duplicate-stack`, `unknown-dependency`, or `dependency-cycle` with the cycle as a path
 */
export function orderGraph(nodes: readonly StackNode[]): StackNode[] {
  const byId = index(nodes);
  const ordered = new Set<StackNode>();
  const path: string[] = [];
  const visit = (node: StackNode): void => {
    if (ordered.has(node)) return;
    const seenAt = path.indexOf(node.id);
    if (seenAt !== -1) throw dependencyCycle([...path.slice(seenAt), node.id]);
    path.push(node.id);
    for (const id of node.dependsOn) {
      const dependency = byId.get(id);
      if (dependency === undefined) throw unknownDependency(node.id, id);
      visit(dependency);
    }
    path.pop();
    ordered.add(node);
  };
  nodes.forEach(visit);
  return [...ordered];
}

/** The graph for taking down: every stack waits for those that depended on it. In the reverse order. */
export function reverseGraph(nodes: readonly StackNode[]): StackNode[] {
  const dependants = new Map<string, string[]>(nodes.map(node => [node.id, []]));
  const ordered = orderGraph(nodes);
  for (const node of ordered) for (const id of new Set(node.dependsOn)) dependants.get(id)?.push(node.id);
  return ordered.reverse().map(node => ({ ...node, dependsOn: dependants.get(node.id) ?? [] }));
}

/**
 * The part of a graph that is still to be done. What's left out counts as done, so nobody waits for it; an order that
 * ran through it (a -> left out -> b) is kept as a -> b.
 * @throws UserError as {@link orderGraph}
 */
export function selectNodes(nodes: readonly StackNode[], ids: Iterable<string>): StackNode[] {
  const wanted = new Set(ids);
  const reaches = new Map<string, ReadonlySet<string>>();
  for (const node of orderGraph(nodes)) {
    const through = node.dependsOn.flatMap(id => (wanted.has(id) ? [id] : [...(reaches.get(id) ?? [])]));
    reaches.set(node.id, new Set(through));
  }
  return nodes
    .filter(node => wanted.has(node.id))
    .map(node => ({ ...node, dependsOn: [...(reaches.get(node.id) ?? [])] }));
}

function index(nodes: readonly StackNode[]): Map<string, StackNode> {
  const byId = new Map<string, StackNode>();
  for (const node of nodes) {
    if (byId.has(node.id)) throw duplicateStack(node.id);
    byId.set(node.id, node);
  }
  return byId;
}
