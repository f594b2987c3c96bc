import { describe, expect, it } from '@jest/globals';
import { editDistance, suggest } from '../../src/config/suggest.ts';

describe('edit distance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['role', 'roles', 1],
    ['kitten', 'sitting', 3],
    ['esat', 'east', 1],
    ['ca', 'abc', 3],
  ])('from %p to %p is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});

describe('suggestion', () => {
  const keys = ['regions', 'roles', 'standbyRegion', 'users'];

  it.each([
    ['role', 'roles'],
    ['user', 'users'],
    ['ROLES', 'roles'],
    ['reigons', 'regions'],
    ['standby', 'standbyRegion'],
    ['standbyregion', 'standbyRegion'],
    ['xyzzy', null],
    ['s', null],
    ['', null],
  ])('for %p is %p', (word, expected) => {
    expect(suggest(word, keys)).toBe(expected);
  });

  it('is the nearest, and of equally near ones the first', () => {
    expect(suggest('us-west-3', ['us-west-1', 'us-west-2', 'eu-west-3'])).toBe('us-west-1');
    expect(suggest('eu-west-33', ['us-west-1', 'eu-west-3'])).toBe('eu-west-3');
  });
});
