/** The IAM policy language, as far as this project writes it. */

export type Principal = { readonly AWS: string | readonly string[] } | { readonly Service: string | readonly string[] };

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Principal;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export function policyDocument(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** Service principals that speak in resource policies. The same name serves in every partition. */
export const EVENTBRIDGE = 'events.amazonaws.com';

/** Denies every request that does not come over TLS. */
export function denyWithoutTls(action: string, resource: string): Statement {
  return {
    Sid: 'OnlyOverTls',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: action,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
