/** What a plan found: a table of all stacks, then the resources of those that would change. */
import pc from 'picocolors';
import { hasChanges } from '../summary.ts';
import type { ResourceChange, StackResult } from '../types.ts';
import { clean, oneLine, pad, truncate, truncateMiddle, width, wrap } from './text.ts';

export interface PlanTableInput {
  readonly results: readonly StackResult[];
  readonly details: ReadonlyMap<string, readonly ResourceChange[]>;
  readonly columns: number;
  readonly colour: boolean;
}

const NUMBER = 8;
const ACTION = 9;

export function planTable({ results, details, columns, colour }: PlanTableInput): string[] {
  const paint = pc.createColors(colour);
  const widest = Math.max(5, ...results.map(({ stack }) => width(stack)));
  const nameWidth = Math.max(5, Math.min(widest, columns - 2 - 3 * NUMBER));
  const line = (name: string, cells: readonly (string | number)[]): string =>
    truncate(`  ${pad(truncateMiddle(name, nameWidth), nameWidth)}${cells.map(right).join('')}`, columns);
  const sum = (kind: 'add' | 'change' | 'remove'): number =>
    results.reduce((total, { changes }) => total + changes[kind], 0);

  const rows = results.map(result => {
    const { stack, state, changes, error } = result;
    if (state === 'succeeded') {
      const row = line(stack, [changes.add, changes.change, changes.remove]);
      return hasChanges(result) ? row : paint.dim(row);
    }
    // No numbers: nothing is known of it.
    return paint.red(truncate(`${line(stack, [])}  ${state}: ${oneLine(error?.code ?? '')}`, columns));
  });
  const known = results.some(({ state }) => state === 'succeeded');
  return [
    paint.bold(line('stack', ['add', 'change', 'remove'])),
    ...rows,
    ...(known ? [paint.bold(line('total', [sum('add'), sum('change'), sum('remove')]))] : []),
    ...results.flatMap(({ stack }) => resources(stack, details.get(stack) ?? [], columns, colour)),
  ];
}

const right = (cell: string | number): string => String(cell).padStart(NUMBER);

function resources(stack: string, changes: readonly ResourceChange[], columns: number, colour: boolean): string[] {
  if (changes.length === 0) return [];
  const { green, yellow, red } = pc.createColors(colour);
  const paint = (action: string): ((text: string) => string) =>
    action === 'create' ? green : action === 'update' ? yellow : red;
  const lines = changes.flatMap(({ address, action, drifted }) => {
    const cause = drifted ? '  (changed outside Terraform)' : '';
    return wrap(`${pad(oneLine(action), ACTION)}${clean(address)}${cause}`, columns, '    ').map(paint(action));
  });
  return ['', ...wrap(stack, columns, '  '), ...lines];
}
