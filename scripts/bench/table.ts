import { cellOf, sizesOf, type Cell, type Scenario } from './cells.ts';
import { verdictOf, type Target } from './targets.ts';
import { VARIANTS, type BenchResults, type VariantName } from './types.ts';

/** Rows of cells, the first of them the head. Columns from the third on are numbers. */
export type Table = readonly (readonly string[])[];

/** One row per size and variant; what was not run or failed says so in place of numbers. */
export function scenarioTable(results: BenchResults, { phase, latencyMs }: Scenario): Table {
  const { runs } = results;
  const head = [
    'regions',
    'variant',
    'wall s',
    'CPU s',
    'CPU s per region',
    'peak memory GB',
    'HTTP calls',
    'against ours',
  ];
  const rows = sizesOf(runs).flatMap(regions => {
    const ours = cellOf(runs, 'ours', regions, phase, latencyMs);
    return VARIANTS.flatMap(variant => {
      const cell = cellOf(runs, variant, regions, phase, latencyMs);
      const start = [`${regions}`, variant];
      if (cell !== null) return [[...start, ...numbersOf(cell, ours)]];
      const note = absenceOf(results, variant, regions, { phase, latencyMs });
      return note === null ? [] : [[...start, note, '', '', '', '', '']];
    });
  });
  return [head, ...rows];
}

function numbersOf(cell: Cell, ours: Cell | null): string[] {
  return [
    cell.wallSeconds.toFixed(1),
    cell.cpuSeconds.toFixed(1),
    cell.cpuPerRegion.toFixed(1),
    (cell.peakMemoryBytes / 1e9).toFixed(1),
    cell.httpCalls.toFixed(0),
    cell.variant === 'ours' || ours === null
      ? ''
      : `wall x ${(cell.wallSeconds / ours.wallSeconds).toFixed(1)}, CPU x ${(cell.cpuSeconds / ours.cpuSeconds).toFixed(1)}`,
  ];
}

function absenceOf(
  { runs, notRun }: BenchResults,
  variant: VariantName,
  regions: number,
  { phase, latencyMs }: Omit<Scenario, 'title'>,
): string | null {
  const same = (other: { variant: VariantName; regions: number; latencyMs: number }): boolean =>
    other.variant === variant && other.regions === regions && other.latencyMs === latencyMs;
  if (runs.some(run => same(run) && run.phase === phase && run.failure !== null)) return 'FAILED';
  return notRun.some(same) ? 'not run' : null;
}

export function targetTable(targets: readonly Target[]): Table {
  return [
    ['target', 'limit', 'measured', 'verdict'],
    ...targets.map(target => {
      const { text, measured, limit, least, unit } = target;
      return [
        text,
        limit === null ? '' : `${least ? 'at least' : 'at most'} ${Number(limit.toFixed(1))} ${unit}`,
        measured === null ? '' : `${towardsMissing(measured, least)} ${unit}`,
        verdictOf(target),
      ];
    }),
  ];
}

/** Two decimals, rounded to our disadvantage: 4.998 of at least 5 must not read 5.00 beside NOT met. */
function towardsMissing(value: number, least: boolean): string {
  const hundredths = Number((value * 100).toFixed(6));
  return ((least ? Math.floor(hundredths) : Math.ceil(hundredths)) / 100).toFixed(2);
}

/** For a terminal: aligned columns, numbers to the right. */
export function textTable(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return table.map(line).join('\n');
}

export function markdownTable(table: Table): string {
  const [head = [], ...rows] = table;
  const right = head.map((_, column) => rows.some(row => isNumber(row[column] ?? '')));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(right.map(isRight => (isRight ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

function isNumber(cell: string): boolean {
  return /^\d+(\.\d+)?$/.test(cell);
}
