import type { EventPattern } from '../../src/detection/patterns.ts';

const ABSENT = Symbol('absent');

/**
 * EventBridge's matching, as far as our patterns use it: every field of the pattern must be met, an array means "any of",
 * `$or` means "any of these branches". The end-to-end tests let the emulator's own matcher judge the same.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return (wanted as EventPattern[]).some(branch => matches(branch, event));
    const actual = isRecord(event) && field in event ? event[field] : ABSENT;
    if (!Array.isArray(wanted)) return matches(wanted as EventPattern, actual);
    const values = Array.isArray(actual) ? actual : [actual];
    return wanted.some(filter => values.some(value => accepts(filter, value)));
  });
}

function accepts(filter: unknown, value: unknown): boolean {
  if (!isRecord(filter)) return value === filter;
  const [[name, argument]] = Object.entries(filter) as [[string, unknown]];
  if (name === 'exists') return (value !== ABSENT) === argument;
  if (value === ABSENT) return false;
  switch (name) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(argument));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(argument));
    case 'anything-but':
      return !(argument as unknown[]).includes(value);
    default:
      throw new Error(`the matcher does not know the operator ${name}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
