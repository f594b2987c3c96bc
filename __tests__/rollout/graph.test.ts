import { describe, expect, it } from '@jest/globals';
import { orderGraph, reverseGraph, selectNodes } from '../../src/rollout/graph.ts';
import type { StackNode } from '../../src/rollout/types.ts';
import { graph, node } from './helpers.ts';

const ids = (nodes: readonly StackNode[]): string => nodes.map(({ id }) => id).join(' ');
const edges = (nodes: readonly StackNode[]): string[] =>
  nodes.map(({ id, dependsOn }) => (dependsOn.length > 0 ? `${id} after ${dependsOn.join(' ')}` : id));

describe('the order of a graph', () => {
  it.each([
    ['', ''],
    ['A', 'A'],
    ['C, B, A', 'C B A'],
    ['A -> B, C -> D', 'A B C D'],
    ['A -> D, B -> D, C -> D', 'A B C D'],
    ['A -> B -> C, A -> C', 'A B C'],
  ])('of %p is %p', (text, expected) => {
    expect(ids(orderGraph(text === '' ? [] : graph(text)))).toBe(expected);
  });

  it('puts a stack after those that it depends on, even if it is listed before them', () => {
    expect(ids(orderGraph([node('C', ['B']), node('B', ['A']), node('A')]))).toBe('A B C');
  });

  it('refuses a dependency that nobody knows, by name', () => {
    expect(() => orderGraph([node('A', ['Z'])])).toThrow(`Stack "A" depends on "Z", which isn't part of this run.`);
  });

  it('refuses a stack that is listed twice', () => {
    expect(() => orderGraph([node('A'), node('A')])).toThrow('Stack "A" is listed twice.');
  });

  it.each([
    ['A -> A', 'A -> A'],
    ['A -> B -> A', 'A -> B -> A'],
    ['S -> A -> B -> C -> A', 'A -> C -> B -> A'],
  ])('prints the cycle of %p as the path %p', (text, path) => {
    expect(() => orderGraph(graph(text))).toThrow(`The stacks wait for each other: ${path}.`);
  });
});

describe('the reversed graph', () => {
  it.each([
    ['A, B', ['B', 'A']],
    ['A -> B, A -> C', ['C', 'B', 'A after B C']],
    ['A -> B -> C', ['C', 'B after C', 'A after B']],
  ])('of %p takes down dependants first', (text, expected) => {
    expect(edges(reverseGraph(graph(text)))).toEqual(expected);
  });

  it('reversed again has the edges of the first', () => {
    const first = graph('A -> B -> D, A -> C -> D');
    expect(edges(reverseGraph(reverseGraph(first)))).toEqual(['A', 'B after A', 'C after A', 'D after C B']);
  });
});

describe('a part of a graph', () => {
  it.each([
    ['A -> B, C', 'B C', ['B', 'C']],
    ['A -> B -> C', 'A C', ['A', 'C after A']],
    ['A -> B -> C, D -> C', 'A C', ['A', 'C after A']],
    ['A -> B', 'A B', ['A', 'B after A']],
  ])('of %p with only %p waits for nothing that was left out', (text, chosen, expected) => {
    expect(edges(selectNodes(graph(text), chosen.split(' ')))).toEqual(expected);
  });
});
