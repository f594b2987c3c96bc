import type { EventPattern } from '../../src/detection/patterns.ts';

/**
 * EventBridge's exact matching, as far as our patterns use it: every field of the pattern must be met, an array means
 * "any of", `$or` means "any of these branches". The end-to-end tests let the emulator's own matcher judge the same.
 */
export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    if (field === '$or') return (wanted as EventPattern[]).some(branch => matches(branch, event));
    const actual = isRecord(event) ? event[field] : undefined;
    if (Array.isArray(wanted))
      return Array.isArray(actual) ? actual.some(v => wanted.includes(v)) : wanted.includes(actual);
    return actual !== undefined && matches(wanted as EventPattern, actual);
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
