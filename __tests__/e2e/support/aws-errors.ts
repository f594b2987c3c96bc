/**
 * Errors in the words and wire formats of AWS.
 * Codes: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (query protocol) and
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html (JSON protocol); a region that an account
 * has just enabled doesn't know its credentials yet.
 * Policies: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Call, Fault, NetworkFault } from './fault-proxy.ts';

type AwsFault = Exclude<Fault, NetworkFault>;

interface AwsError {
  /** Code and status of the JSON protocol; the query protocol's differ for some. */
  readonly json: readonly [code: string, status: number];
  readonly query: readonly [code: string, status: number];
  readonly message: string;
}

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const CALLER = 'arn:aws:sts::123456789012:assumed-role/Platform/ana';

function errorOf(fault: AwsFault, { service, action, region }: Omit<Call, 'fault'>): AwsError {
  const refused =
    `User: ${CALLER} is not authorized to perform: ${service}:${action} on resource: ` +
    `arn:aws:${service}:${region}:123456789012:*`;
  const denied = { json: ['AccessDeniedException', 400], query: ['AccessDenied', 403] } as const;
  switch (fault) {
    case 'error500':
      return { json: ['InternalException', 500], query: ['InternalFailure', 500], message: 'Internal error' };
    case 'throttle':
      return { json: ['ThrottlingException', 400], query: ['Throttling', 400], message: 'Rate exceeded' };
    case 'denied':
      return {
        ...denied,
        message: `${refused} because no identity-based policy allows the ${service}:${action} action`,
      };
    case 'scp':
      return { ...denied, message: `${refused} with an explicit deny in a service control policy` };
    case 'expired':
      return {
        json: ['ExpiredTokenException', 400],
        query: ['ExpiredToken', 403],
        message: 'The security token included in the request is expired',
      };
    case 'not-ready':
      return {
        json: ['UnrecognizedClientException', 400],
        query: ['InvalidClientTokenId', 403],
        message: 'The security token included in the request is invalid.',
      };
  }
}

/** The answer as the service would give it, in the protocol in which it was asked. */
export function errorResponse(fault: AwsFault, call: Omit<Call, 'fault'>, headers: IncomingHttpHeaders): ErrorResponse {
  const error = errorOf(fault, call);
  if (headers['x-amz-target'] !== undefined) {
    const [code, status] = error.json;
    const type = String(headers['content-type'] ?? 'application/x-amz-json-1.1');
    return {
      status,
      headers: { 'content-type': type, 'x-amzn-errortype': code, 'x-amzn-requestid': 'test' },
      text: JSON.stringify({ __type: code, message: error.message }),
    };
  }
  const [code, status] = error.query;
  const fields = `<Code>${code}</Code><Message>${error.message}</Message>`;
  const text =
    call.service === 'ec2'
      ? `<Response><Errors><Error>${fields}</Error></Errors><RequestID>test</RequestID></Response>`
      : call.service === 's3'
        ? `<Error>${fields}<RequestId>test</RequestId></Error>`
        : `<ErrorResponse><Error><Type>Sender</Type>${fields}</Error><RequestId>test</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, text };
}
