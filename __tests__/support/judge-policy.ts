import type { PolicyDocument, Statement } from '../../src/policies/document.ts';

/** A request as IAM sees it. Context keys that AWS would not send are left out. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** ARN, service name, or `*`-less account root; only resource policies ask for it. */
  readonly principal?: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** IAM's evaluation within one account: an explicit Deny wins, then an Allow, else it is denied. */
export function judge(documents: readonly PolicyDocument[], request: Request): 'allowed' | 'denied' {
  const applying = documents.flatMap(document => document.Statement).filter(statement => applies(statement, request));
  if (applying.some(statement => statement.Effect === 'Deny')) return 'denied';
  return applying.some(statement => statement.Effect === 'Allow') ? 'allowed' : 'denied';
}

function applies(statement: Statement, request: Request): boolean {
  return (
    (statement.Principal === undefined ||
      principals(statement.Principal).some(p => p === '*' || p === request.principal)) &&
    (statement.Action === undefined || list(statement.Action).some(p => like(p, request.action))) &&
    (statement.NotAction === undefined || !list(statement.NotAction).some(p => like(p, request.action))) &&
    (statement.Resource === undefined || list(statement.Resource).some(p => like(p, request.resource))) &&
    (statement.NotResource === undefined || !list(statement.NotResource).some(p => like(p, request.resource))) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, request.context?.[key], list(values))),
    )
  );
}

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  if (operator.endsWith('IfExists')) {
    return actual === undefined || holds(operator.slice(0, -'IfExists'.length), actual, wanted);
  }
  if (operator.includes('Not')) return !holds(operator.replace('Not', ''), actual, wanted);
  if (actual === undefined) return false;
  switch (operator) {
    case 'Bool':
    case 'StringEquals':
      return wanted.includes(actual);
    case 'ArnLike':
      return wanted.some(pattern => like(pattern, actual));
    case 'NumericLessThan':
      return wanted.some(limit => Number(actual) < Number(limit));
    default:
      throw new Error(`the judge does not know the operator ${operator}`);
  }
}

function principals(principal: NonNullable<Statement['Principal']>): readonly string[] {
  return list('AWS' in principal ? principal.AWS : principal.Service);
}

function like(pattern: string, value: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(value);
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
