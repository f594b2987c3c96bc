/** Words, widths and times: what all renderers share. */
import { stripVTControlCharacters } from 'node:util';
import type { Changes } from '../types.ts';

/* eslint-disable no-control-regex -- control characters are what this is about */
/** Control characters and those that turn the reading direction: AWS hands back text that a caller chose. */
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/* eslint-enable no-control-regex */

/** Characters that take two cells of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Foreign text without escape sequences and control characters. Line ends stay: each caller decides about them. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replaceAll(UNPRINTABLE, ' ');

/** Foreign text as a single line. */
export const oneLine = (text: string): string => clean(text).replaceAll(/\s+/g, ' ').trim();

/** Terminal cells that a text without colours takes. */
export function width(text: string): number {
  let cells = 0;
  for (const character of text) cells += WIDE.test(character) ? 2 : 1;
  return cells;
}

/** The text, cut to `cells` with an ellipsis at its end. */
export function truncate(text: string, cells: number): string {
  return width(text) <= cells ? text : `${take(text, cells - 1)}…`;
}

/** The text, cut in its middle: the region at the end of a stack's name says most. */
export function truncateMiddle(text: string, cells: number): string {
  if (width(text) <= cells) return text;
  const head = Math.floor((cells - 1) / 4);
  const tail = [...text].slice(-(cells - 1 - head)).join('');
  return truncate(`${take(text, head)}…${tail}`, cells);
}

export const pad = (text: string, cells: number): string => text + ' '.repeat(Math.max(0, cells - width(text)));

/** Lines of at most `columns` cells, each begun by `indent`; broken between words, inside a word only if it's longer. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const room = Math.max(1, columns - width(indent));
  return text.split('\n').flatMap(paragraph => fold(paragraph, room).map(row => (indent + row).trimEnd()));
}

function fold(paragraph: string, room: number): string[] {
  const rows: string[] = [];
  // Two spaces stay two: they set a command apart from its sentence.
  let row = '';
  for (const piece of paragraph.match(/\s*\S+/g) ?? []) {
    if (width(row + piece) <= room) {
      row += piece;
      continue;
    }
    if (row !== '') rows.push(row);
    row = row === '' ? piece : piece.trimStart();
    while (width(row) > room) {
      const part = take(row, room) || [...row].slice(0, 1).join('');
      rows.push(part);
      row = row.slice(part.length);
    }
  }
  return row === '' && rows.length > 0 ? rows : [...rows, row];
}

function take(text: string, cells: number): string {
  let taken = '';
  for (const character of text) {
    if (width(taken + character) > cells) break;
    taken += character;
  }
  return taken;
}

/** `6.1 s`, `2m 05s`, `1h 05m`. */
export function duration(ms: number): string {
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/** `00:14`, `1:00:14`. Whole seconds that have passed. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutesAndSeconds = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutesAndSeconds : `${Math.floor(seconds / 3600)}:${minutesAndSeconds}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `14 added`, `1 added, 2 changed, 3 removed`, `no changes`. */
export function changesInWords({ add, change, remove }: Changes): string {
  const parts = [add && `${add} added`, change && `${change} changed`, remove && `${remove} removed`];
  return parts.filter(Boolean).join(', ') || 'no changes';
}

/** `1 stack`, `2 stacks`. */
export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
