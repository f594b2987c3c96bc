import type { Construct } from 'constructs';
import { BgRoleModule } from './bg-role-module.ts';
import { BgUserModule } from './bg-user-module.ts';
import type { ModuleStack } from './module-stack.ts';
import { RegionalForwarderModule } from './regional-forwarder-module.ts';

/** A module as its users meet it. Its examples and tests are in the folder `hcl/<name>`. */
export interface ModuleDescription {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What a caller must know, as Markdown list items. */
  readonly notes: readonly string[];
  readonly stack: new (scope: Construct, id: string) => ModuleStack;
}

export const MODULES: readonly ModuleDescription[] = [
  {
    name: 'bg-user',
    summary:
      "The break glass user with its encrypted alert topic, audit log and detection rules, in the security account's primary region.",
    notes: [
      'The user has no password, access key or MFA device: people make them afterwards, so no secret is in the state.',
      'Each e-mail address gets a mail from AWS and must confirm it before alerts come.',
      'An empty `emailAddress` subscribes nobody: subscribe others to `topic_arn` then, or the alerts reach no one.',
      'One instance per account: the names of the rules are fixed.',
      'With `depends_on`, a plan made while a dependency changes attaches IAMFullAccess anew and replaces nothing else.',
    ],
    stack: BgUserModule,
  },
  {
    name: 'bg-role',
    summary: 'The role that break glass users assume, in the account of the provider passed to the module.',
    notes: [
      'Only the named users are trusted, and only with a recent MFA sign-in.',
      'The users must exist: IAM refuses a trust policy that names others. In a root that makes them too, give `trusted_user_arns = [module.break_glass.user_arn]`.',
      'The policies of the default are those of the partition `aws`; in others give `managed_policy_arns`.',
      'IAM is global: one instance per account and role name is enough for every region.',
    ],
    stack: BgRoleModule,
  },
  {
    name: 'regional-forwarder',
    summary:
      'The detection rules of one more region, whose events go to the primary region: one instance for each enabled region but that.',
    notes: [
      'One instance per region and account: the names of the rules are fixed.',
      '`region` and the provider must agree, and neither may be the primary region: the plan checks both.',
      'It needs nothing of `bg-user` and can be made beside it or, with `depends_on`, after it.',
      "us-east-1 must have the rules in any case, as bg-user's region or by an instance: IAM's and global sign-in events are recorded there.",
    ],
    stack: RegionalForwarderModule,
  },
];
