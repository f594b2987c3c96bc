import { describe, expect, it } from '@jest/globals';
import { classify, decisive, isTransient, lockHolder, nextStep } from '../../src/terraform/classify.ts';

const S3_LOCK = `Error acquiring the state lock
Error message: operation error S3: PutObject, https response error StatusCode: 412, RequestID: X, HostID: Y, api error PreconditionFailed: At least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        2e55375b-8e3a-0606-8c84-084ca8140ee4
  Path:      bucket/key
  Operation: OperationTypeApply
  Who:       ana@laptop
  Version:   1.11.4
  Created:   2026-11-21 01:19:46.007935704 +0000 UTC
  Info:      


Terraform acquires a state lock to protect the state from being written`;
const LOCAL_LOCK = S3_LOCK.replace(/operation error.*/, 'resource temporarily unavailable');

describe('the class of a failure', () => {
  it.each([
    ['lock', S3_LOCK],
    ['lock', LOCAL_LOCK],
    ['lock', 'Error acquiring the state lock\nError message: something new'],
    [
      'permission',
      'Error acquiring the state lock\nError message: operation error S3: PutObject, StatusCode: 403, AccessDenied: Access Denied',
    ],
    ['provider', 'Required plugins are not installed\nThe installed provider plugins are not consistent with'],
    ['provider', 'Failed to query available provider packages\nlookup registry.terraform.io: no such host'],
    ['provider', "the local package doesn't match any of the\nchecksums previously recorded"],
    ['provider', 'Plugin did not respond\nThe plugin encountered an error'],
    [
      'backend',
      'Backend initialization required: please run "terraform init"\nReason: Backend configuration block has changed',
    ],
    ['backend', 'Backend configuration changed'],
    [
      'scp',
      'creating EventBridge Rule: PutRule, StatusCode: 400, AccessDeniedException: User: x is not authorized to perform: events:PutRule with an explicit deny in a service\ncontrol policy',
    ],
    ['permission', 'UnauthorizedOperation: You are not authorized to perform this operation.'],
    [
      'permission',
      'Cannot assume IAM Role\nAccessDenied: User: x is not authorized to perform: sts:AssumeRole on resource: y',
    ],
    ['permission', 'AuthorizationErrorException: User is not authorized'],
    ['region-not-ready', 'OptInRequired: You are not subscribed to this service.'],
    ['credentials', 'InvalidClientTokenId: The security token included in the request is invalid'],
    ['credentials', 'ExpiredToken: The security token included in the request is expired'],
    [
      'credentials',
      'No valid credential sources found\nfailed to refresh cached credentials, no EC2 IMDS role found, context deadline exceeded',
    ],
    ['credentials', 'AWS account ID not allowed: 123456789012'],
    ['throttling', 'ThrottlingException: Rate exceeded'],
    ['throttling', 'https response error StatusCode: 400, RequestLimitExceeded: Request limit exceeded.'],
    ['throttling', 'TooManyRequestsException: x'],
    ['network', 'Post "https://events.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: connect: connection refused'],
    [
      'network',
      'retrieving caller identity from STS: dial tcp: lookup sts.x: no such host, validating provider credentials',
    ],
    ['network', 'operation error KMS: CreateKey, https response error StatusCode: 503, ServiceUnavailable'],
    ['network', 'InternalFailure: x'],
    ['network', 'read tcp: connection reset by peer'],
    ['quota', 'LimitExceededException: The requested resource exceeds the maximum number allowed'],
    ['exists', 'EntityAlreadyExists: User with name BreakglassUser already exists.'],
    ['exists', 'ResourceAlreadyExistsException: The specified log group already exists'],
    ['invalid', 'ValidationException: Event pattern is not valid'],
    ['invalid', 'MalformedPolicyDocument: x'],
    ['invalid', 'No value for required variable\nThe root module input variable "AccountID" is not set'],
    ['invalid', 'Invalid value for variable'],
    ['unknown', 'execution halted'],
    ['unknown', ''],
  ])('is %s for %j', (code, text) => {
    expect(classify(text)).toBe(code);
  });

  it.each(['InvalidClientTokenId: x', 'UnrecognizedClientException: x', 'AuthFailure: AWS was not able to validate'])(
    'is "not ready" for %j in a region that must be switched on, and a credential problem elsewhere',
    text => {
      expect(classify(text, { optInRegion: true })).toBe('region-not-ready');
      expect(classify(text)).toBe('credentials');
    },
  );

  it('is a credential problem everywhere when the token has expired', () => {
    expect(classify('ExpiredTokenException: x', { optInRegion: true })).toBe('credentials');
  });

  it('may pass by itself for throttling and network faults, and for nothing else', () => {
    const codes = [
      'lock',
      'provider',
      'backend',
      'scp',
      'region-not-ready',
      'credentials',
      'permission',
      'quota',
      'exists',
    ];
    expect([...codes, 'invalid', 'unknown', 'interrupted', 'killed'].filter(isTransient)).toEqual([]);
    expect(['throttling', 'network'].filter(isTransient)).toEqual(['throttling', 'network']);
  });
});

