import { defineConfig } from './src/config/schema.ts';

// The one file to edit. Every key may be left out; what stands here are the defaults.
// Flags and environment variables come before this file: `npm run deploy:all -- --help` lists them.
export default defineConfig({
  // Holds the topic, the key and the audit log. Every other region forwards to it.
  primaryRegion: 'us-east-1',

  // The 12 digits of the security account: a deployment with other credentials is refused.
  securityAccountId: null,

  // 'all-enabled' asks the account. A list must contain the primary region and us-east-1.
  regions: 'all-enabled',
  excludeRegions: [],

  // Who gets the alerts. Without an address, `deploy:all` asks for one.
  alerts: { emails: [], httpsEndpoints: [] },

  // 'assume-role-only' takes IAMFullAccess from the user: it can then only enter the roles below.
  users: [{ name: 'BreakglassUser', permissions: 'iam-full-access' }],

  // One role in each account that the users may enter in an emergency.
  roles: [
    // { accountId: '111122223333', managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
  ],

  // How many days the audit log keeps every matched event.
  monitoring: { auditLogRetentionDays: 365 },

  // Where Terraform keeps its state: local files below state/, or for a team
  // { type: 's3', bucket: 'acme-tfstate', region: 'us-east-1' } or { type: 'cloud', organization: 'acme' }.
  backend: { type: 'local' },

  // Whom to call, for the runbook.
  contacts: [],

  tags: {},
});
