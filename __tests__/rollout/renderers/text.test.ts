import { describe, expect, it } from '@jest/globals';
import {
  changesInWords,
  clean,
  count,
  duration,
  oneLine,
  stopwatch,
  truncate,
  truncateMiddle,
  width,
  wrap,
} from '../../../src/rollout/renderers/text.ts';
import { changes } from '../helpers.ts';

describe('words and numbers', () => {
  it.each([
    [0, '0.0 s'],
    [49, '0.0 s'],
    [6149, '6.1 s'],
    [41_200, '41.2 s'],
    [59_940, '59.9 s'],
    [59_960, '1m 00s'],
    [125_000, '2m 05s'],
    [3_599_400, '59m 59s'],
    [3_599_600, '1h 00m'],
    [3_930_000, '1h 06m'],
  ])('a duration of %p ms is %p', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it.each([
    [0, '00:00'],
    [14_999, '00:14'],
    [754_000, '12:34'],
    [3_614_000, '1:00:14'],
  ])('a stopwatch at %p ms shows %p', (ms, expected) => {
    expect(stopwatch(ms)).toBe(expected);
  });

  it.each([
    [changes(), 'no changes'],
    [changes(14), '14 added'],
    [changes(0, 2), '2 changed'],
    [changes(1, 2, 3), '1 added, 2 changed, 3 removed'],
  ])('%p are %p', (given, expected) => {
    expect(changesInWords(given)).toBe(expected);
  });

  it('count one and many', () => {
    expect([count(1, 'stack'), count(2, 'stack')]).toEqual(['1 stack', '2 stacks']);
  });
});

describe('foreign text', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['a\u001b]0;title\u0007b', 'ab'],
    ['a\rb\u0008\u0007c', 'a b  c'],
    ['a\r\nb', 'a\nb'],
    ['abc\u202ecba', 'abc cba'],
  ])('%j becomes %j', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('can be made one line', () => {
    expect(oneLine('  a\n\n  b\u001b[2K\tc ')).toBe('a b c');
  });
});

describe('width', () => {
  it('counts two cells for wide characters', () => {
    expect([width('abc…'), width('日本'), width('🔥')]).toEqual([4, 4, 2]);
  });

  it.each([
    ['regional', 8, 'regional'],
    ['regional', 7, 'region…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
  ])('%p in %p cells is %p', (text, cells, expected) => {
    expect(truncate(text, cells)).toBe(expected);
  });

  it('keeps the end of a name more than its beginning', () => {
    expect(truncateMiddle('regional-forwarder-111122223333-ap-southeast-1', 36)).toBe(
      'regional…111122223333-ap-southeast-1',
    );
  });

  it.each([
    ['a b c', 3, '', ['a b', 'c']],
    ['a b c', 4, '  ', ['  a', '  b', '  c']],
    ['abcdefg', 3, '', ['abc', 'def', 'g']],
    ['ab cdefgh i', 4, '', ['ab', 'cdef', 'gh i']],
    ['first:\n  second\n\nthird', 20, '> ', ['> first:', '>   second', '>', '> third']],
    ['then  run', 20, '', ['then  run']],
    ['then  run', 6, '', ['then', 'run']],
    ['', 5, '', ['']],
    ['日本語', 3, '', ['日', '本', '語']],
    ['日本', 1, '', ['日', '本']],
    ['a b', Infinity, '', ['a b']],
  ])('%j in %p columns after %j is %j', (text, columns, indent, expected) => {
    expect(wrap(text, columns, indent)).toEqual(expected);
  });
});
