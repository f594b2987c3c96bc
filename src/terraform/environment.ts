/** Environment variables, as a value that is handed around. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What terraform, the AWS provider and a `credential_process` need. Everything else of the caller's shell stays out,
 * so that a run depends on what is written down and a log with TF_LOG on can't leak unrelated secrets.
 */
const NAMES = new Set(
  [
    ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
    ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
    ['SSH_AUTH_SOCK', 'GPG_TTY', 'DBUS_SESSION_BUS_ADDRESS'],
    [
      'SYSTEMROOT',
      'WINDIR',
      'SYSTEMDRIVE',
      'COMSPEC',
      'PATHEXT',
      'USERPROFILE',
      'APPDATA',
      'LOCALAPPDATA',
      'PROGRAMDATA',
    ],
  ].flat(),
);
// TFENV, ASDF and MISE: version managers whose shims stand for terraform.
const PREFIXES = ['AWS_', 'TF_', 'LC_', 'XDG_', 'TFENV_', 'ASDF_', 'MISE_'];

/** These would change what a command does, or where its files are, behind our back. */
const REFUSED = /^TF_(CLI_ARGS.*|DATA_DIR|WORKSPACE|INPUT|IN_AUTOMATION|REATTACH_PROVIDERS)$/;

/**
 * Fewer collections save a fifth to a quarter of the CPU of a short command. Without any (GOGC=off) it takes half as
 * much memory again, and on a virtual machine that gives unused memory back to its host the page faults cost more than
 * the collections: three no-op applies at a time took 9.6 to 16.9 CPU s with `off`, 7.4 to 9.5 with 600, 7.8 to 9.8 with
 * 800 (interleaved, 3 rounds). The limit is only a bound. A caller's own setting wins.
 * https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const GARBAGE_COLLECTOR = { GOGC: '600', GOMEMLIMIT: '1500MiB' };

/**
 * The environment of every terraform process.
 * @param own variables that the caller of one command sets on purpose; not filtered. `undefined` removes one
 */
export function terraformEnvironment(env: Environment, own: Environment = {}): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => {
    const upper = name.toUpperCase();
    return (NAMES.has(upper) || PREFIXES.some(prefix => upper.startsWith(prefix))) && !REFUSED.test(upper);
  });
  const all = {
    ...GARBAGE_COLLECTOR,
    ...('GOGC' in env && { GOGC: env.GOGC }),
    ...('GOMEMLIMIT' in env && { GOMEMLIMIT: env.GOMEMLIMIT }),
    ...Object.fromEntries(kept),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    ...own,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
