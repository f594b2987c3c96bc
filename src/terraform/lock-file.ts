/** What `.terraform.lock.hcl` says about one provider. https://developer.hashicorp.com/terraform/language/files/dependency-lock */
export interface LockEntry {
  readonly version: string;
  readonly constraints: string | null;
  /** `h1:…` of unpacked packages and `zh:…` of archives, for any platform. */
  readonly hashes: readonly string[];
}

/** The entry of `address` (`registry.terraform.io/hashicorp/aws`), or null. */
export function lockEntry(text: string, address: string): LockEntry | null {
  const body = block(text, address)?.[1];
  const version = body && /^\s*version\s*=\s*"([^"]+)"/m.exec(body)?.[1];
  if (!version) return null;
  return {
    version,
    constraints: /^\s*constraints\s*=\s*"([^"]+)"/m.exec(body)?.[1] ?? null,
    hashes: [...body.matchAll(/"((?:h1|zh):[^"]+)"/g)].map(match => match[1] ?? ''),
  };
}

/** A lock file that holds one provider, in terraform's own layout. Without hashes terraform trusts what is installed. */
export function lockText(address: string, entry: LockEntry): string {
  return [
    '# This file is maintained automatically by "terraform init".',
    '# Manual edits may be lost in future updates.',
    '',
    `provider "${address}" {`,
    `  version     = "${entry.version}"`,
    ...(entry.constraints ? [`  constraints = "${entry.constraints}"`] : []),
    ...(entry.hashes.length ? ['  hashes = [', ...entry.hashes.map(hash => `    "${hash}",`), '  ]'] : []),
    '}',
    '',
  ].join('\n');
}

function block(text: string, address: string): RegExpExecArray | null {
  const escaped = address.replace(/[.\\/]/g, '\\$&');
  return new RegExp(`^provider\\s+"${escaped}"\\s*\\{([^}]*)\\}`, 'm').exec(text);
}
