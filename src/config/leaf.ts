/** How one value becomes a schema: a rule in words, and zod to apply it. */
import { z } from 'zod';

/** A rule for one value. `fix` may look at the value and suggest. */
export interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly rule: string;
  readonly fix?: string | ((value: unknown) => string);
}

/** A schema for one value of type `T`. The rule's fix travels in the issue's `params`. */
export function leaf<T>(rule: Rule) {
  return z.custom<T>().check(context => {
    if (rule.accepts(context.value)) return;
    context.issues.push(ruleIssue(rule, context.value, []));
  });
}

/** The same rule for `null` as well. */
export function orNull(rule: Rule): Rule {
  return { ...rule, accepts: value => value === null || rule.accepts(value) };
}

/** What {@link leaf} reports, for checks that look at several values themselves. */
export function ruleIssue({ rule, fix }: Rule, value: unknown, path: (string | number)[]) {
  const text = typeof fix === 'function' ? fix(value) : (fix ?? '');
  return { code: 'custom' as const, input: value, message: rule, params: { fix: text }, path };
}

/** Accepts texts that the pattern matches. */
export const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** The pattern of an ARN whose part behind the partition matches `middle`. */
export const arn = (middle: string) => new RegExp(`^arn:(aws|aws-us-gov|aws-cn):${middle}$`);
