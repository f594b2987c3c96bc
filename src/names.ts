/** AWS names, as the contract gives them. */
export const DEFAULT_NAMES = {
  user: 'BreakglassUser',
  assumeRolePolicy: 'BreakGlassAssumeRole',
  role: 'BreakGlassRole',
  topic: 'breakglassuser-console-logins',
  keyAlias: 'alias/breakglassSNS',
  auditLog: '/aws/events/break-glass',
  auditLogPolicy: 'break-glass-audit-log',
} as const;
