import {
  arrivingAccountDetections,
  securityDetections,
  type Detection,
  type Watch,
} from '../../src/detection/detections.ts';
import { parseConfig, type BreakGlassConfigInput } from '../../src/config/schema.ts';
import { monitoredRoles, watchOf } from '../../src/config/watch.ts';
import { SECURITY_ACCOUNT, TARGET_ACCOUNT } from '../fixtures/records.ts';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';

/** What the tests' configuration watches, with literals in place of Terraform's references. */
export function watched(input: BreakGlassConfigInput = {}): Watch {
  return watchOf(parseConfig({ securityAccountId: SECURITY_ACCOUNT, ...input }, 'test'), 'aws', SECURITY_ACCOUNT);
}

export const ALERT_PATH = {
  topicArns: ['eu-central-1', 'eu-west-1'].flatMap(region =>
    ['breakglassuser-console-logins', 'breakglass-chat'].map(
      name => `arn:aws:sns:${region}:${SECURITY_ACCOUNT}:${name}`,
    ),
  ),
  keys: [KEY_ID, `arn:aws:kms:eu-central-1:${SECURITY_ACCOUNT}:key/${KEY_ID}`],
  keyAlias: 'alias/breakglassSNS',
  logGroup: '/aws/events/break-glass',
  logPolicy: 'break-glass-audit-log',
};

/** Every rule that alerts on a bus of an alert path, with everything switched on. */
export function everyDetection(input: BreakGlassConfigInput = {}): readonly Detection[] {
  const roles = [{ accountId: TARGET_ACCOUNT }, { accountId: SECURITY_ACCOUNT, name: 'BreakGlassAdminRole' }];
  const all = { roles, ...input };
  const watch = watched(all);
  const { elsewhere } = monitoredRoles(parseConfig({ securityAccountId: SECURITY_ACCOUNT, ...all }, 'test'), 'aws');
  return [
    ...securityDetections(watch, { iam: true, alertPath: ALERT_PATH, otherPath: 'eu-west-1' }),
    ...arrivingAccountDetections(elsewhere, watch.users, watch.switches),
  ];
}
