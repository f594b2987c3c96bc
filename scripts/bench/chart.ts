import { cellOf, scenariosOf, sizesOf, type Cell, type Scenario } from './cells.ts';
import { VARIANTS, type BenchResults, type VariantName } from './types.ts';

/** Pixels. */
const WIDTH = 920;
const MARGIN = 24;
const LABEL = 76;
const GAP = 24;
const BAR = 18;
const BAR_PITCH = 24;
const VALUE = 64;
const PANEL_TITLE = 30;
const HEAD = 84;
const COLUMN = (WIDTH - 2 * MARGIN - LABEL - GAP) / 2;
const LEFT = MARGIN + LABEL;
const RIGHT = LEFT + COLUMN + GAP;

/** Distinguishable without colour sight: https://jfly.uni-koeln.de/color/ (Okabe and Ito) */
const COLOURS: Readonly<Record<VariantName, string>> = {
  ours: '#0072b2',
  loop: '#d55e00',
  cdktf: '#e69f00',
  aliases: '#7f7f7f',
};

/** The size for which the scenarios beside the fresh deployment are drawn. */
const DETAIL_SIZE = 16;

interface Panel {
  readonly title: string;
  readonly cells: readonly { readonly variant: VariantName; readonly cell: Cell | null }[];
}

/** Bars for wall and CPU seconds, side by side, one row of panels per size. Each row has a scale of its own. */
export function chartOf(results: BenchResults): string {
  const panels = panelsOf(results);
  let y = HEAD;
  const drawn = panels.map(panel => {
    const top = y;
    y += PANEL_TITLE + panel.cells.length * BAR_PITCH + 12;
    return drawPanel(panel, top);
  });
  const { machine } = results;
  const subtitle = `${machine.cores} cores, ${machine.cpu}. Shorter is better; each row has its own scale.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 6}" viewBox="0 0 ${WIDTH} ${y + 6}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13" fill="#1f2328">`,
    `<title>Rollout benchmark: wall and CPU seconds per variant</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(MARGIN, 28, 'Rolling out to many regions', 'font-size="18" font-weight="600"'),
    text(MARGIN, 48, subtitle, 'fill="#59636e"'),
    text(LEFT, 74, 'wall seconds', 'fill="#59636e"'),
    text(RIGHT, 74, 'CPU seconds', 'fill="#59636e"'),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function panelsOf({ runs, notRun }: BenchResults): Panel[] {
  const sizes = sizesOf(runs);
  const detail = sizes.includes(DETAIL_SIZE) ? DETAIL_SIZE : sizes.at(-1);
  const panel = (scenario: Scenario, regions: number): Panel => ({
    title: `${scenario.title}, ${regions} ${regions === 1 ? 'region' : 'regions'}`,
    cells: VARIANTS.filter(variant =>
      [...runs, ...notRun].some(
        item => item.variant === variant && item.regions === regions && item.latencyMs === scenario.latencyMs,
      ),
    ).map(variant => ({ variant, cell: cellOf(runs, variant, regions, scenario.phase, scenario.latencyMs) })),
  });
  const [fresh, ...others] = scenariosOf(runs);
  if (fresh === undefined || detail === undefined) return [];
  return [...sizes.map(regions => panel(fresh, regions)), ...others.map(scenario => panel(scenario, detail))];
}

function drawPanel({ title, cells }: Panel, top: number): string {
  const most = (value: (cell: Cell) => number): number =>
    Math.max(...cells.map(({ cell }) => (cell === null ? 0 : value(cell))), Number.EPSILON);
  const scales = { wall: most(cell => cell.wallSeconds), cpu: most(cell => cell.cpuSeconds) };
  const bar = (x: number, y: number, share: number, seconds: number, colour: string): string => {
    const width = Math.max(1, share * (COLUMN - VALUE));
    return [
      `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${colour}"/>`,
      text(x + width + 6, y + 13, `${seconds.toFixed(1)} s`),
    ].join('\n');
  };
  const rows = cells.map(({ variant, cell }, index) => {
    const y = top + PANEL_TITLE + index * BAR_PITCH;
    const label = text(LEFT - 8, y + 13, variant, `text-anchor="end"${variant === 'ours' ? ' font-weight="600"' : ''}`);
    if (cell === null) return [label, text(LEFT, y + 13, 'no figure', 'fill="#59636e"')].join('\n');
    return [
      label,
      bar(LEFT, y, cell.wallSeconds / scales.wall, cell.wallSeconds, COLOURS[variant]),
      bar(RIGHT, y, cell.cpuSeconds / scales.cpu, cell.cpuSeconds, COLOURS[variant]),
    ].join('\n');
  });
  return [text(LEFT, top + 16, title, 'font-weight="600"'), ...rows].join('\n');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(0)}" y="${y}"${attributes && ` ${attributes}`}>${escaped}</text>`;
}