describe('the error that decides', () => {
  const error = (summary: string) => ({ severity: 'error', summary, detail: '', address: null }) as const;
  it.each([
    ['permission', ['ThrottlingException: x', 'AccessDenied: y', 'z']],
    ['invalid', ['connection refused', 'ValidationException: y']],
    ['throttling', ['execution halted', 'ThrottlingException: x']],
    ['unknown', ['one', 'two']],
    ['lock', [S3_LOCK, 'AccessDenied']],
  ] as const)('is the %s one among %j', (code, [first, ...rest]) => {
    expect(decisive([error(first), ...rest.map(error)]).code).toBe(code);
  });

  it('is the first when none has a name', () => {
    expect(decisive([error('one'), error('two')]).diagnostic.summary).toBe('one');
  });
});

describe('a state lock', () => {
  it('names its holder', () => {
    expect(lockHolder(S3_LOCK)).toEqual({
      id: '2e55375b-8e3a-0606-8c84-084ca8140ee4',
      who: 'ana@laptop',
      created: '2026-11-21 01:19:46.007935704 +0000 UTC',
      operation: 'apply',
      local: false,
    });
    expect(lockHolder(LOCAL_LOCK)?.local).toBe(true);
    expect(lockHolder('Lock Info:\n  none')).toBeNull();
  });

  const at = { folder: '/repo/cdktf.out/stacks/bg user', program: 'terraform' };
  it('comes with the exact command that would break it, for a person to decide', () => {
    expect(nextStep('lock', { ...at, text: S3_LOCK })).toBe(
      'Wait until that run has ended (--lock-timeout waits for it), then run again with --resume. Only if it is certain that it died: ' +
        "cd '/repo/cdktf.out/stacks/bg user' && terraform force-unlock 2e55375b-8e3a-0606-8c84-084ca8140ee4",
    );
  });

  it('of a local state comes without that command, which terraform refuses there', () => {
    expect(nextStep('lock', { ...at, text: LOCAL_LOCK })).not.toContain('force-unlock');
  });

  it('of an unknown holder asks to wait', () => {
    expect(nextStep('lock', { ...at, text: '' })).toMatch(/^Wait until the other run/);
  });
});

describe('the next step', () => {
  it('for a changed backend is a migration by hand, with the provider source that the run used', () => {
    const at = { text: '', folder: "/it's", program: 'tofu' };
    expect(nextStep('backend', at)).toBe(
      "If the state shall move to the new place: cd '/it'\\''s' && tofu init -migrate-state",
    );
    expect(nextStep('backend', { ...at, cliConfigFile: '/w/rc' })).toContain('TF_CLI_CONFIG_FILE=/w/rc tofu init');
  });
});
