import { defineConfig } from './src/config/schema.ts';

// The one file to edit. Every key may be left out; what stands here are the defaults.
// Flags and environment variables come before this file: `npm run deploy:all -- --help` lists them.
export default defineConfig({
  // Holds the topic, the key and the audit log. Every other region forwards to it.
  primaryRegion: 'us-east-1',

  // A second, independent alert path in another region. Every act then alerts once per path.
  standbyRegion: null,

  // The 12 digits of the security account: a deployment with other credentials is refused.
  securityAccountId: null,

  // 'all-enabled' asks the account. A list must contain the primary region and us-east-1.
  regions: 'all-enabled',
  excludeRegions: [],

  // Who gets the alerts. Without an address, `deploy:all` asks for one. `chat: { topicName: 'breakglass-chat' }` adds a topic
  // for Amazon Q Developer in chat applications (Slack, Teams).
  alerts: { emails: [], httpsEndpoints: [], chat: null },

  // 'assume-role-only' takes IAMFullAccess from the user: it can then only enter the roles below.
  users: [{ name: 'BreakglassUser', permissions: 'iam-full-access' }],

  // One role in each account that the users may enter in an emergency.
  roles: [
    // { accountId: '111122223333', managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  ],

  // What is watched beside the users: docs/detection.md. Queues and their alarms cost about $0.60 per region and month.
  monitoring: {
    tamper: true,
    rootUser: true,
    regionOptIn: true,
    auditLogRetentionDays: 365, // of every matched event
    deadLetterQueues: true,
  },

  // Where Terraform keeps its state: local files below state/, or for a team
  // { type: 's3', bucket: 'acme-tfstate', region: 'us-east-1' } or { type: 'cloud', organization: 'acme' }.
  backend: { type: 'local' },

  // Whom to call, for the runbook.
  contacts: [],

  tags: {},
});
